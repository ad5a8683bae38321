"""Where the files are that ship with the package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str, in_checkout: str = "") -> Path:
    """Return the folder `name`, which may be absent: an installed wheel holds it inside the
    package, a checkout beside it (as `in_checkout`, if it is called otherwise there)."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / (in_checkout or name)
