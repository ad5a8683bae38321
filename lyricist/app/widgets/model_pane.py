"""The model pane: what the network makes of the song, in as much room as there is.

Beside the editor it is a column, below it a block of two parts, in a small terminal two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from textual.content import Content
from textual.widget import Widget

from lyricist.app.widgets.source_shares import shares
from lyricist.suggest.protocol import NextCharacter, Sources
from lyricist.text.display import visible
from lyricist.text.lines import cell_width, cut_to_cells
from lyricist.text.passages import Length

COPY_MARK = "≡"
_MUTED = "$text 60%"
_LEAST_SCALE = 0.3
_BLOCK_WIDTH = 64
_NEXT_COLUMN = 17


@dataclass
class PaneState:
    """What the pane shows.

    perplexity: of the song so far. candidates: in the order of their numbers; shown: the one that
    the editor offers, -1 if it offers none. rows: lines kept for candidates, so that nothing
    jumps. own_character, ghost: p50 and p95 of the milliseconds from a key to what is painted.
    sources: where the shown candidate comes from. adapts: whether suggestions learn from the song.
    lock: what candidates have to obey, empty while locks are off. reason: why none does. copies:
    how long each candidate runs as in what the model was trained on, None where it does not.
    """

    model: str = ""
    status: str = "starting"
    perplexity: float | None = None
    held_out_perplexity: float | None = None
    candidates: tuple[str, ...] = ()
    shown: int = 0
    rows: int = 5
    next_characters: tuple[NextCharacter, ...] = ()
    temperature: float = 0.8
    top_p: float = 0.9
    own_character: tuple[float, float] | None = None
    ghost: tuple[float, float] | None = None
    line_complete: bool = False
    sources: Sources = field(default_factory=Sources)
    adapts: bool = True
    lock: str = ""
    reason: str = ""
    copies: tuple[Length | None, ...] = ()


class ModelPane(Widget):
    """Draws a `PaneState`; it holds no state of its own."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.state = PaneState()

    def show(self, state: PaneState) -> None:
        """Draw `state` as it is now; nothing if it is what is drawn already."""
        if state != self.state:
            self.state = replace(state)
            self.refresh()

    def render(self) -> Content:
        """Return the pane's lines for its present size."""
        width, height = self.content_size
        if height <= 3 or (height < 10 and width < _BLOCK_WIDTH):
            lines = _brief(self.state, width)
        elif height < 10:
            lines = _block(self.state, width)
        else:
            lines = _column(self.state, width, height)
        return Content("\n").join(lines[: max(height, 1)])


def copy_remark(copied: Length) -> str:
    """Return in one line that a candidate runs as in what the model was trained on."""
    return f"{COPY_MARK} {copied} as in the training text"


def percentiles(latencies: Sequence[float]) -> tuple[float, float] | None:
    """Return p50 and p95 of some latencies, None without any."""
    if not latencies:
        return None
    ordered = sorted(latencies)
    last = len(ordered) - 1
    return ordered[round(last * 0.5)], ordered[round(last * 0.95)]


# --- the three layouts


def _column(state: PaneState, width: int, height: int) -> list[Content]:
    head = [_model(state, width), _muted(_perplexity(state), width)]
    candidates = _candidates(state, width)
    settings = [
        _setting("lock", visible(state.lock) or "off", "Alt+K", width),
        _setting("temperature", f"{state.temperature:.1f}", "F5 F6", width),
        _setting("top-p", f"{state.top_p:.2f}", "F7 F8", width),
        _setting("key to text", _latency(state.own_character), "", width),
        _setting("key to ghost", _latency(state.ghost), "", width),
    ]
    tall, flat = _next_tall(state, width), _next_flat(state, width)
    # Kept free where all comes from the network, so that nothing jumps.
    origin = [*candidates, _origin(state, width)]
    # What a lower pane gives up first: where a candidate comes from, the long list of characters,
    # then the space between.
    for below, likely, gap in (
        (origin, tall, 1),
        (candidates, tall, 1),
        (origin, flat, 1),
        (candidates, flat, 1),
        (candidates, flat, 0),
    ):
        blocks = [head, below, likely, settings]
        if sum(map(len, blocks)) + 3 * gap <= height:
            break
    lines: list[Content] = []
    for block in blocks:
        lines += [*([Content("")] * gap if lines else []), *block]
    return lines


