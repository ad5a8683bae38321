"""`python -m lyricist` is the same as the `lyricist` command."""

from lyricist.cli import main

if __name__ == "__main__":
    main()
