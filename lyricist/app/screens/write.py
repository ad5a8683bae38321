"""The Write screen: editor and model pane, and the suggestions that go between them."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.document._document import Location
from textual.timer import Timer
from textual.widgets import Footer

from lyricist.app.context import context_before
from lyricist.app.keys import DEFAULT_KEYMAP, Keymap, bind_keys
from lyricist.app.screens.song_desk import SongDesk
from lyricist.app.song import Song
from lyricist.app.widgets.editor import Editor
from lyricist.app.widgets.model_pane import ModelPane, PaneState, percentiles
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.suggest.client import MAX_PREFIX
from lyricist.suggest.protocol import (
    Answer,
    Failure,
    Measured,
    Ready,
    Request,
    SamplingSettings,
)

_INPUT_METHODS = ("auto", "on", "off")
# As long as an answer may be on its way, the pane keeps the last one: less would flicker.
_PATIENCE_SECONDS = 0.15


class WriteScreen(SongDesk):
    """Where songs are written.

    Args:
        path: A file to begin with; None takes the draft that was left.
        keymap: The keys by name.
        song: The file at `path`, where it has been opened already.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        path: Path | None = None,
        keymap: Keymap = DEFAULT_KEYMAP,
        song: Song | None = None,
    ) -> None:
        super().__init__(path, song)
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
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Apply the settings."""
        settings = self._lyricist.settings
        self.editor.latencies = self._lyricist.latencies
        self.editor.input_method = settings.ime
        self.editor.ghost_enabled = settings.ghost
        self.pane.display = self.editor.shown_beside = settings.pane
        state = self._state
        state.model = self._lyricist.current_model
        state.temperature, state.top_p = settings.temperature, settings.top_p
        state.rows = min(settings.count, 9)
        self.pane.show(state)
        self.editor.focus()
        self.open_first_song()

    # --- asking

    @on(Editor.SuggestionWanted)
    def _ask(self, event: Editor.SuggestionWanted) -> None:
        settings = self._lyricist.settings
        sampling = SamplingSettings(
            settings.count, settings.temperature, settings.top_k, settings.top_p
        )
        prefix = self._prefix_at(self.editor.cursor_location)
        self._lyricist.follow_language(prefix)
        self._lyricist.client.request(
            Request(self.editor.revision, prefix, sampling, asked=event.asked)
        )

    def song_shown(self) -> None:
        """Ask what the model makes of the song; nothing is suggested before typing."""
        self._state.perplexity = None
        self._refresh_pane(patient=False)
        prefix = self._prefix_at(self.editor.song.end)
        self._lyricist.follow_language(prefix)
        if prefix.strip():
            sampling = SamplingSettings(count=1, max_length=1)
            self._lyricist.client.request(Request(self._song_revision, prefix, sampling))

    @property
    def _song_revision(self) -> int:
        """Marks an answer about the song as it was shown: below any revision of the editor."""
        return -1 - self.editor.revision

    def _prefix_at(self, location: Location) -> str:
        return context_before(self.editor.song, location, MAX_PREFIX)

    # --- answers

    def receive(self, message: Ready | Answer | Measured | Failure) -> None:
        """Take in what the suggestion service says."""
        state = self._state
        if isinstance(message, Ready):
            state.model = message.model
            state.held_out_perplexity = message.held_out_perplexity
        elif isinstance(message, Failure):
            self.remark(message.message)
        elif isinstance(message, Measured):
            if message.revision in (self.editor.revision, self._song_revision):
                state.perplexity = message.perplexity
        elif message.revision == self.editor.revision:
            self._answered = message.revision
            state.perplexity = message.perplexity
            state.next_characters = message.next_characters
            state.line_complete = message.line_complete
            state.own_character = percentiles(self._lyricist.latencies.own_character)
            state.ghost = percentiles(self._lyricist.latencies.ghost)
            texts = [candidate.text for candidate in message.candidates]
            self.editor.show_candidates(message.revision, texts)
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
            state.shown = ghost.index if editor.offered else -1
        if self._answered != editor.revision and not waits:
            state.next_characters = ()
            state.line_complete = False
        self.pane.show(state)

    def _patience_over(self) -> None:
        self._patience = None
        self._refresh_pane(patient=False)

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
        self.remark(f"ghost text is {'on' if settings.ghost else 'off'}")

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

    def action_train(self) -> None:
        """Open the Train screen."""
        from lyricist.app.screens.train import TrainScreen

        self.app.push_screen(TrainScreen())

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
