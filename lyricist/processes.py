"""Processes on this computer, which put their number on what they have begun."""

from __future__ import annotations

import os


def is_running(pid: int) -> bool:
    """Whether there is a process of that number; True where the platform does not say."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
