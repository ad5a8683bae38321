"""A screen that opens in several turns of the event loop, each short, instead of in one long one.

A screen of Textual's deals with all that has come up at its opening before anything else has its
turn, and works out the look of every widget three times: as it is added, when the screen comes to
the front, and when the screen learns that it is narrow or wide.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from textual.await_complete import AwaitComplete
from textual.events import Event, ScreenResume
from textual.message import Message


class InTurns:
    """To be named first among the bases of a screen with many widgets.

    A mixin and no screen, since styles are inherited along the first base that is one.
    """

    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None
    app: Any
    add_class: Any
    call_later: Any
    is_mounted: bool
    _get_breakpoint_classes: Any
    _has_been_in_front = False

    def on_compose(self) -> None:
        """Be narrow or wide before there are widgets that look otherwise then."""
        width, height = self.app.size
        horizontal = self.HORIZONTAL_BREAKPOINTS or self.app.HORIZONTAL_BREAKPOINTS
        vertical = self.VERTICAL_BREAKPOINTS or self.app.VERTICAL_BREAKPOINTS
        self.add_class(
            *self._get_breakpoint_classes(width, horizontal or []),
            *self._get_breakpoint_classes(height, vertical or []),
        )

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Its widgets have just been added, with their looks."""
        if not self._has_been_in_front:
            self._has_been_in_front = True
            event.refresh_styles = False

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave it; where it is still opening, once it is open: its widgets end badly before."""
        if self.is_mounted:
            return cast(AwaitComplete, super().dismiss(result))  # type: ignore[misc]
        self.call_later(self._dismiss_now, result)
        return AwaitComplete.nothing()

    def _dismiss_now(self, result: Any) -> None:
        # What it returns is not to be awaited by the screen itself.
        super().dismiss(result)  # type: ignore[misc]

    async def _dispatch_message(self, message: Message) -> None:
        await super()._dispatch_message(message)  # type: ignore[misc]
        if isinstance(message, Event):
            await asyncio.sleep(0)
