"""A terminal lyric-writing assistant with a recurrent network that is the writer's own."""

__version__ = "0.1.0"
