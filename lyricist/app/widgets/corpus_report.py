"""What a corpus holds, before anything is trained on it."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from lyricist.text.corpus import CorpusReport
from lyricist.text.display import visible


class CorpusReportView(Static):
    """The counts and remarks of one corpus, or why there are none."""

    DEFAULT_CSS = """
    CorpusReportView { height: auto; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def show_nothing(self) -> None:
        """No songs are chosen."""
        self.update(Content.styled("No songs chosen yet: Ctrl+O adds some.", "$text-muted"))

    def show_reading(self) -> None:
        """The songs are being read."""
        self.update(Content.styled("reading the songs …", "$text-muted"))

    def show_error(self, message: str) -> None:
        """The songs cannot be used."""
        self.update(Content.styled(visible(message), "$text-error"))

    def show(self, report: CorpusReport, base: str | None) -> None:
        """Show a report; `base` is the model whose unknown characters were counted."""
        self.update(report_text(report, base))


def report_text(report: CorpusReport, base: str | None) -> Content:
    """Return the counts on the first line and one line for each remark."""
    counts = [
        _count(report.songs, "song"),
        _count(report.lines, "line"),
        _count(report.characters, "character"),
        f"{report.distinct_characters:,} distinct",
    ]
    if base is not None:
        counts.append(f"{report.unknowns:,} unknown to {visible(base)}")
    if report.duplicate_songs:
        counts.append(f"{_count(report.duplicate_songs, 'duplicate')} left out")
    remarks = [Content.styled(f"! {visible(text)}", "$text-warning") for text in report.warnings]
    return Content("\n").join([Content(" · ".join(counts)), *remarks])


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
