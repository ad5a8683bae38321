"""Lines under a lock: in which language, from which drawing, and why there are none."""

from __future__ import annotations

from typing import NamedTuple

from lyricist.craft.line import SungLine, sung_line
from lyricist.suggest.line_drawing import DrawnLine
from lyricist.suggest.locked_english import draw_english
from lyricist.suggest.locked_lines import Pen, Place, best_first, wanted_line
from lyricist.suggest.locked_mandarin import draw_mandarin
from lyricist.suggest.protocol import Lock
from lyricist.text.language import language_of_vocabulary
from lyricist.text.vocabulary import Vocabulary


class Locked(NamedTuple):
    """Lines that obey, the likeliest first, and where there are none, why."""

    lines: list[DrawnLine]
    reason: str = ""


def draw_locked(place: Place, lock: Lock, pen: Pen) -> Locked | None:
    """Draw lines that go on from `place` and obey `lock`; None as soon as they are not wanted."""
    so_far, wanted = sung_line(place.line), wanted_line(lock)
    if reason := _hopeless(so_far, wanted, lock):
        return Locked([], reason)
    language = _language(so_far, wanted, pen.vocabulary)
    drawing = draw_mandarin if language == "zh" else draw_english
    drawn = drawing(place, lock, pen)
    if drawn is None:
        return None
    lines = best_first(drawn, place, lock)
    if not lines and 0 < lock.syllables <= so_far.syllables:
        return Locked([], _is_full(lock))
    if not lines:
        return Locked([], _nothing(wanted, lock, bool(drawn)))
    return Locked([line.drawn() for line in lines])


def _hopeless(so_far: SungLine, wanted: SungLine, lock: Lock) -> str:
    """Why nothing can obey, whatever is drawn; empty if something may."""
    if so_far.kind in ("heading", "comment"):
        return "no lyric line"
    if lock.rhyme and not wanted.ending:
        return "the line to rhyme with ends on nothing that can be read"
    if so_far.units and not so_far.is_known:
        return "a word of this line cannot be counted" if lock.syllables else ""
    return _is_full(lock) if lock.syllables and _certain(so_far) >= lock.syllables else ""


def _is_full(lock: Lock) -> str:
    return f"the line has its {lock.syllables} syllables"


def _certain(line: SungLine) -> int:
    """Syllables that whatever comes cannot change: an English word at the cursor may go on."""
    last = line.counted[-1] if line.units else None
    open_end = last is not None and last.language == "en" and line.text.endswith(last.text)
    return line.syllables - (last.syllables if last is not None and open_end else 0)


def _language(so_far: SungLine, wanted: SungLine, vocabulary: Vocabulary) -> str:
    """The language to go on in: that of the line, else of the rhyme, as far as the model can."""
    if language_of_vocabulary(vocabulary.characters) != "zh":
        return "en"
    for line in (so_far, wanted):
        if line.ending:
            return line.ending[-1].language
    return "zh"


def _nothing(wanted: SungLine, lock: Lock, drawn: bool) -> str:
    if lock.rhyme and not drawn:
        return f"nothing found that rhymes with {wanted.ending[-1].text}"
    if lock.rhyme and lock.syllables:
        return f"no line of {lock.syllables} syllables that rhymes with {wanted.ending[-1].text}"
    if lock.rhyme:
        return f"no line that rhymes with {wanted.ending[-1].text}"
    return f"no line of {lock.syllables} syllables"
