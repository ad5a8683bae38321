"""The real app in a pseudo-terminal of the operating system, driven key by key."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

from lyricist.errors import LyricistError

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_=>])")
_PAUSE = 0.0005


class Terminal:
    """A running `lyricist`; what it prints is read at once, for a full pipe would stop it.

    Args:
        arguments: After `lyricist`.
        home: Its `LYRICIST_HOME`.
        settings: More lines of its settings file.
        environment: More variables.
    """

    def __init__(
        self, arguments: list[str], home: Path, settings: str = "", **environment: str
    ) -> None:
        try:
            import fcntl
            import pty
            import struct
            import termios
        except ImportError as error:
            raise LyricistError(
                "this system has no pseudo-terminals", "measure `decode` and `suggest` instead"
            ) from error
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        variables = {
            **os.environ,
            "LYRICIST_HOME": str(home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            **environment,
        }
        # A size that is named in the environment counts for more than that of the terminal.
        for name in ("COLUMNS", "LINES"):
            variables.pop(name, None)
        _show_every_ghost(home, settings)
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lyricist", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=variables,
            start_new_session=True,
            # Its own terminal, so that it ends when this end of it is gone.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self._master = master
        self._printed = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def process_id(self) -> int:
        """Of the app; its service is a child."""
        return self._process.pid

    @property
    def printed(self) -> int:
        """Bytes printed so far."""
        return len(self._printed)

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def seconds_until(self, text: str, start: int = 0, limit: float = 60.0) -> float:
        """Seconds from the start of the app until `text` is printed.

        Raises:
            LyricistError: If it is not within `limit` seconds.
        """
        wanted = text.encode()
        while wanted not in _ESCAPES.sub(b"", bytes(self._printed[start:])):
            if time.perf_counter() - self.started > limit:
                raise LyricistError(f"the app has not shown {text!r} in {limit:.0f} seconds")
            time.sleep(_PAUSE)
        return time.perf_counter() - self.started

    def save_and_quit(self, seconds: float = 20.0) -> None:
        """Leave the app as a writer does, so that it can say its last words."""
        saved_from = self.printed
        self.send("\x13")
        self.seconds_until("saved", saved_from, time.perf_counter() - self.started + seconds)
        self.send("\x11")
        self._process.wait(seconds)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            if not data:
                return
            self._printed += data


def _show_every_ghost(home: Path, settings: str) -> None:
    """How soon a ghost comes is measured, not which one is worth showing."""
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "settings.toml").write_text(f'eagerness = "eager"\n{settings}', encoding="utf-8")
