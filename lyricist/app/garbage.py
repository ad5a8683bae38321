"""Garbage collection out of the writer's way: not at the start, and never over what stays."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def collection_put_off() -> Iterator[None]:
    """Collect nothing at first, for what a start makes is there to stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def collect_from_now_on() -> None:
    """Collect again, but never look at what is there already: that would cost a key its frame."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def collect_what_is_over() -> None:
    """Collect a screen that has been left while it is one: of several the writer would notice.

    Does nothing in a program whose start was not put aside, where there is much more to look at.
    """
    if gc.get_freeze_count():
        # Nothing of Textual's is loaded before collection is put off.
        from textual._styles_cache import StylesCache

        # Textual keeps the lines that the last thousand widgets were painted with: 15 MB.
        StylesCache.get_inner_outer.cache_clear()
        gc.collect()
        _return_freed_memory()


def _return_freed_memory() -> None:
    """Give the system back what was freed; glibc keeps it for each thread that once had it."""
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
