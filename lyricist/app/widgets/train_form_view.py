"""The form of the Train screen: songs, model, recipe, device, time, name, texts to sample from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Compose
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Label, Select, Static

from lyricist.app.corpus_choice import SongSource, from_path
from lyricist.app.train_form import (
    RECIPES,
    TrainForm,
    parse_prefixes,
    suggested_name,
)
from lyricist.app.widgets.corpus_report import CorpusReportView
from lyricist.app.widgets.plain_input import PlainInput
from lyricist.app.widgets.song_sources import SongSourceList
from lyricist.network.config import DEVICES
from lyricist.text.corpus_report import CorpusReport
from lyricist.text.display import visible

_SCRATCH = ""
_DRAWN_AT_ONCE = 4
_CLEAN = "leave out credits, links, chords, times"
_SCRIPTS = [
    ("as it is", "keep"),
    ("convert to simplified characters", "simplified"),
    ("convert to traditional characters", "traditional"),
]
_TIME_HINT = "90s, 5m, 1h; empty: until it is done"
_PREFIX_HINT = "texts to go on from, with | between"
_ABOUT = {
    "finetune": "The model goes on learning from your songs and keeps what it knows.",
    "scratch": "A new network that knows your songs only; it needs many of them.",
    "tutorial": "The classic tutorial: a plain RNN, the first 10,000 characters, 250 epochs.",
}


class TrainFormView(VerticalScroll):
    """Everything that can be chosen before a run."""

    class SongsChanged(Message):
        """Other songs are chosen, or to be read otherwise, or another model to start from."""

    class RunChanged(Message):
        """Another recipe or device is chosen: the same songs, learned otherwise."""

    class StartPressed(Message):
        """The writer wants to start."""

    class AddPressed(Message):
        """The writer wants to look for songs."""

    class ResumePressed(Message):
        """The writer wants the unfinished run to go on."""

    def __init__(self, models: Sequence[str], taken: Sequence[str], id: str | None = None) -> None:
        super().__init__(id=id, can_focus=False)
        self._models = list(models)
        self._taken = list(taken)
        self._suggested = ""
        self._preferred_base = self._models[0] if self._models else _SCRATCH
        self._proposed_base = self._preferred_base

    def compose(self) -> ComposeResult:
        """Lay out."""
        bases = [(Content(visible(name)), name) for name in self._models]
        scratch = (Content("from scratch, a new network"), _SCRATCH)
        with Horizontal(id="unfinished"):
            yield Static(id="unfinished-text", markup=False)
            yield Button("Resume it", id="resume-unfinished", compact=True)
        fields = (
            _Field("Songs", lambda: [SongSourceList(id="songs")]),
            _Field("", lambda: [_path(), Button("Add songs …", id="add", compact=True)]),
            _Field("", lambda: [CorpusReportView(id="report")]),
            _Field("Clean", lambda: [Checkbox(_CLEAN, id="clean", compact=True)]),
            _Field("Script", lambda: [_choice("script", _SCRIPTS)], id="script-field"),
            _Field("Start from", lambda: [_choice("base", [*bases, scratch])]),
            _Field("Recipe", lambda: [_choice("recipe", [(name, name) for name in RECIPES])]),
            _Field("", lambda: [Static(id="about", markup=False)]),
            _Field("Device", lambda: [_choice("device", [(name, name) for name in DEVICES])]),
            _Field("Time limit", lambda: [_text("time", _TIME_HINT)]),
            _Field("Name", lambda: [_text("name")]),
            _Field("Samples of", lambda: [_text("prefixes", _PREFIX_HINT)]),
            _Field("", lambda: [_start_button()]),
        )
        for turn, field in enumerate(fields):
            field.turn = turn
            field.set_class(turn >= _DRAWN_AT_ONCE, "-later")
            yield field

    def show_more(self) -> None:
        """Show, little by little, what was left out of the first drawing: all at once would hold
        up keys for too long."""
        later = self.query(_Field).filter(".-later")
        for field in later[:_DRAWN_AT_ONCE]:
            field.remove_class("-later")
        if later:
            self.call_after_refresh(self.show_more)

    @property
    def sources(self) -> SongSourceList:
        """The list of chosen songs."""
        return self.query_one("#songs", SongSourceList)

    @property
    def report(self) -> CorpusReportView:
        """Where the corpus report is shown."""
        return self.query_one("#report", CorpusReportView)

    @property
    def base(self) -> str | None:
        """Name of the model to start from, None for a new network."""
        return self._chosen("base") or None

    def form(self) -> TrainForm:
        """Return what is chosen."""
        return TrainForm(
            corpus=self.sources.paths,
            name=self._input("name").value,
            base=self.base,
            recipe=self._chosen("recipe"),
            device=self._chosen("device"),
            time_budget=self._input("time").value,
            prefixes=parse_prefixes(self._input("prefixes").value),
            clean=self.query_one("#clean", Checkbox).value,
            script=self._chosen("script"),
        )

    def begin(self, base: str, source: SongSource | None, prefix: str) -> None:
        """Fill in what is chosen at first."""
        if base in self._models:
            self._preferred_base = base
        self.query_one("#base", Select).value = self._proposed_base = self._preferred_base
        self._input("prefixes").value = prefix
        self._suggest_name()
        if source is not None:
            self.sources.add(source)

    def propose_base(self, base: str) -> None:
        """Start from this model, unless the writer has chosen another or a new network."""
        choice = self.query_one("#base", Select)
        if base in self._models and choice.value == self._proposed_base:
            choice.value = self._proposed_base = base

    def focus_first(self) -> None:
        """Give the focus to where the writer is likely to go on."""
        self.query_one("#songs" if self.sources.paths else "#path").focus()

    def offer_conversion(self, report: CorpusReport) -> None:
        """Ask for a script where there is something to convert, or it has been chosen already."""
        chosen = self._chosen("script") != "keep"
        wanted = report.script_mix.is_mixed or report.is_in_other_script or chosen
        self.query_one("#script-field").display = wanted

    def offer_resume(self, name: str | None) -> None:
        """Tell of an unfinished run, or (with None) of none."""
        self.query_one("#unfinished").display = name is not None
        text = f"The training of {visible(name)} was interrupted." if name is not None else ""
        self.query_one("#unfinished-text", Static).update(text)

    def set_taken(self, names: Sequence[str]) -> None:
        """Tell which names other models have."""
        self._taken = list(names)
        self._suggest_name()

    @on(Input.Submitted, "#path")
    def _add_path(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.sources.add(from_path(event.value))
            event.input.clear()

    @on(SongSourceList.Changed)
    def _songs_changed(self, event: SongSourceList.Changed) -> None:
        event.stop()
        self._suggest_name()
        self.post_message(self.SongsChanged())

    @on(Select.Changed, "#base")
    def _base_changed(self, event: Select.Changed) -> None:
        event.stop()
        recipe = self.query_one("#recipe", Select)
        if event.value == _SCRATCH and recipe.value == "finetune":
            recipe.value = "scratch"
        elif event.value != _SCRATCH:
            self._preferred_base = str(event.value)
            recipe.value = "finetune"
        self.post_message(self.SongsChanged())

    @on(Checkbox.Changed, "#clean")
    @on(Select.Changed, "#script")
    def _cleaning_changed(self, event: Checkbox.Changed | Select.Changed) -> None:
        event.stop()
        self.post_message(self.SongsChanged())

    @on(Select.Changed, "#device")
    def _device_changed(self, event: Select.Changed) -> None:
        event.stop()
        self.post_message(self.RunChanged())

    @on(Select.Changed, "#recipe")
    def _recipe_changed(self, event: Select.Changed) -> None:
        event.stop()
        base = self.query_one("#base", Select)
        if event.value != "finetune":
            base.value = _SCRATCH
        elif base.value == _SCRATCH:
            base.value = self._preferred_base
        self.query_one("#about", Static).update(_ABOUT.get(str(event.value), ""))
        self.post_message(self.RunChanged())

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        messages = {
            "start": self.StartPressed,
            "add": self.AddPressed,
            "resume-unfinished": self.ResumePressed,
        }
        self.post_message(messages[str(event.button.id)]())

    def _suggest_name(self) -> None:
        """Follow the songs with the name, unless the writer has given one."""
        name = self._input("name")
        if name.value == self._suggested:
            wanted = self.sources.wanted_name
            paths = (wanted,) if wanted else self.sources.paths
            name.value = self._suggested = suggested_name(paths, self._taken)

    def _input(self, id: str) -> Input:
        return self.query_one(f"#{id}", Input)

    def _chosen(self, id: str) -> str:
        return str(self.query_one(f"#{id}", Select).value)


class _Field(Horizontal):
    """A label and controls. They are made when it is, each field in a turn of its own.

    Attributes:
        turn: How many turns of the event loop others come before it.
    """

    def __init__(
        self, label: str, controls: Callable[[], list[Widget]], id: str | None = None
    ) -> None:
        super().__init__(id=id, classes="field")
        self.turn = 0
        self._label = label
        self._make_controls = controls

    def compose(self) -> ComposeResult:
        """Lay out."""
        yield Label(self._label, markup=False)
        yield from self._make_controls()

    async def _dispatch_message(self, message: Message) -> None:
        if isinstance(message, Compose):
            for _ in range(self.turn):
                await asyncio.sleep(0)
        await super()._dispatch_message(message)


def _choice(id: str, options: Sequence[tuple[Any, str]]) -> Select[str]:
    return Select(options, id=id, allow_blank=False, compact=True)


def _text(id: str, placeholder: str = "") -> Input:
    return PlainInput(id=id, placeholder=placeholder, compact=True)


def _path() -> Input:
    hint = "a path, then Enter"
    return PlainInput(id="path", placeholder=hint, compact=True, select_on_focus=False)


def _start_button() -> Button:
    return Button("Start training", id="start", variant="primary", compact=True)
