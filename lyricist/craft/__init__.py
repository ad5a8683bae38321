"""The craft of lyrics: how words sound, how long lines are, and what rhymes."""
