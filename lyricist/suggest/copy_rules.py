"""What the writer set about copies, as the suggestion service is told it."""

from __future__ import annotations

from typing import Literal, cast

from lyricist.library.settings import Settings
from lyricist.suggest.protocol import CopyRules


def copy_rules(settings: Settings) -> CopyRules:
    """Return what becomes of candidates that copy."""
    mode = cast(Literal["mark", "withhold", "allow"], settings.copies)
    return CopyRules(mode, settings.copy_characters, settings.copy_words)
