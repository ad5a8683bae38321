"""The `lyricist` command: doors only. Each file parses one family of commands and prints."""

from __future__ import annotations

from lyricist.cli.root import main

__all__ = ["main"]
