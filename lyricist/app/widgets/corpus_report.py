"""What a corpus holds, before anything is trained on it."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from lyricist.text.corpus_report import CorpusReport
from lyricist.text.display import visible
from lyricist.text.report_lines import report_lines
from lyricist.training.forecast import Forecast


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

    def show(
        self, report: CorpusReport, base: str | None, forecast: Forecast | None = None
    ) -> None:
        """Show a report.

        Args:
            report: What the songs hold.
            base: The model whose unknown characters were counted.
            forecast: Of the run that is chosen.
        """
        self.update(report_text(report, base, forecast))


def report_text(
    report: CorpusReport, base: str | None, forecast: Forecast | None = None
) -> Content:
    """Return the counts, what was left out, how long training takes, and a line for each remark."""
    lines = [Content(line) for line in report_lines(report, base)]
    warnings = [*report.warnings]
    if forecast is not None:
        lines.append(Content(forecast.sentence()))
        warnings += forecast.advice()
    remarks = [Content.styled(f"! {visible(text)}", "$text-warning") for text in warnings]
    return Content("\n").join([*lines, *remarks])
