"""English by ear: pronunciations, syllables, stress and rhyme, offline."""
