"""Where an installation puts the command."""

import shutil
import sys
from pathlib import Path


def installed_command():
    """Path of the `lyricist` script beside this Python, as an installation puts it."""
    beside = Path(sys.executable).with_name("lyricist")
    found = str(beside) if beside.exists() else shutil.which("lyricist")
    assert found, "the command is not installed: pip install -e ."
    return found
