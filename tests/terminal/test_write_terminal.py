"""What only a real terminal shows of the Write screen: its own key sequences, and bad endings."""

import sys
import time

from lyricist.library.drafts import DraftStore

CRASHING = """
from lyricist.app.screens.write import WriteScreen
WriteScreen.action_help = lambda self: [][0]
from lyricist.cli import main
main()
"""


def test_alt_with_a_digit_or_a_bracket_reaches_the_editor(terminal, tmp_path):
    song = tmp_path / "song.txt"
    app = terminal(song, columns=110, rows=32)
    app.wait_for("en · ready")
    app.type("I walk ")
    app.wait_for_ghost("I walk ")
    app.wait_for(lambda: len(app.candidates) > 2)
    app.press("alt+]")
    app.wait_for("▸2 ")
    app.press("alt+[")
    app.wait_for("▸1 ")
    third = app.candidates[2].strip()
    app.child.send("\x1b3")
    app.wait_for(f"I walk {third}")
    app.press("ctrl+s")
    app.wait_for("saved")
    # The pane may have had no room for all of it.
    assert song.read_text(encoding="utf-8").startswith(f"I walk {third}")


def test_keys_that_arrive_at_once_act_in_their_order(terminal, tmp_path):
    song = tmp_path / "song.txt"
    app = terminal(song, columns=110, rows=32)
    app.wait_for("en · ready")
    # A slow line hands several keys over in one piece: two letters put right, a step to the left.
    app.child.send("teh\x7f\x7fhe rian\x1b[D\x1b[D\x7fa\x1b[C\x7fi\x1b[1;5Fs\r\x7fx")
    app.read(0.5)
    app.press("ctrl+s")
    app.wait_for("saved")
    assert song.read_text(encoding="utf-8") == "the rainsx"


def test_an_error_of_our_own_ends_in_one_line_and_keeps_the_song(terminal, home):
    app = terminal("-c", CRASHING, command=sys.executable, columns=100, rows=30)
    app.wait_for("Accept")
    app.type("words before ")
    app.press("f1")
    assert app.finish() == 1
    assert b"IndexError" in app.raw and b"Traceback" not in app.raw
    assert b"kept as a draft" in app.raw
    assert DraftStore(home / "state" / "drafts").newest().text.endswith("words before ")
    for sequence in (b"\x1b[?1000l", b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l"):
        assert sequence in app.raw


def test_a_closed_terminal_keeps_the_draft_and_ends_the_app(terminal, home):
    app = terminal(columns=80, rows=24)
    app.wait_for("Accept")
    app.type("words before ")
    app.wait_for("1:14")
    process = app.child.ptyproc
    process.fileobj.close()
    process.closed = app.child.closed = True
    end = time.monotonic() + 15
    while process.isalive():
        assert time.monotonic() < end, "still running"
        time.sleep(0.05)
    assert DraftStore(home / "state" / "drafts").newest().text.endswith("words before ")
