"""How a Mandarin line sounds: readings, finals, rhyme classes and tones."""
