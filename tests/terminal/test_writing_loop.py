"""The installed command in a real pseudo-terminal: write, accept, save, train, use, quit."""

import signal

from lyricist.library.drafts import DraftStore
from lyricist.library.models import list_models
from lyricist.library.settings import load_settings

# What a terminal must get back: mouse off, alternate screen off, cursor on, pasting plain.
RESTORED = (b"\x1b[?1000l", b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l")


def test_the_whole_loop(terminal, tmp_path):
    song = tmp_path / "song.txt"
    app = terminal(song, columns=110, rows=32)
    app.wait_for("Accept")
    app.wait_for("ready")

    app.type("the night is ")
    app.wait_for_ghost("the night is ")
    first = app.candidates[0]
    app.press("tab")
    app.wait_for(lambda: f"the night is {first.split()[0]}" in app.text and "●" in app.text)

    app.press("enter")
    app.type("我们在夜里")
    app.wait_for("zh · ready")
    app.wait_for(lambda: app.candidates or "may end here" in app.text)
    app.press("ctrl+s")
    app.wait_for("saved")
    saved = song.read_text(encoding="utf-8")
    assert saved.startswith("the night is ")
    assert first.split()[0] in saved
    assert saved.endswith("\n我们在夜里")

    corpus = tmp_path / "mine"
    corpus.mkdir()
    for n in range(40):
        text = f"第{n}盏街灯 还亮着\n我数到第{n}步 你没有回头\n雨落下来 我们都不说话\n"
        (corpus / f"{n}.txt").write_text(text, encoding="utf-8")
    app.press("ctrl+t")
    app.wait_for("Train")
    train_in_the_app(app, corpus)

    own = [entry for entry in list_models() if not entry.shipped]
    assert [entry.name for entry in own] == ["mine"]
    app.wait_for(lambda: load_settings()[0].model == "mine")
    app.wait_for("mine · ready")
    app.press("enter")
    # Behind lines that it knows nothing of, so small a model may have nothing to propose.
    app.type("第5盏街灯 还亮着")
    app.press("enter")
    app.type("雨落下来 我们")
    app.wait_for(lambda: "雨落下来" in app.text and "●" in app.text and app.candidates)
    assert "我们在夜里" in app.text, "the song stays open"

    app.press("ctrl+s")
    app.wait_for(lambda: "saved" in app.text and "●" not in app.text)
    app.press("ctrl+q")
    assert app.finish() == 0
    for sequence in RESTORED:
        assert sequence in app.raw


def train_in_the_app(app, corpus):
    """Drive the Train screen by keyboard: add the folder, start, wait, use the new model."""
    app.wait_for("Start training")
    app.press("delete")
    app.wait_for("No songs chosen")
    # The list is empty now and gives the focus on; nobody types a path within this time.
    app.read(0.5)
    app.press("tab")
    app.read(0.5)
    app.type(str(corpus))
    app.press("enter")
    app.wait_for("40 songs")
    app.press("ctrl+r")
    app.wait_for("held-out", 60)
    app.wait_for("Old and new", 90)
    app.wait_for("The new model reads your held-out songs better", 60)
    app.press("enter")


def test_terminate_and_hangup_keep_the_draft_and_restore_the_terminal(terminal, home):
    for number in (signal.SIGTERM, signal.SIGHUP):
        app = terminal(columns=80, rows=24)
        app.wait_for("Accept")
        words = f"words before {number.name} "
        app.type(words)
        # What has not reached the editor yet is nobody's to keep.
        app.wait_for(words.strip())
        app.read(0.3)
        app.child.kill(number)
        assert app.finish() == 128 + number
        assert DraftStore(home / "state" / "drafts").newest().text.endswith(words)
        for sequence in RESTORED:
            assert sequence in app.raw
        again = terminal(columns=80, rows=24)
        again.wait_for(words.strip())
        again.close()


def test_nothing_in_a_file_or_its_name_acts_on_the_terminal(terminal, tmp_path):
    path = tmp_path / "a\x1b]0;CANARY\x07b.txt"
    hostile = "x\x1b]0;CANARY\x07y\x1b]52;c;Q0FOQVJZ\x07\n[Chorus]\n[/Hook]\n\u009b2J\n"
    path.write_text(hostile + "a line as any other\n" * 20, encoding="utf-8")
    app = terminal(path, columns=80, rows=24)
    app.wait_for("[Chorus]")
    app.wait_for("[/Hook]")
    assert b"CANARY\x07" not in app.raw
    assert b"\x1b]52" not in app.raw and b"\x1b]0;CANARY" not in app.raw
    assert "␛]0;CANARY␇" in app.text
    app.press("ctrl+q")
    assert app.finish() == 0


def test_a_small_terminal_is_usable(terminal, tmp_path):
    app = terminal(tmp_path / "s.txt", columns=40, rows=12)
    app.wait_for("ready")
    app.type("I walk ")
    app.wait_for_ghost("I walk ")
    app.press("tab", "ctrl+s")
    app.wait_for("saved")
    assert len((tmp_path / "s.txt").read_text()) > len("I walk ")
    app.press("ctrl+q")
    assert app.finish() == 0
