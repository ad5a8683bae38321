"""The Write screen: the editor, the model pane, and how suggestions get from one to the other."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Footer

from lyricist.app.keys import screen_bindings
from lyricist.app.screens.song_desk import SongDesk
from lyricist.app.widgets.editor import Editor
from lyricist.app.widgets.model_pane import ModelPane, PaneState, percentiles
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.suggest.client import bounded_prefix
from lyricist.suggest.protocol import Answer, Failure, Ready, Request, SamplingSettings

_INPUT_METHODS = ("auto", "on", "off")


class WriteScreen(SongDesk):
    """Where songs are written.

    Args:
        path: A file to begin with; None takes the draft that was left.
    """

    BINDINGS = screen_bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-tall")]  # noqa: RUF012

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(path)
        self._pane = PaneState()
        self._answered = -1

    def compose(self) -> ComposeResult:
        """Lay out."""
        with Container(id="panes"):
            yield Editor(id="editor", placeholder="Write here. Ghost text goes on with your line.")
            yield ModelPane(id="pane")
        yield StatusBar(id="status")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Apply the settings and open the first song."""
        settings = self._lyricist.settings
        self.editor.input_method = settings.ime
        self.editor.ghost_enabled = settings.ghost
        self._pane.ghost_enabled = settings.ghost
        self._pane.temperature, self._pane.top_p = settings.temperature, settings.top_p
        self.query_one("#pane").display = settings.pane
        self.editor.focus()
        self.open_first_song()

    def song_shown(self, text: str) -> None:
        """Forget the last song's suggestions and turn to this one's language."""
        self._pane.candidates, self._pane.perplexity = (), None
        self._lyricist.follow_language(text)

    # --- suggestions

    @on(Editor.SelectionChanged)
    def _moved(self) -> None:
        row, column = self.editor.cursor_location
        self.status.show(position=f"{row + 1}:{column + 1}")

    @on(Editor.SuggestionWanted)
    def _ask(self, event: Editor.SuggestionWanted) -> None:
        editor = self.editor
        before = editor.text_before_cursor
        self._lyricist.follow_language(before)
        offset, prefix = bounded_prefix(before)
        settings = self._lyricist.settings
        sampling = SamplingSettings(
            settings.count, settings.temperature, settings.top_k, settings.top_p
        )
        self._lyricist.client.request(
            Request(editor.revision, prefix, sampling, offset, event.asked)
        )

    @on(Editor.GhostChanged)
    def _ghost_changed(self) -> None:
        ghost = self.editor.ghost
        self._pane.candidates, self._pane.shown = ghost.candidates, ghost.index
        if self._answered != self.editor.revision:
            self._pane.line_complete = False
        self.query_one(ModelPane).show(self._pane)

    def receive(self, message: Ready | Answer | Failure) -> None:
        """Take in what the suggestion service says."""
        pane = self._pane
        if isinstance(message, Ready):
            pane.model = message.model
            pane.held_out_perplexity = message.held_out_perplexity
        elif isinstance(message, Failure):
            self._remark(message.message)
        elif self.editor.revision == message.revision:
            pane.perplexity = message.perplexity
            pane.next_characters = message.next_characters
            pane.latency = percentiles(self._lyricist.client.latencies)
            texts = [candidate.text for candidate in message.candidates]
            self.editor.show_candidates(message.revision, texts)
            pane.candidates = self.editor.ghost.candidates
            pane.shown = self.editor.ghost.index
            pane.line_complete = message.line_complete
            self._answered = message.revision
        self.query_one(ModelPane).show(pane)

    def show_service_status(self, status: str) -> None:
        """Show the service's status word."""
        self._pane.status = status
        self.query_one(ModelPane).show(self._pane)

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
        self._pane.temperature, self._pane.top_p = settings.temperature, settings.top_p
        self.query_one(ModelPane).show(self._pane)
        self._lyricist.save_settings()
        self.editor.action_ask()

    # --- the rest of the keys

    def action_toggle_pane(self) -> None:
        """Hide or show the model pane."""
        pane = self.query_one("#pane")
        pane.display = not pane.display
        self._lyricist.settings.pane = bool(pane.display)
        self._lyricist.save_settings()

    def action_toggle_ghost(self) -> None:
        """Ghost text in the editor on or off; the pane keeps its candidates."""
        settings = self._lyricist.settings
        settings.ghost = self.editor.ghost_enabled = not settings.ghost
        self._lyricist.save_settings()
        self.editor.refresh_ghost()
        self._remark(f"ghost text is {'on' if settings.ghost else 'off'}")

    def action_input_method(self) -> None:
        """Go round the input method settings."""
        settings = self._lyricist.settings
        following = (_INPUT_METHODS.index(settings.ime) + 1) % len(_INPUT_METHODS)
        settings.ime = self.editor.input_method = _INPUT_METHODS[following]
        self._lyricist.save_settings()
        self.editor.refresh_ghost()
        self._remark(f"distance for an input method: {settings.ime}")

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

        self.app.push_screen(HelpScreen(self._lyricist.keymap))

    def set_training_status(self, text: str) -> None:
        """Show how a training stands."""
        self.status.show(training=text)
