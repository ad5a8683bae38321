"""All targets of the fuzz run by name; their shares add up to 100."""

from __future__ import annotations

from .fuzz_models import MODEL_TARGETS
from .fuzz_texts import TEXT_TARGETS

TARGETS = {**MODEL_TARGETS, **TEXT_TARGETS}
