"""The Write screen: editor and model pane, and everything that happens to the song in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Footer

from lyricist.app.background import in_background
from lyricist.app.keys import screen_bindings
from lyricist.app.screens.dialogs import RecentSongs, draft_found, unsaved_changes
from lyricist.app.song import UNTITLED, Song, draft_of, draft_to_offer
from lyricist.app.widgets.editor import Editor
from lyricist.app.widgets.model_pane import ModelPane, PaneState, percentiles
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.errors import LyricistError
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.settings import remember_recent
from lyricist.suggest.client import bounded_prefix
from lyricist.suggest.protocol import Answer, Failure, Ready, Request, SamplingSettings
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.app.app import LyricistApp

_DRAFT_SECONDS = 0.8
_INPUT_METHODS = ("auto", "on", "off")


class WriteScreen(Screen[None]):
    """Where songs are written.

    Args:
        path: A file to begin with; None takes the draft that was left.
    """

    BINDINGS = screen_bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-tall")]  # noqa: RUF012

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self._first_path = path
        self._drafts = DraftStore()
        self._draft_due = False
        self._draft_failed = False
        self._pane = PaneState()
        self._answered = -1
        self.song = Song()

    @property
    def _lyricist(self) -> LyricistApp:
        return cast("LyricistApp", self.app)

    @property
    def editor(self) -> Editor:
        """The editor pane."""
        return self.query_one(Editor)

    @property
    def status(self) -> StatusBar:
        """The status bar."""
        return self.query_one(StatusBar)

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
        self.set_interval(_DRAFT_SECONDS, self._keep_draft_if_due)
        self._open_first()

    # --- opening and saving

    @work(exclusive=True, group="file")
    async def _open_first(self) -> None:
        if self._first_path is not None:
            await self._open(self._first_path)
            return
        draft = self._drafts.newest()
        if draft is None:
            self._show_song(Song(), "")
            return
        try:
            song = Song.open(Path(draft.path)) if draft.path else Song()
        except LyricistError as error:
            # The file is gone or no text any more: its draft is all there is.
            song = Song()
            self._remark(str(error))
        self._show_song(song, draft.text, draft.cursor)
        if song.is_modified(draft.text):
            self._remark("your draft is back")

    async def _open(self, path: Path) -> None:
        try:
            song = await in_background(lambda: Song.open(path))
        except LyricistError as error:
            self._complain(error)
            return
        draft = draft_to_offer(self._drafts, song)
        if draft is not None:
            answer = await self.app.push_screen_wait(draft_found(song.name))
            if answer == "draft":
                self._show_song(song, draft.text, draft.cursor)
                self._remember(path)
                return
        self._show_song(song, song.saved_text)
        self._remember(path)
        if song.format.guessed:
            self._remark(f"read as {song.format.encoding}, which is a guess")

    def _show_song(self, song: Song, text: str, cursor: tuple[int, int] | None = None) -> None:
        self.song = song
        self.editor.load_text(text)
        if cursor is not None:
            self.editor.move_cursor(self.editor.clamp_visitable(cursor))
        self._draft_due = False
        self._pane.candidates, self._pane.perplexity = (), None
        self._show_state()
        self.status.show(remark="")
        self._lyricist.follow_language(text)

    def _remember(self, path: Path) -> None:
        app = self._lyricist
        app.settings = remember_recent(app.settings, path)
        app.save_settings()

    async def _save(self) -> bool:
        """Save where the song belongs, asking where that is if need be; False if it was not."""
        if self.song.path is None:
            return await self._save_as()
        return await self._write_to(self.song.path)

    async def _save_as(self) -> bool:
        from lyricist.app.screens.path_dialogs import SaveFile, existing_folder

        name = self.song.name if self.song.path else "song.txt"
        dialog = SaveFile(existing_folder(self.song.path), "Save as", name)
        path = await self.app.push_screen_wait(dialog)
        return path is not None and await self._write_to(path)

    async def _write_to(self, path: Path) -> bool:
        text, song = self.editor.text, self.song
        old_path = song.path
        try:
            await in_background(lambda: song.save(text, path))
        except LyricistError as error:
            self._complain(error)
            return False
        self._drafts.discard(old_path)
        self._draft_due = self.editor.text != text
        self._remember(path)
        self._show_state()
        self._remark("saved")
        return True

    async def _may_leave(self, leaving: bool = False) -> bool:
        """Ask about unsaved changes; False to stay with the song."""
        if not self.song.is_modified(self.editor.text):
            return True
        answer = await self.app.push_screen_wait(unsaved_changes(self.song.name, leaving))
        if answer == "save":
            return await self._save()
        if answer == "keep":
            try:
                self.keep_draft_now()
            except LyricistError as error:
                self._complain(error)
                return False
            return True
        if answer == "discard":
            self._drafts.discard(self.song.path)
            self._draft_due = False
            return True
        return False

    @work(exclusive=True, group="file")
    async def action_save(self) -> None:
        """Save."""
        await self._save()

    @work(exclusive=True, group="file")
    async def action_save_as(self) -> None:
        """Save under another name."""
        await self._save_as()

    @work(exclusive=True, group="file")
    async def action_open(self) -> None:
        """Open a file."""
        from lyricist.app.screens.path_dialogs import OpenFile, existing_folder

        if await self._may_leave():
            path = await self.app.push_screen_wait(OpenFile(existing_folder(self.song.path)))
            if path is not None:
                await self._open(path)

    @work(exclusive=True, group="file")
    async def action_recent(self) -> None:
        """Open a recent song."""
        path = await self.app.push_screen_wait(RecentSongs(self._lyricist.settings.recent))
        if path is not None and await self._may_leave():
            await self._open(Path(path))

    @work(exclusive=True, group="file")
    async def action_new(self) -> None:
        """Begin a new song."""
        if await self._may_leave():
            self._show_song(Song(), "")

    @work(exclusive=True, group="file")
    async def action_leave(self) -> None:
        """Quit, after asking about unsaved changes."""
        if await self._may_leave(leaving=True):
            self._lyricist.exit(0)

    # --- drafts

    def _keep_draft_if_due(self) -> None:
        if self._draft_due:
            self._draft_due = False
            self._keep_draft_aside()

    @work(exclusive=False, group="draft")
    async def _keep_draft_aside(self) -> None:
        draft = self._draft()
        try:
            await in_background(lambda: self._drafts.keep(draft))
        except LyricistError as error:
            self._draft_due = True
            if not self._draft_failed:
                self._complain(error)
            self._draft_failed = True
        else:
            self._draft_failed = False

    def keep_draft_now(self) -> None:
        """Keep the draft before this returns, for the moment before the end.

        Raises:
            LyricistError: If the disk refuses.
        """
        if self.song.is_modified(self.editor.text):
            self._drafts.keep(self._draft())

    def _draft(self) -> Draft:
        return draft_of(self.song, self.editor.text, self.editor.cursor_location)

    # --- suggestions

    @on(Editor.Changed)
    def _changed(self) -> None:
        self._draft_due = self.song.is_modified(self.editor.text)
        self.status.show(modified=self._draft_due, remark="")

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

    def _show_state(self) -> None:
        modified = self.song.is_modified(self.editor.text)
        self.status.show(song=self.song.name or UNTITLED, modified=modified)

    def _remark(self, text: str) -> None:
        self.status.show(remark=text)

    def _complain(self, error: LyricistError) -> None:
        self.notify(visible(str(error)), severity="error", markup=False, timeout=10)