def _block(state: PaneState, width: int) -> list[Content]:
    right_width = 2 * _NEXT_COLUMN + 2
    left_width = width - right_width - 3
    left = _candidates(state, left_width)
    right = _next_flat(state, right_width)
    head = _one_line(state, width)
    # At the end of a line that is there anyway: it pushes nothing aside.
    room = width - head.cell_length - 3
    origin = _origin(state, room)
    lines = [Content.assemble(head, (" · ", _MUTED), origin) if origin.plain and room > 0 else head]
    for number in range(max(len(left), len(right))):
        beside = left[number] if number < len(left) else Content("")
        gap = " " * (left_width + 3 - beside.cell_length)
        lines.append(Content.assemble(beside, gap, right[number] if number < len(right) else ""))
    return lines


def _brief(state: PaneState, width: int) -> list[Content]:
    candidates = _candidates(state, width)
    first = max(state.shown, 0) if state.candidates else 0
    return [
        candidates[first],
        _one_line(state, width),
        *candidates[:first],
        *candidates[first + 1 :],
    ]


# --- the parts


def _model(state: PaneState, width: int) -> Content:
    status = f" · {_status(state)}"
    name = cut_to_cells(visible(state.model) or "no model", max(width - cell_width(status), 1))
    troubled = state.status in ("restarting", "stopped")
    return Content.assemble(
        Content.styled(name, "bold"),
        Content.styled(status, "$text-warning" if troubled else _MUTED),
    )


def _status(state: PaneState) -> str:
    return state.status if state.adapts else f"{state.status} · learning off"


def _one_line(state: PaneState, width: int) -> Content:
    """Model, status and numbers, as many as there is room for."""
    head = f"{visible(state.model) or 'no model'} · {_status(state)}"
    perplexity = [f"perplexity {state.perplexity:.1f}"] if state.perplexity is not None else []
    text = [f"text {_brief_latency(state.own_character)}"] if state.own_character else []
    ghost = [_brief_latency(state.ghost)] if state.ghost else []
    temperature, top_p = f"{state.temperature:.1f}", f"{state.top_p:.2f}"
    lock = [f"lock {visible(state.lock)}"] if state.lock else []
    long = [
        *lock,
        *perplexity,
        f"temperature {temperature}",
        f"top-p {top_p}",
        *text,
        *(f"ghost {x}" for x in ghost),
    ]
    short = [*lock, *perplexity, f"t {temperature}", f"p {top_p}", *ghost]
    line = " · ".join([head, *long])
    if cell_width(line) > width:
        line = head
        for part in short:
            if cell_width(f"{line} · {part}") <= width:
                line += f" · {part}"
    return _muted(line, width)


def _candidates(state: PaneState, width: int) -> list[Content]:
    lines = []
    for number, text in enumerate(state.candidates[:9]):
        chosen = number == state.shown
        shown = _fitted(visible(text), max(width - 3, 1), ends_matter=bool(state.lock))
        head = f"{'▸' if chosen else ' '}{number + 1}"
        label = Content.styled(f"{head} ", _MUTED)
        if _copied(state, number) is not None:
            label = Content.assemble((head, _MUTED), (COPY_MARK, "$text-warning"))
        lines.append(label + Content.styled(shown, "$text-accent" if chosen else ""))
    if not lines:
        lines = [Content.styled(cut_to_cells(_no_candidates(state), width), f"{_MUTED} italic")]
    return lines + [Content("")] * (state.rows - len(lines))


