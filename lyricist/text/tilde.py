"""A path as a writer types it: `~` stands for a home folder where there is one."""

from __future__ import annotations

import os
from pathlib import Path


def expanded(path: Path | str) -> Path:
    """Return `path` with a leading `~` or `~name` replaced, or as it is where nobody has that name.

    `Path.expanduser` raises for a name that it does not know, and songs may be called anything.
    """
    try:
        return Path(os.path.expanduser(path))
    except ValueError:
        return Path(path)
