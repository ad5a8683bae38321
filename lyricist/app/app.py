"""The application: settings, the suggestion client, the training in the background, signals.

What is written lives in the Write screen; this holds what outlives a screen.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import locale
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual._time import get_time
from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme

from lyricist.app.feedback_keeper import SECONDS_BETWEEN_SAVES, FeedbackKeeper
from lyricist.app.forgetting import ABOUT, COMMAND, forget_in_app
from lyricist.app.garbage import collect_from_now_on, collect_what_is_over
from lyricist.app.keys import KEYS, checked_keymap
from lyricist.app.latency import Latencies, log_path
from lyricist.app.later_writes import LaterWrites
from lyricist.app.screens.write import WriteScreen
from lyricist.app.terminal import prepare_drivers
from lyricist.app.visible_text import VisibleText
from lyricist.errors import LyricistError, UsageError
from lyricist.library.forgetting import without_traces
from lyricist.library.settings import Settings, load_settings, save_settings
from lyricist.suggest.client import SuggestionClient
from lyricist.suggest.protocol import Failure, Ready, Report
from lyricist.text.display import visible

if TYPE_CHECKING:
    from lyricist.app.song import Song
    from lyricist.app.training_run import TrainingRun

_LIGHT, _DARK = "textual-light", "textual-dark"
_SHIPPED = ("en", "zh")
_LAST_SAVE_SECONDS = 1.0
_SECONDS_TO_LEAVE = 0.3
_SECONDS_TO_OPEN, _LOOKS_AT_OPENING = 1.0, 100


class LyricistApp(App[int]):
    """The terminal app.

    Args:
        path: A file to open.
        model: A model for this session; None takes the settings' or one by language.
        settings: As loaded; None loads them.
        notice: One line to show at the start.
        service_command: How to start the suggestion service, for tests.
        song: The file at `path`, where it has been opened already.

    Attributes:
        latencies: From keys to what is painted of them.
        feedback: What the writer takes and passes over.
        writes: Small files on their way to the disk.
        training: The run in the background, None before the first.
        failure: What it ended with, if it was an error of its own.
    """

    TITLE = "lyricist"
    CSS_PATH = "lyricist.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [("ctrl+q", "leave", "Quit")]  # noqa: RUF012

    def __init__(
        self,
        path: Path | None = None,
        model: str | None = None,
        settings: Settings | None = None,
        notice: str | None = None,
        service_command: Sequence[str] | None = None,
        song: Song | None = None,
    ) -> None:
        super().__init__()
        loaded_notice = None
        if settings is None:
            settings, loaded_notice = load_settings()
        self.settings = settings
        self.training: TrainingRun | None = None
        self.failure: LyricistError | None = None
        self.client = SuggestionClient(self._hear, self._hear_status, service_command)
        self.keymap, key_notice = checked_keymap(settings.keys)
        self._chosen_model = model or settings.model
        self._model = self._chosen_model or _model_by_locale()
        self._loaded_model = ""
        self._ending = False
        self._visible_text = VisibleText()
        self._notices = [n for n in (notice, loaded_notice, key_notice) if n]
        self.feedback = FeedbackKeeper()
        self.writes = LaterWrites()
        self.latencies = Latencies(keeps_all=bool(log_path()))
        self.write_screen = WriteScreen(self.settings, path, self.keymap, song)

    def on_mount(self) -> None:
        """Show the editor; the service starts behind it."""
        if self.settings.theme in self.available_themes:
            self.theme = self.settings.theme
        else:
            self._notices.append(f"settings: there is no theme {self.settings.theme!r}")
            self.theme = _DARK
        self.theme_changed_signal.subscribe(self, self._theme_changed)
        self._listen_to_signals()
        self.push_screen(self.write_screen)
        for notice in self._notices:
            self.notify(visible(notice), severity="warning", markup=False, timeout=10)
        self.run_worker(self.client.start(self._model, self.settings.device), name="service")
        self.write_screen.call_after_refresh(collect_from_now_on)
        self.write_screen.call_after_refresh(self._load_feedback)
        self.set_interval(SECONDS_BETWEEN_SAVES, self._save_feedback)

    async def on_unmount(self) -> None:
        """End the children."""
        self._ending = True
        # All at the same time: quitting takes no longer than the slowest of them.
        ends = [self._save_last(), self.writes.finish(_LAST_SAVE_SECONDS), self.client.stop()]
        if self.training is not None:
            ends.append(self.training.stop())
        await asyncio.gather(*ends)

    async def _save_last(self) -> None:
        # A disk that stands still does not keep the app from ending.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.feedback.save(), _LAST_SAVE_SECONDS)

    def _load_feedback(self) -> None:
        self.run_worker(self.feedback.load(), group="feedback")

    def _save_feedback(self) -> None:
        self.run_worker(self.feedback.save(), group="feedback")

    # --- models

    @property
    def current_model(self) -> str:
        """Name of the model that suggests."""
        return self._model

    def current_text(self) -> str:
        """Return the song in the editor."""
        return self.write_screen.editor.text

    def use_model(self, name: str) -> None:
        """Let another model suggest from now on, the song staying as it is."""
        self.write_screen.model_chosen(name)
        self._chosen_model = name
        self._switch_to(name)

    def follow_language(self, text: str) -> None:
        """Switch between the shipped models by what was written last, unless one was chosen."""
        if self._chosen_model or not text.strip():
            return
        from lyricist.library.models import model_for_text
        from lyricist.text.language import language_sample

        wanted = model_for_text(language_sample(text))
        if wanted != self._model:
            self._switch_to(wanted)

    def _switch_to(self, name: str) -> None:
        self._model = name
        self.client.use_model(name)

    def _model_failed(self) -> None:
        """Go on with the model that works, or with a shipped one.

        While the service itself is in trouble, it is not the model's fault.
        """
        if self.client.status != "ready":
            return
        if self._loaded_model:
            self._model = self._loaded_model
        elif self._model not in _SHIPPED:
            self._chosen_model = ""
            self._switch_to(_model_by_locale())

    @property
    def _has_screen(self) -> bool:
        """Whether the Write screen's widgets are there: not yet at first, no more at the end."""
        there = self.write_screen.is_mounted and bool(self.write_screen.query("#pane"))
        return there and not self._ending

    def _hear(self, message: Report) -> None:
        if isinstance(message, Ready):
            self._loaded_model = message.model
        if isinstance(message, Failure) and message.revision is None:
            self._model_failed()
        if self._has_screen:
            self.write_screen.receive(message)

    def _hear_status(self, status: str) -> None:
        if self._has_screen:
            self.write_screen.show_service_status(status)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Let no text act on the terminal, whatever a widget forgets."""
        return [self._visible_text, *super().get_line_filters()]

    def post_display_hook(self) -> None:
        """A frame has gone to the terminal."""
        self.latencies.displayed(get_time())

    # --- training

    def on_training_run_changed(self, event: TrainingRun.Changed) -> None:
        """Keep the Write screen's status bar up to date."""
        if self._has_screen:
            self.write_screen.set_training_status(event.run.status_line())

    # --- settings, themes, commands

    def save_settings(self) -> None:
        """Write the settings as they are now, soon; if that fails, say so and go on."""
        settings = copy.deepcopy(self.settings)
        self.writes.put("settings", settings, lambda: save_settings(settings), self._not_kept)

    def _not_kept(self, error: LyricistError) -> None:
        self.notify(visible(str(error)), severity="warning", markup=False)

    def toggle_theme(self) -> None:
        """Light or dark."""
        self.theme = _LIGHT if self.current_theme.dark else _DARK

    def _theme_changed(self, theme: Theme) -> None:
        """Remember it, whoever has chosen it."""
        if theme.name != self.settings.theme:
            self.settings.theme = theme.name
            self.save_settings()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy; bytes that are no text stay so in here, but cannot be given to a terminal."""
        super().copy_to_clipboard(text.encode("utf-8", "replace").decode("utf-8"))
        self._clipboard = text

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything the keys do is in the command palette as well."""
        yield from super().get_system_commands(screen)
        if screen is not self.write_screen:
            return
        yield SystemCommand(COMMAND, ABOUT, self.action_forget)
        for key in KEYS:
            if key.name in ("quit", "theme") or key.name.startswith("take_"):
                continue
            owner = self.write_screen.editor if key.editor else self.write_screen

            async def call(action: str = key.action, owner: DOMNode = owner) -> None:
                await self.run_action(action, owner)

            keys = self.keymap[key.name]
            shown = key.shown if keys == key.keys else keys
            yield SystemCommand(key.description, f"Key: {shown}", call)

    # --- forgetting

    def action_forget(self) -> None:
        """Remove what is known of the writer, after asking."""
        self.run_worker(forget_in_app(self), group="forget", exclusive=True)

    def forget_in_memory(self, models: bool) -> None:
        """Let go of what came from songs; `models` if those of the writer are gone as well."""
        self.settings = without_traces(self.settings, models)
        self.training = None
        self.write_screen.set_training_status("")
        self.write_screen.forget_notes()
        if models:
            self._chosen_model, self._model = "", _model_by_locale()

    async def restart_suggestions(self) -> None:
        """Start the service anew: it holds songs, too."""
        await self.client.stop()
        await self.client.start(self._model, self.settings.device)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen; its widgets are out of the way before there are those of another one."""
        left = super().pop_screen()
        self.set_timer(_SECONDS_TO_LEAVE, collect_what_is_over)
        return left

    async def action_leave(self) -> None:
        """Quit from any screen: the song is asked about on the Write screen."""
        while len(self.screen_stack) > 2:
            await _opened(self.screen)
            self.pop_screen()
        self.write_screen.action_leave()

    async def action_quit(self) -> None:
        """The palette's own Quit asks as well."""
        await self.action_leave()

    # --- the end

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            # Not every platform and thread has signal handlers.
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._end_by_signal, number)

    def _end_by_signal(self, number: int) -> None:
        self._keep_draft()
        self.exit(128 + number, return_code=128 + number)

    def _keep_draft(self) -> bool:
        """Keep the draft at once; whether the song as it is is safe."""
        try:
            if self.write_screen.is_mounted:
                self.write_screen.keep_draft_now()
        except Exception:
            return False
        return True

    def _handle_exception(self, error: Exception) -> None:
        """An error of ours ends the app, but not the song."""
        from lyricist.app.crash import crash_report

        if self.failure is None:
            self.failure = crash_report(error, self._keep_draft())
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave; the traceback is in the log."""
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print nothing: one line comes from `run_app`."""
        self._exit_renderables.clear()


def _model_by_locale() -> str:
    language = locale.getlocale()[0] or os.environ.get("LANG", "")
    return "zh" if language.lower().startswith(("zh", "chinese")) else "en"


async def _opened(screen: Screen[object]) -> None:
    """Wait until a screen has opened: its widgets end badly before."""
    for _ in range(_LOOKS_AT_OPENING):
        if screen.is_mounted:
            return
        await asyncio.sleep(_SECONDS_TO_OPEN / _LOOKS_AT_OPENING)


def run_app(path: Path | None, model: str | None) -> int:
    """Run the app to its end and return the exit status.

    Raises:
        UsageError: If standard input or output is no terminal.
        DocumentError: If `path` is there but is no text file.
        ModelError: If `model` is named and there is no such model.
        LyricistError: If the app itself failed.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "the editor needs a terminal", "run `lyricist` without redirecting input or output"
        )
    song = None
    if path is not None:
        from lyricist.app.song import Song

        song = Song.open(path)
    if model is not None:
        from lyricist.library.models import find_model

        find_model(model)
    prepare_drivers()
    app = LyricistApp(path, model, song=song)
    app.run()
    if path_of_log := log_path():
        app.latencies.write_log(path_of_log)
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