def _copied(state: PaneState, number: int) -> Length | None:
    return state.copies[number] if 0 <= number < len(state.copies) else None


def _origin(state: PaneState, width: int) -> Content:
    """Where the shown candidate comes from; that it is a copy is worth more than shares."""
    copied = _copied(state, state.shown)
    if copied is None:
        return _muted(shares(state.sources, width), width)
    for line in (copy_remark(copied), f"{COPY_MARK} {copied} copied", f"{COPY_MARK} copied"):
        if cell_width(line) <= width:
            return Content.styled(line, "$text-warning")
    return Content("")


def _fitted(text: str, cells: int, ends_matter: bool) -> str:
    """Cut a candidate to its cells; the end of one that has to rhyme stays."""
    if not ends_matter or cell_width(text) <= cells:
        return cut_to_cells(text, cells)
    while text and cell_width(text) >= cells:
        text = text[1:]
    return f"…{text}"


def _no_candidates(state: PaneState) -> str:
    if state.status in ("starting", "restarting", "stopped"):
        return f"suggestions are {state.status}"
    if state.reason:
        return visible(state.reason)
    return "the line may end here" if state.line_complete else "no suggestion"


def _next_tall(state: PaneState, width: int) -> list[Content]:
    """The likeliest next characters below each other."""
    lines = [_next(likely, width, _scale(state)) for likely in state.next_characters]
    return lines + [Content("")] * (10 - len(lines))


def _next_flat(state: PaneState, width: int) -> list[Content]:
    """The same in two columns of five."""
    column = (width - 2) // 2
    cells = [_next(likely, column, _scale(state)) for likely in state.next_characters]
    cells += [Content("")] * (10 - len(cells))
    return [
        Content.assemble(left, " " * (column + 2 - left.cell_length), right)
        for left, right in zip(cells[:5], cells[5:10], strict=True)
    ]


def _scale(state: PaneState) -> float:
    """The probability that fills a bar."""
    return max(_LEAST_SCALE, *(likely.probability for likely in state.next_characters), 0.0)


def _next(likely: NextCharacter, width: int, scale: float) -> Content:
    """One character, its probability as a bar and in percent, in exactly `width` cells."""
    name = {"\n": "⏎", " ": "␣"}.get(likely.character) or visible(likely.character)
    label = name + " " * max(0, 3 - cell_width(name))
    share = f" {likely.probability * 100:4.1f}%"
    room = max(width - cell_width(label) - len(share), 1)
    halves = max(1, min(2 * room, round(likely.probability / scale * room * 2)))
    bar = "━" * (halves // 2) + "╸" * (halves % 2)
    return Content.assemble(
        label,
        Content.styled(bar, "$primary"),
        " " * (room - len(bar)),
        Content.styled(share, _MUTED),
    )


def _perplexity(state: PaneState) -> str:
    usual = f"usual {state.held_out_perplexity:.1f}" if state.held_out_perplexity else ""
    if state.perplexity is None:
        return f"perplexity – · {usual}" if usual else "perplexity –"
    shown = f"perplexity {state.perplexity:.1f}"
    return f"{shown} · {usual}" if usual else shown


def _latency(figures: tuple[float, float] | None) -> str:
    return f"p50 {figures[0]:.0f} · p95 {figures[1]:.0f} ms" if figures else "–"


def _brief_latency(figures: tuple[float, float]) -> str:
    return f"{figures[0]:.0f}/{figures[1]:.0f} ms"


def _setting(label: str, value: str, keys: str, width: int) -> Content:
    shown = cut_to_cells(value, max(width - 13, 1))
    room = max(width - 13 - cell_width(shown) - len(keys), 0)
    return Content.assemble(
        Content.styled(f"{label:13}", _MUTED), shown, " " * room, Content.styled(keys, _MUTED)
    )


def _muted(text: str, width: int) -> Content:
    return Content.styled(cut_to_cells(text, width), _MUTED)
