"""The model pane: what the network makes of the song, in as much room as there is."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.content import Content
from textual.widget import Widget

from lyricist.suggest.protocol import NextCharacter
from lyricist.text.display import visible
from lyricist.text.lines import cell_width, cut_to_cells

_BAR = "▏▎▍▌▋▊▉█"
_COMPACT_ROWS = 10


@dataclass
class PaneState:
    """What the pane shows. perplexity: of the song so far. latencies: milliseconds, p50 and p95."""

    model: str = ""
    status: str = "starting"
    perplexity: float | None = None
    held_out_perplexity: float | None = None
    candidates: tuple[str, ...] = ()
    shown: int = 0
    next_characters: tuple[NextCharacter, ...] = ()
    temperature: float = 0.8
    top_p: float = 0.9
    latency: tuple[float, float] | None = None
    line_complete: bool = False
    ghost_enabled: bool = True
    notes: tuple[str, ...] = field(default_factory=tuple)


class ModelPane(Widget):
    """Draws a `PaneState`; it holds no state of its own."""

    DEFAULT_CSS = """
    ModelPane { padding: 0 1; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.state = PaneState()

    def show(self, state: PaneState) -> None:
        """Draw `state`."""
        self.state = state
        self.refresh()

    def render(self) -> Content:
        """Return the pane's lines for its present size."""
        width, height = self.content_size
        build = _full if height > _COMPACT_ROWS else _compact
        return Content("\n").join(build(self.state, width)[: max(height, 1)])


def percentiles(latencies: tuple[float, ...]) -> tuple[float, float] | None:
    """Return p50 and p95 of some latencies, None without any."""
    if not latencies:
        return None
    ordered = sorted(latencies)
    last = len(ordered) - 1
    return ordered[round(last * 0.5)], ordered[round(last * 0.95)]


def _full(state: PaneState, width: int) -> list[Content]:
    lines = [
        _pair("model", f"{visible(state.model)} · {state.status}", width),
        _pair("song", _perplexity(state), width),
        _rule(width),
        *_candidates(state, width, 9),
        _rule(width),
        *(_next(n, width) for n in state.next_characters),
        _rule(width),
        _pair("temperature", f"{state.temperature:.1f}   F5 F6", width),
        _pair("top-p", f"{state.top_p:.2f}  F7 F8", width),
    ]
    if state.latency:
        lines.append(_pair("answers", _latency(state.latency), width))
    return lines + [Content.styled(note, "$text-muted") for note in state.notes]


def _compact(state: PaneState, width: int) -> list[Content]:
    parts = [visible(state.model), state.status]
    if state.perplexity is not None:
        parts.append(f"perplexity {state.perplexity:.1f}")
    if state.latency:
        parts.append(f"{state.latency[0]:.0f} ms")
    parts.append(f"t {state.temperature:.1f} p {state.top_p:.2f}")
    head = Content.styled(cut_to_cells(" · ".join(parts), width), "$text-muted")
    likely = " ".join(
        f"{_name(n.character)} {n.probability * 100:.0f}" for n in state.next_characters
    )
    candidates = _candidates(state, width, 5)
    next_line = Content.styled(cut_to_cells(f"next  {likely}", width), "$text-muted")
    return [*candidates[:1], head, *candidates[1:], next_line]


def _candidates(state: PaneState, width: int, most: int) -> list[Content]:
    if not state.candidates:
        word = "the line may end here" if state.line_complete else "no suggestion"
        if state.status in ("starting", "restarting", "stopped"):
            word = f"suggestions are {state.status}"
        return [Content.styled(word, "$text-muted italic")]
    lines = []
    for number, text in enumerate(state.candidates[:most]):
        chosen = number == state.shown
        mark = "▸" if chosen else " "
        shown = cut_to_cells(visible(text), max(width - 4, 1))
        style = "bold $text-accent" if chosen else ""
        label = Content.styled(f"{mark}{number + 1} ", "$text-muted")
        lines.append(Content.assemble(label, Content.styled(shown, style)))
    return lines


def _next(likely: NextCharacter, width: int) -> Content:
    """One character with its probability as a bar."""
    name = _name(likely.character)
    label = name + " " * max(0, 3 - cell_width(name))
    room = max(width - 10, 4)
    eighths = max(1, round(likely.probability * room * 8))
    bar = "█" * (eighths // 8) + (_BAR[eighths % 8 - 1] if eighths % 8 else "")
    share = f"{likely.probability * 100:4.1f} "
    return Content.assemble(
        label, Content.styled(share, "$text-muted"), Content.styled(bar[:room], "$accent")
    )


def _name(character: str) -> str:
    return {"\n": "⏎", " ": "␣"}.get(character) or visible(character)


def _perplexity(state: PaneState) -> str:
    if state.perplexity is None:
        return "no text yet"
    usual = state.held_out_perplexity
    note = f" (usual {usual:.1f})" if usual else ""
    return f"perplexity {state.perplexity:.1f}{note}"


def _latency(latency: tuple[float, float]) -> str:
    return f"p50 {latency[0]:.0f} ms · p95 {latency[1]:.0f} ms"


def _pair(label: str, value: str, width: int) -> Content:
    shown = cut_to_cells(value, max(width - len(label) - 2, 1))
    return Content.assemble(Content.styled(f"{label}  ", "$text-muted"), shown)


def _rule(width: int) -> Content:
    return Content.styled("─" * width, "$panel-lighten-2")
