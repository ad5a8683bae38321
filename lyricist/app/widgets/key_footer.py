"""The keys at the foot of a screen."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.widgets import Footer


class KeyFooter(Footer):
    """Textual's footer, which would keep every key that it has ever shown.

    It is composed anew whenever a key comes or goes, each key watches it from then on, and what
    watches a widget is forgotten only with it: some hundred kilobytes a minute of a training.
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    async def recompose(self) -> None:
        """Show the keys that there are now."""
        Reactive._clear_watchers(self)
        await super().recompose()
