"""The writing thread outlives its terminal, so that the app can end in order."""

import signal
import threading

from textual.drivers._writer_thread import MAX_QUEUED_WRITES

from lyricist.app.terminal import EnduringWriter


class GoneTerminal:
    """A file whose other end has been closed."""

    def write(self, text):
        raise OSError(5, "Input/output error")

    def flush(self):
        raise OSError(5, "Input/output error")


def test_writing_goes_on_without_a_terminal_and_the_app_is_asked_to_end(monkeypatch):
    asked = threading.Event()
    monkeypatch.setattr("os.kill", lambda process, number: asked.set())
    writer = EnduringWriter(GoneTerminal())
    writer.start()
    for number in range(3 * MAX_QUEUED_WRITES):
        writer.write(str(number))
    writer.stop()
    assert not writer.is_alive()
    assert asked.is_set() or not hasattr(signal, "SIGHUP")
