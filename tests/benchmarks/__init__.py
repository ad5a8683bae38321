"""What `lyricist bench` measures, each benchmark beside its baseline and its limit, in one run."""
