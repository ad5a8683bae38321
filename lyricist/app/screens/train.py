"""The Train screen: choose songs and settings, watch the run, take the new model or leave it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Input, Static

from lyricist.app.corpus_choice import (
    SongSource,
    first_choice,
    from_path,
    saved_songs,
    songbooks,
    written_by_the_writer,
)
from lyricist.app.corpus_reading import ReportedSongs, report_on_songs
from lyricist.app.model_choice import choose_model
from lyricist.app.screens.compare import CompareScreen
from lyricist.app.screens.in_turns import InTurns
from lyricist.app.screens.path_dialogs import ChooseFolder, OpenFile, existing_folder, song_filters
from lyricist.app.train_form import TrainForm, last_line, train_command
from lyricist.app.training_run import TrainingHost, TrainingRun
from lyricist.app.unfinished_run import remember_run, unfinished_run
from lyricist.app.widgets.key_footer import KeyFooter
from lyricist.app.widgets.song_sources import FOLDER, AddSongsMenu
from lyricist.app.widgets.train_form_view import TrainFormView
from lyricist.app.widgets.train_progress import TrainProgress
from lyricist.errors import LyricistError, UsageError
from lyricist.library.models import ModelEntry, list_models, model_for_text, safe_name
from lyricist.library.settings import remember_corpus
from lyricist.text.display import visible
from lyricist.training.forecast import forecast

_SECONDS_BETWEEN_LOOKS = 0.25


class TrainScreen(InTurns, Screen[None]):
    """The form before a run, the progress during and after it. Leaving it stops nothing.

    Args:
        models: Of the library, where they have been read already.
    """

    CSS_PATH = "../train.tcss"
    BINDINGS = [  # noqa: RUF012
        Binding("escape", "write", "Write"),
        Binding("ctrl+b", "write", "Write", show=False),
        Binding("ctrl+o", "add_songs", "Add"),
        Binding("ctrl+r", "start", "Start"),
        Binding("ctrl+x", "cancel", "Cancel"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal")]  # noqa: RUF012

    def __init__(self, models: Sequence[ModelEntry] | None = None) -> None:
        super().__init__()
        self._models = models
        self._corpus_problem = ""
        self._report_shown: ReportedSongs | None = None
        self._could_cancel = False
        self._last_folder = existing_folder()

    @property
    def _host(self) -> TrainingHost:
        return cast(TrainingHost, self.app)

    @property
    def _form_view(self) -> TrainFormView:
        return self.query_one(TrainFormView)

    @property
    def _progress(self) -> TrainProgress:
        return self.query_one(TrainProgress)

    def compose(self) -> ComposeResult:
        """Lay out."""
        entries = list_models() if self._models is None else self._models
        usable = list(dict.fromkeys(entry.name for entry in entries if entry.problem is None))
        yield Static("Train", id="train-title")
        with ContentSwitcher(initial="form"):
            yield TrainFormView(usable, [entry.name for entry in entries], id="form")
            yield TrainProgress(id="progress")
        yield KeyFooter()

    def on_mount(self) -> None:
        """Fill the form in, or show the run that is there."""
        host = self._host
        text = host.current_text()
        self._form_view.begin(
            host.current_model or model_for_text(text),
            first_choice(host.settings.recent, text),
            last_line(text),
        )
        if not self._form_view.sources.paths:
            self._form_view.report.show_nothing()
        self._offer_unfinished()
        if host.training is not None and not host.training.seen:
            self._show_progress()
        else:
            self._form_view.focus_first()
        self.call_after_refresh(self._form_view.show_more)
        self.set_interval(_SECONDS_BETWEEN_LOOKS, self._look_if_there)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Show in the footer what can be done now."""
        if not self.is_mounted:
            return True
        form = self.query_one(ContentSwitcher).current == "form"
        if action in ("add_songs", "start"):
            return form
        if action == "cancel":
            run = self._host.training
            return not form and run is not None and run.is_active and not run.stopping
        return True

    def action_write(self) -> None:
        """Back to writing; a run goes on."""
        if self._host.training is not None:
            self._host.training.acknowledge()
        self.dismiss()

    @on(TrainFormView.AddPressed)
    @work(exclusive=True, group="dialog")
    async def action_add_songs(self) -> None:
        """Ask for songs and add them."""
        offered = [saved_songs(self._host.settings.recent), *songbooks()]
        choice = await self.app.push_screen_wait(AddSongsMenu(s for s in offered if s is not None))
        if isinstance(choice, str):
            dialog = (
                ChooseFolder(self._last_folder, "A folder of songs")
                if choice == FOLDER
                else OpenFile(self._last_folder, "Songs", song_filters())
            )
            path = await self.app.push_screen_wait(dialog)
            if path is None:
                return
            self._last_folder = existing_folder(path)
            choice = from_path(str(path))
        if isinstance(choice, SongSource):
            self._form_view.sources.add(choice)

    @on(TrainFormView.SongsChanged)
    @work(exclusive=True, group="corpus")
    async def _report_on_songs(self) -> None:
        # The screen may be left, and its widgets gone, before the songs are read.
        with contextlib.suppress(NoMatches):
            await self._report()

    async def _report(self) -> None:
        form = self._form_view
        paths, base, cleaning = form.sources.paths, form.base, form.form().cleaning
        self._corpus_problem = ""
        self._report_shown = None
        if not paths:
            form.report.show_nothing()
            return
        form.report.show_reading()
        try:
            self._report_shown = await report_on_songs(paths, base, cleaning)
        except LyricistError as error:
            self._corpus_problem = str(error)
            form.report.show_error(self._corpus_problem)
            return
        form.offer_conversion(self._report_shown.report)
        self._show_report()
        form.propose_base(self._report_shown.wanted_base)

    @on(TrainFormView.RunChanged)
    def _show_report(self) -> None:
        """Show the report on the songs, with how long the run will take that is chosen now."""
        if self._report_shown is None:
            return
        shown, form = self._report_shown, self._form_view.form()
        time = None
        # A base and its recipe change one after the other.
        if form.base == shown.base and (form.recipe == "finetune") == (form.base is not None):
            # One core stays free for suggestions.
            cores = max(1, (os.cpu_count() or 1) - 1)
            with contextlib.suppress(LyricistError):
                time = forecast(shown.report, form.recipe, shown.card, form.device, cores)
        self._form_view.report.show(shown.report, shown.base, time)

    @on(TrainFormView.StartPressed)
    def action_start(self) -> None:
        """Start what the form says, if it can be."""
        form = self._form_view.form()
        try:
            if self._corpus_problem:
                raise UsageError(self._corpus_problem)
            train_command(form)
            form = replace(form, name=safe_name(form.name))
        except LyricistError as error:
            self._complain(error)
            return
        if form.name in {entry.name for entry in list_models()}:
            cause = f"a model {form.name} exists already"
            self._complain(UsageError(cause, "choose another name"))
            self.query_one("#name", Input).focus()
            return
        self._start(form)

    def _start(self, form: TrainForm, earlier: TrainingRun | None = None) -> None:
        host = self._host
        if host.training is not None and host.training.is_active:
            self._complain(UsageError("another training is running", "wait for it or cancel it"))
            return
        run = TrainingRun(form, self.app.post_message, earlier)
        try:
            run.start()
        except LyricistError as error:
            self._complain(error)
            return
        remember_run(form)
        # From now on these songs are the writer's own for the suggestions too.
        host.settings = remember_corpus(host.settings, written_by_the_writer(form.corpus))
        host.save_settings()
        host.training = run
        self._show_progress()

    @on(TrainFormView.ResumePressed)
    def _resume_unfinished(self) -> None:
        form = unfinished_run()
        if form is None:
            self._complain(UsageError("there is nothing left to resume", "start anew"))
            self._form_view.offer_resume(None)
            return
        earlier = self._host.training
        self._start(form, earlier if earlier and earlier.name == form.name else None)

    @on(TrainProgress.Wanted)
    def _wanted(self, event: TrainProgress.Wanted) -> None:
        run = self._host.training
        if run is None:
            return
        if event.what == "cancel":
            run.cancel()
        elif event.what == "resume":
            self._start(replace(run.form, resume=True), run)
        elif event.what == "compare":
            self._compare(run)
        elif event.what == "again":
            run.acknowledge()
            self._form_view.set_taken([entry.name for entry in list_models()])
            self._offer_unfinished()
            self.query_one(ContentSwitcher).current = "form"
            self.refresh_bindings()
            self._form_view.focus_first()

    def action_cancel(self) -> None:
        """End the run, keeping the best."""
        if self._host.training is not None:
            self._host.training.cancel()

    def _show_progress(self) -> None:
        self.query_one(ContentSwitcher).current = "progress"
        self._look()
        self.refresh_bindings()
        self._progress.focus_button()

    def _look_if_there(self) -> None:
        with contextlib.suppress(NoMatches):
            self._look()

    def _look(self) -> None:
        """Bring the progress up to date; a run that has finished leads to the comparison."""
        run = self._host.training
        if run is None or self.query_one(ContentSwitcher).current != "progress":
            return
        self._progress.show(run)
        can_cancel = bool(self.check_action("cancel", ()))
        if can_cancel != self._could_cancel:
            # Each refresh lays the footer out anew, so only when there is another key to show.
            self._could_cancel = can_cancel
            self.refresh_bindings()
        if run.status == "finished" and not run.seen and self.is_current:
            self._compare(run)

    @work(exclusive=True, group="dialog")
    async def _compare(self, run: TrainingRun) -> None:
        host = self._host
        new = run.model
        if new is None:
            return
        old = host.current_model or model_for_text(host.current_text())
        if run.comparison is not None:
            old = run.comparison.old.model if run.comparison.old else new
        elif old == new:
            old = run.form.base or new
        prefix = run.form.prefixes[0] if run.form.prefixes else last_line(host.current_text())
        run.acknowledge()
        use = await self.app.push_screen_wait(CompareScreen(run, old, prefix))
        if use:
            choose_model(self.app, new)
            self.dismiss()

    def _offer_unfinished(self) -> None:
        """Offer to go on with a run that was cancelled or interrupted, today or earlier."""
        run = self._host.training
        form = unfinished_run() if run is None or not run.is_active else None
        self._form_view.offer_resume(form.name if form else None)

    def _complain(self, error: LyricistError) -> None:
        self.notify(visible(str(error)), severity="error", markup=False)
