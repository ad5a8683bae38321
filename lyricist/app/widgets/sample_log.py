"""What the network makes of the writer's prefixes as it learns, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from lyricist.text.display import visible
from lyricist.training.events import Sample

_SHOWN = 100
_LINE_BREAK = " / "


class SampleLog(VerticalScroll):
    """Samples by epoch; scrolls with the arrow keys when it has the focus."""

    DEFAULT_CSS = """
    SampleLog { height: 1fr; }
    SampleLog Static { height: auto; }
    """

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Static(id="sample-text", markup=False)

    def show(self, samples: Iterable[Sample]) -> None:
        """Show these samples, oldest first as they came."""
        self.query_one("#sample-text", Static).update(sample_text(samples))


def sample_text(samples: Iterable[Sample]) -> Content:
    """Return the last samples, the newest epoch first, line breaks as slashes."""
    recent = list(samples)[-_SHOWN:]
    blocks: list[Content] = []
    for epoch, group in groupby(recent, key=lambda sample: sample.epoch):
        lines = [Content.styled(f"epoch {epoch:g}", "$text-muted")]
        for sample in group:
            prefix = Content.styled(_on_one_line(sample.prefix), "bold")
            lines.append(Content.assemble("  ", prefix, _on_one_line(sample.text)))
        blocks.append(Content("\n").join(lines))
    return Content("\n").join(reversed(blocks))


def _on_one_line(text: str) -> str:
    return visible(_LINE_BREAK.join(line for line in text.split("\n") if line.strip() or line))
