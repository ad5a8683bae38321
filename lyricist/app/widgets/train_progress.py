"""A training run on the Train screen: how far, how fast, the curve, the samples, how it ended."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, ProgressBar, Static

from lyricist.app.training_run import TrainingRun, clock
from lyricist.app.widgets.perplexity_chart import PerplexityChart
from lyricist.app.widgets.sample_log import SampleLog
from lyricist.text.display import visible

_SHOWN_WARNINGS = 3


class TrainProgress(VerticalScroll):
    """Shows a run; `show` is called whenever there may be news."""

    class Wanted(Message):
        """The writer wants something: `cancel`, `resume`, `compare` or `again`."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, can_focus=False)
        self._drawn: tuple[TrainingRun, int] | None = None

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Static(id="run-head", markup=False)
        yield ProgressBar(total=1, show_eta=False, id="run-bar")
        yield Static(id="run-numbers", markup=False)
        yield Static(id="run-message", markup=False)
        yield PerplexityChart(id="run-chart")
        yield SampleLog(id="run-samples")
        yield Static(id="run-warnings", markup=False)
        with Horizontal(id="run-buttons"):
            yield Button("Cancel, keep the best", id="cancel", compact=True)
            yield Button("Resume", id="resume", variant="primary", compact=True)
            yield Button("Compare and use", id="compare", variant="primary", compact=True)
            yield Button("Train again", id="again", compact=True)

    def show(self, run: TrainingRun) -> None:
        """Show how `run` stands now."""
        self.query_one("#run-numbers", Static).update(numbers(run))
        if self._drawn == (run, run.changes):
            return
        self._drawn = (run, run.changes)
        self.query_one("#run-head", Static).update(heading(run))
        bar = self.query_one("#run-bar", ProgressBar)
        bar.update(total=1, progress=run.fraction)
        for id, text in (("run-message", ending(run)), ("run-warnings", warnings(run))):
            remark = self.query_one(f"#{id}", Static)
            remark.update(text)
            remark.display = bool(text.plain)
        self.query_one("#run-chart", PerplexityChart).show(run.epochs)
        log = self.query_one("#run-samples", SampleLog)
        log.show(run.samples)
        log.display = bool(run.samples)
        self._show_buttons(run)

    def _show_buttons(self, run: TrainingRun) -> None:
        shown = {
            "cancel": run.is_active,
            "resume": run.can_resume,
            "compare": run.model is not None and not run.is_active,
            "again": not run.is_active,
        }
        had_focus = self.screen.focused
        for id, visible_now in shown.items():
            self.query_one(f"#{id}", Button).display = visible_now
        self.query_one("#cancel", Button).disabled = run.stopping
        # A button that is disabled while it has the focus loses it.
        lost = had_focus is None and not run.is_active
        if lost or (isinstance(had_focus, Button) and not had_focus.display):
            self.focus_button()

    def focus_button(self) -> None:
        """Give the focus to the button for what comes next."""
        for button in self.query("#run-buttons Button").results(Button):
            if button.display and not button.disabled:
                # What stands above matters more than the button on a small screen.
                button.focus(scroll_visible=False)
                return

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Wanted(str(event.button.id)))


def heading(run: TrainingRun) -> Content:
    """Return what is trained, in one line."""
    name = Content.styled(visible(run.name), "bold")
    base = f" of {visible(run.form.base)}" if run.form.base else ""
    started = run.started
    if started is None:
        return Content.assemble(name, f" · {visible(run.form.recipe)}{base}")
    corpus = started.corpus
    songs = f"{corpus.get('songs', 0):,} songs, {corpus.get('held_out_songs', 0):,} held out"
    size = f"{started.parameters / 1e6:.1f} M weights on {visible(started.device)}"
    return Content.assemble(name, f" · {visible(started.recipe)}{base} · {songs} · {size}")


def numbers(run: TrainingRun) -> Content:
    """Return how far and how fast, in one line."""
    if not run.is_active:
        seconds = run.finished.seconds if run.finished else run.newest.seconds if run.newest else 0
        return Content(f"{run.status} · {clock(seconds)}")
    newest = run.newest
    if run.stopping:
        return Content("stopping, the best weights are kept …")
    if run.is_unresponsive:
        return Content("not responding; cancelling ends it, its last checkpoint stays")
    if newest is None:
        return Content("starting …" if not run.started else "the first characters are read …")
    total = run.started.total_epochs if run.started else 0
    parts = [
        f"epoch {newest.epoch:.1f} of {total}",
        f"{newest.tokens_per_second:,.0f} characters/s",
        f"perplexity {newest.train_perplexity:,.1f}",
    ]
    if run.quiet_seconds:
        parts.insert(0, f"no news for {clock(run.quiet_seconds)}")
    elif run.eta_seconds is not None:
        parts.insert(0, f"{clock(run.eta_seconds)} left at most")
    return Content(" · ".join(parts))


def ending(run: TrainingRun) -> Content:
    """Return in one line how it ended; empty while it goes on."""
    style = {"failed": "$text-error", "finished": "$text-success"}.get(run.status, "")
    return Content.styled(run.message, style)


def warnings(run: TrainingRun) -> Content:
    """Return what the trainer thinks of the songs, one line each."""
    texts = [*run.remarks, *(run.started.warnings if run.started else ())][:_SHOWN_WARNINGS]
    lines = [Content.styled(f"! {visible(text)}", "$text-warning") for text in texts]
    return Content("\n").join(lines)
