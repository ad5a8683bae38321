"""The real command with a record of every text that its editor ever held, for the kill loop.

`python typist.py RECORD light|whole ARGUMENTS...`: as `lyricist ARGUMENTS...`, but each change of
the song is a line of RECORD (the moment and the text, as JSON), written before the next key is
looked at; `light` puts a silent process in the place of the suggestion service.
"""

import json
import os
import sys
import time

from lyricist.app.app import LyricistApp
from lyricist.app.widgets.song_document import SongDocument
from lyricist.cli import main

SILENT = (sys.executable, "-S", "-c", "import sys; sys.stdin.read()")


def record_changes(path):
    """Write each text down as soon as it is there."""
    record = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    replace_range = SongDocument.replace_range

    def recorded(document, *arguments):
        result = replace_range(document, *arguments)
        os.write(record, json.dumps([time.time(), document.text]).encode() + b"\n")
        return result

    SongDocument.replace_range = recorded


def start_lightly():
    """Let the app start without its suggestion service."""
    init = LyricistApp.__init__

    def light(app, *arguments, **options):
        init(app, *arguments, **{**options, "service_command": SILENT})

    LyricistApp.__init__ = light


if __name__ == "__main__":
    record, weight = sys.argv[1:3]
    sys.argv[:3] = ["lyricist"]
    sys.argv[0] = "lyricist"
    record_changes(record)
    if weight == "light":
        start_lightly()
    sys.exit(main())
