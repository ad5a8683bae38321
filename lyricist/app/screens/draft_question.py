"""What is asked where a song has a draft that says something else than its file."""

from __future__ import annotations

from typing import Any

from textual.app import App

from lyricist.app.screens.dialogs import draft_found
from lyricist.app.song import Song, is_newer
from lyricist.library.draft_file import Draft

_ANSWERS = (("draft", "Open the draft"), ("file", "Discard the draft"), ("back", "Back"))


async def ask_about_draft(app: App[Any], song: Song, draft: Draft) -> str | None:
    """Return `draft`, `file`, or None for Escape; before that, the two may be compared."""
    while True:
        answer = await app.push_screen_wait(draft_found(song.name, is_newer(draft, song)))
        if answer != "compare":
            return answer
        from lyricist.app.screens.difference import DifferenceScreen

        compared = DifferenceScreen(
            f"{song.name} as it is saved", song.saved_text, "its draft", draft.text, _ANSWERS
        )
        if (answer := await app.push_screen_wait(compared)) in ("draft", "file"):
            return answer
