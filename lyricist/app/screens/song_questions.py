"""Questions about a song that others have to do with as well: other windows, other programs."""

from __future__ import annotations

import time

from lyricist.app.screens.dialogs import Question
from lyricist.library.song_locks import Holder

CONFLICT_ANSWERS = (
    ("both", "Keep both"),
    ("theirs", "Take theirs"),
    ("overwrite", "Overwrite"),
)


def open_elsewhere(song: str, holder: Holder) -> Question:
    """Ask how to open a song that another window has open."""
    return Question(
        f"{song} is open in another window{_who(holder)}.",
        (("read", "Open to read"), ("take", "Take over"), ("cancel", "Cancel")),
    )


def write_elsewhere(song: str, holder: Holder) -> Question:
    """Ask before a song is written that another window has open."""
    return Question(
        f"{song} is open in another window{_who(holder)}.",
        (("cancel", "Cancel"), ("take", "Take over and save")),
    )


def changed_by_another(song: str, comparable: bool) -> Question:
    """Ask what to do with a file that is not as it was when the song was opened or saved."""
    compare = (("compare", "Compare"),) if comparable else ()
    answers = CONFLICT_ANSWERS if comparable else (CONFLICT_ANSWERS[0], CONFLICT_ANSWERS[2])
    return Question(
        f"{song} was changed by another program since it was opened or saved here.",
        (*compare, *answers),
    )


def _who(holder: Holder) -> str:
    if not holder.pid:
        return ""
    since = time.strftime("%H:%M", time.localtime(holder.since))
    return f" (process {holder.pid} on {holder.host}, since {since})"
