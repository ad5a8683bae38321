"""A real pseudo-terminal with a screen that can be read, for tests of the installed command."""

import os
import re
import time

import pexpect
import pyte
from terminal_command import installed_command

ESCAPE_KEYS = {
    "alt+]": "\x1b]",
    "alt+[": "\x1b[",
    "ctrl+right": "\x1b[1;5C",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "escape": "\x1b",
    "tab": "\t",
    "enter": "\r",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
}
_KEPT_BYTES = 4_000_000


class PseudoTerminal:
    """Runs a command in a terminal of `columns` x `rows` and keeps its screen."""

    def __init__(self, arguments, home, columns=100, rows=30, command=None, **environment):
        env = {
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
            env.pop(name, None)
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.child = pexpect.spawn(
            command or installed_command(),
            list(map(str, arguments)),
            env=env,
            dimensions=(rows, columns),
        )
        self.child.delaybeforesend = None

    def type(self, text, pause=0.02):
        """Send characters one at a time, as a person would."""
        for character in text:
            self.child.send(character)
            self.read(pause)

    def press(self, *keys):
        """Send named keys: `tab`, `ctrl+s`, `alt+]`, ..."""
        for key in keys:
            sequence = ESCAPE_KEYS.get(key)
            if sequence is None:
                assert key.startswith("ctrl+") and len(key) == 6, key
                sequence = chr(ord(key[-1].upper()) - 64)
            self.child.send(sequence)
            self.read(0.05)

    def read(self, seconds=0.05):
        """Take in what the command prints within `seconds`."""
        end = time.monotonic() + seconds
        while True:
            try:
                data = self.child.read_nonblocking(65536, timeout=max(0.0, end - time.monotonic()))
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                return
            self.feed(data)
            if time.monotonic() >= end:
                return

    def feed(self, data):
        """Take in what the command has printed; of a long run only the end is kept as it came."""
        self.raw = (self.raw + data)[-_KEPT_BYTES:]
        self._stream.feed(data)

    @property
    def text(self):
        """The screen as text, wide characters once: the cell behind one holds nothing."""
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        columns = range(self.screen.columns)
        return "\n".join("".join(row[x].data for x in columns).rstrip() for row in rows)

    @property
    def candidates(self):
        """The numbered candidates of the model pane, as far as they are shown."""
        # In the gutter beside the song more spaces come after a number.
        return re.findall(r"[▸ ]\d {1,2}(\S.*)$", self.text, re.MULTILINE)

    def wait_for_ghost(self, line, seconds=30):
        """Wait until a candidate is painted behind `line`; the pane keeps older ones until then."""
        self.wait_for(
            lambda: self.candidates and f"{line}{self.candidates[0].split()[0]}" in self.text,
            seconds,
        )

    def wait_for(self, condition, seconds=30):
        """Read until `condition` (a text on the screen, or a function) holds."""
        holds = condition if callable(condition) else (lambda: condition in self.text)
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s for {condition!r}; screen:\n{self.text}")
            self.read(0.1)

    def finish(self, seconds=15):
        """Wait for the end; returns the exit status (128 + n for a signal's own exit)."""
        end = time.monotonic() + seconds
        while self.child.isalive():
            assert time.monotonic() < end, f"still running; screen:\n{self.text}"
            self.read(0.1)
        self.read(0.05)
        self.child.close()
        return self.child.exitstatus

    def close(self):
        """End the command, whatever it does."""
        self.child.close(force=True)
