"""Textual's driver for Unix terminals, continued as often as the shell likes.

Textual takes every SIGCONT for the end of its own Ctrl+Z and starts to read and write once more,
beside the threads that do so already: two readers tear keys of several bytes apart. One that is
started while the app ends reads a terminal that is gone, for ever.
"""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


class ContinuedDriver(LinuxDriver):
    """Reads and writes with one thread each."""

    _is_suspended = False

    def suspend_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self._is_suspended = True
        super().suspend_application_mode()

    def resume_application_mode(self) -> None:
        """Take the terminal again."""
        self._is_suspended = False
        super().resume_application_mode()

    def _sigcont_application(self, *_: object) -> None:
        # A handler may come in the midst of any write, whose lock it would then wait for.
        self._loop.call_soon_threadsafe(self._continue)

    def _continue(self) -> None:
        if not self._auto_restart or not self._app.is_running or self._app.return_code is not None:
            return
        if not self._is_suspended:
            # Stopped from outside: the shell has set the terminal up for itself meanwhile.
            self.suspend_application_mode()
        self.resume_application_mode()
        self._app.refresh(layout=True)
