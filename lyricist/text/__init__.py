"""Characters in and out: decoding, songs, vocabulary, what may be shown on a terminal."""
