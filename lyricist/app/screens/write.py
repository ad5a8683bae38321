"""The Write screen: editor and model pane, and the suggestions that go between them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.document._document import Location
from textual.timer import Timer

from lyricist.app.background import in_background
from lyricist.app.context import context_after, context_before
from lyricist.app.keys import DEFAULT_KEYMAP, Keymap, bind_keys
from lyricist.app.screens.craft_lookups import CraftLookups
from lyricist.app.screens.in_turns import InTurns
from lyricist.app.showings import Showings
from lyricist.app.song import Song
from lyricist.app.widgets.editor import Editor
from lyricist.app.widgets.key_footer import KeyFooter
from lyricist.app.widgets.model_pane import ModelPane, PaneState, copy_remark, percentiles
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.library.settings import EAGERNESS, Settings
from lyricist.suggest.client import MAX_PREFIX, MAX_SUFFIX
from lyricist.suggest.copy_rules import copy_rules
from lyricist.suggest.protocol import (
    Failure,
    Fit,
    Measured,
    Ready,
    Report,
    Request,
    SamplingSettings,
    Sources,
)

if TYPE_CHECKING:
    from lyricist.app.screens.train import TrainScreen
    from lyricist.library.models import ModelEntry

_INPUT_METHODS = ("auto", "on", "off")
_EAGERNESS_REMARKS = {
    "quiet": "quiet, only what is nearly sure",
    "normal": "normal, all but hopeless guesses",
    "eager": "eager, every guess",
}
# As long as an answer may be on its way, the pane keeps the last one: less would flicker.
_PATIENCE_SECONDS = 0.15


class WriteScreen(InTurns, CraftLookups):
    """Where songs are written.

    Args:
        settings: Of the app.
        path: A file to begin with; None takes the draft that was left.
        keymap: The keys by name.
        song: The file at `path`, where it has been opened already.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        settings: Settings,
        path: Path | None = None,
        keymap: Keymap = DEFAULT_KEYMAP,
        song: Song | None = None,
    ) -> None:
        super().__init__(settings, path, song)
        bind_keys(self._bindings, keymap, editor=False)
        self._keymap = keymap
        self._state = PaneState()
        self._answered = -1
        self._patience: Timer | None = None

    @property
    def pane(self) -> ModelPane:
        """The model pane."""
        return self.query_one(ModelPane)

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Container(id="panes"):
            yield Editor(
                self._keymap,
                id="editor",
                placeholder="Write here. Ghost text goes on with your line.",
            )
            yield ModelPane(id="pane")
        yield StatusBar(id="status")
        yield KeyFooter()

    def on_mount(self) -> None:
        """Apply the settings."""
        settings = self._lyricist.settings
        self.editor.latencies = self._lyricist.latencies
        self.editor.input_method = settings.ime
        self.editor.ghost_enabled = settings.ghost
        self.editor.showings = Showings(self._lyricist.feedback.gate, settings.eagerness)
        self.pane.display = self.editor.shown_beside = settings.pane
        state = self._state
        state.model = self._lyricist.current_model
        state.temperature, state.top_p = settings.temperature, settings.top_p
        state.rows = min(settings.count, 9)
        state.adapts = settings.adapt
        self.pane.show(state)
        self.begin_craft()
        self.editor.focus()
        self.open_first_song()

    # --- asking

    @on(Editor.SuggestionWanted)
    def _ask(self, event: Editor.SuggestionWanted) -> None:
        settings = self._lyricist.settings
        sampling = SamplingSettings(
            settings.count, settings.temperature, settings.top_k, settings.top_p
        )
        request = self._request(
            self.editor.revision, self.editor.cursor_location, sampling, event.asked
        )
        self._lyricist.follow_language(request.prefix)
        self._lyricist.client.request(request)

    def song_shown(self) -> None:
        """Ask what the model makes of the song; nothing is suggested before typing."""
        super().song_shown()
        self._state.perplexity = None
        self._refresh_pane(patient=False)
        sampling = SamplingSettings(count=1, max_length=1)
        request = self._request(self._song_revision, self.editor.song.end, sampling)
        self._lyricist.follow_language(request.prefix)
        # Who types at once has asked already: the newer question would take the place of that one.
        if request.prefix.strip() and not self.editor.awaiting:
            self._lyricist.client.request(request)

    @property
    def _song_revision(self) -> int:
        """Marks an answer about the song as it was shown: below any revision of the editor."""
        return -1 - self.editor.revision

    def _request(
        self, revision: int, location: Location, sampling: SamplingSettings, asked: bool = False
    ) -> Request:
        document, path = self.editor.song, self.song.path
        return Request(
            revision,
            context_before(document, location, MAX_PREFIX),
            sampling,
            asked,
            context_after(document, location, MAX_SUFFIX),
            self._lyricist.settings.adapt,
            os.path.abspath(path) if path is not None else "",
            self.line_lock,
            copy_rules(self._lyricist.settings),
        )

    # --- answers

    def receive(self, message: Report) -> None:
        """Take in what the suggestion service says."""
        if self.is_aside(message):
            return
        state = self._state
        if isinstance(message, Ready):
            state.model = message.model
            state.held_out_perplexity = message.held_out_perplexity
            if message.unguarded and self._lyricist.settings.copies != "allow":
                self.remark(message.unguarded)
        elif isinstance(message, Failure):
            self.remark(message.message)
        elif isinstance(message, Measured):
            if message.revision in (self.editor.revision, self._song_revision):
                state.perplexity = message.perplexity
        elif isinstance(message, Fit):
            return
        elif message.revision == self.editor.revision:
            self._answered = message.revision
            state.perplexity = message.perplexity
            state.next_characters = message.next_characters
            state.line_complete, state.reason = message.line_complete, message.reason
            state.own_character = percentiles(self._lyricist.latencies.own_character)
            state.ghost = percentiles(self._lyricist.latencies.ghost)
            self.editor.show_candidates(message.revision, message.candidates)
            self._pane_follows()
            return
        elif message.revision == self._song_revision:
            state.perplexity = message.perplexity
        self.pane.show(state)

    def show_service_status(self, status: str) -> None:
        """Show the service's status word; at each key it would only flicker."""
        if status == "thinking":
            return
        self._state.status = status
        self.pane.show(self._state)

    @on(Editor.GhostChanged)
    def _ghost_changed(self) -> None:
        self._pane_follows()

    def _pane_follows(self) -> None:
        """The pane takes longer to draw than the editor's row, which the writer looks at."""
        self.call_after_refresh(self._refresh_pane)

    def _refresh_pane(self, patient: bool = True) -> None:
        """Show what is left of the last answer; while the next one is awaited, all of it."""
        editor, state = self.editor, self._state
        ghost = editor.ghost
        waits = patient and editor.awaiting
        if waits and self._patience is None:
            self._patience = self.set_timer(_PATIENCE_SECONDS, self._patience_over)
        if self._patience is not None and not editor.awaiting:
            self._patience.stop()
            self._patience = None
        if ghost.candidates or not waits:
            state.candidates = ghost.candidates
            state.copies = tuple(offer.copied for offer in ghost.offers)
            offered = ghost.shown if editor.offered else None
            state.shown = ghost.index if offered else -1
            state.sources = offered.sources if offered else Sources()
            if offered and offered.copied and not self.pane.display:
                self.remark(copy_remark(offered.copied))
        if self._answered != editor.revision and not waits:
            state.next_characters = ()
            state.line_complete, state.reason = False, ""
        state.lock = self.lock_text
        self.pane.show(state)

    def _patience_over(self) -> None:
        self._patience = None
        self._refresh_pane(patient=False)

    def locks_changed(self) -> None:
        """Show what candidates have to obey."""
        self.editor.locked = self._lyricist.settings.locks
        self._pane_follows()

    # --- what the keys call

    def action_temperature(self, by: float) -> None:
        """Draw more or less daringly."""
        settings = self._lyricist.settings
        settings.temperature = round(min(2.0, max(0.0, settings.temperature + by)), 2)
        self._sampling_changed()

    def action_top_p(self, by: float) -> None:
        """Draw from more or fewer characters."""
        settings = self._lyricist.settings
        settings.top_p = round(min(1.0, max(0.05, settings.top_p + by)), 2)
        self._sampling_changed()

    def _sampling_changed(self) -> None:
        settings = self._lyricist.settings
        self._state.temperature, self._state.top_p = settings.temperature, settings.top_p
        self.pane.show(self._state)
        if not self.pane.display:
            self.remark(f"temperature {settings.temperature:.1f}, top-p {settings.top_p:.2f}")
        self._lyricist.save_settings()
        self.editor.action_ask()

    def action_toggle_pane(self) -> None:
        """Hide or show the model pane."""
        settings = self._lyricist.settings
        settings.pane = self.pane.display = self.editor.shown_beside = not self.pane.display
        self._lyricist.save_settings()

    def action_toggle_ghost(self) -> None:
        """Ghost text in the editor on or off; the pane keeps its candidates."""
        settings = self._lyricist.settings
        settings.ghost = self.editor.ghost_enabled = not settings.ghost
        self._lyricist.save_settings()
        self.editor.refresh_ghost()
        self.remark(f"ghost text is {_on_off(settings.ghost)}")

    def action_eagerness(self) -> None:
        """Go round how sure a ghost must be to be shown."""
        settings = self._lyricist.settings
        following = (EAGERNESS.index(settings.eagerness) + 1) % len(EAGERNESS)
        settings.eagerness = self.editor.showings.eagerness = EAGERNESS[following]
        self._lyricist.save_settings()
        self.editor.judge_ghost()
        self.remark(f"ghost text: {_EAGERNESS_REMARKS[settings.eagerness]}")

    def action_toggle_adaptation(self) -> None:
        """Let suggestions learn from this song and the writer's others, or not."""
        settings = self._lyricist.settings
        settings.adapt = self._state.adapts = not settings.adapt
        self.pane.show(self._state)
        self._lyricist.save_settings()
        self.remark(f"learning from this song and your others is {_on_off(settings.adapt)}")
        self.editor.action_ask()

    def action_input_method(self) -> None:
        """Go round the input method settings."""
        settings = self._lyricist.settings
        following = (_INPUT_METHODS.index(settings.ime) + 1) % len(_INPUT_METHODS)
        settings.ime = self.editor.input_method = _INPUT_METHODS[following]
        self._lyricist.save_settings()
        self.editor.refresh_ghost()
        self.remark(f"distance for an input method: {settings.ime}")

    def action_toggle_theme(self) -> None:
        """Light or dark."""
        self._lyricist.toggle_theme()

    @work(exclusive=True, group="train")
    async def action_train(self) -> None:
        """Open the Train screen, once the models are read that it offers."""
        screen, models = await in_background(_what_training_takes)
        if self.is_current:
            self.app.push_screen(screen(models))

    def action_models(self) -> None:
        """Open the Models screen."""
        from lyricist.app.screens.models import ModelsScreen

        self.app.push_screen(ModelsScreen())

    def action_help(self) -> None:
        """Open the help screen."""
        from lyricist.app.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self._keymap))

    def set_training_status(self, text: str) -> None:
        """Show how a training stands."""
        self.status.show(training=text)


def _on_off(flag: bool) -> str:
    return "on" if flag else "off"


def _what_training_takes() -> tuple[type[TrainScreen], list[ModelEntry]]:
    """Return the screen and the models that it offers: its code alone is long to load."""
    from lyricist.app.screens.train import TrainScreen
    from lyricist.library.models import list_models

    return TrainScreen, list_models()
