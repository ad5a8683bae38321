"""No command prints anything that acts on a terminal, whatever songs, names and cards say.

The same holds on a pipe: what is printed for people is safe wherever it is read in the end, and
`--json` has the texts themselves, with everything but ASCII escaped.
"""

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from hostile import CANARY, FORBIDDEN, HOSTILE, acting, file_name

from lyricist.library.paths import paths
from lyricist.network.card import read_card, write_card

ALL = "\n".join(HOSTILE.values())
# NUL ends a C string: no shell can hand it over.
ARGUMENT = ALL.replace("\0", "").encode("utf-8", "replace").decode()


def assert_harmless(result):
    for stream in (result.out, result.err):
        assert not FORBIDDEN.search(stream), FORBIDDEN.findall(stream)[:5]
        assert "\x1b" not in stream and CANARY + "\x07" not in stream
        assert "Traceback" not in stream
    return result


@pytest.fixture(scope="module")
def hostile_songs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("all") / "songs\x1b]0;CANARY\x07\u202e[Hook]"
    folder.mkdir()
    for name, text in HOSTILE.items():
        file = os.path.join(os.fsencode(folder), (file_name(text) or b"x")[:60] + name.encode())
        # More than once, so that all are characters of the vocabulary.
        song = "\n".join([text[:60]] * 4).encode("utf-8", "replace")
        with open(file + b".txt", "wb") as opened:
            opened.write(song)
    return folder


@pytest.fixture(scope="module")
def hostile_training(hostile_songs, tmp_path_factory):
    """Trained on hostile songs as a user would; the model's folder, and what was printed."""
    home = tmp_path_factory.mktemp("trained")
    quick = ("--hidden-size=8", "--embedding-size=4", "--epochs=1", "--seed=1", "--prefix=a\u200b")
    command = [sys.executable, "-m", "lyricist", "train", hostile_songs, "--name=bad", *quick]
    environment = {**os.environ, "LYRICIST_HOME": str(home)}
    told = subprocess.run(command, env=environment, capture_output=True)
    assert told.returncode == 0, told.stderr
    return home / "data" / "models" / "bad", (told.stdout + told.stderr).decode()


@pytest.fixture
def hostile_model(hostile_training):
    """Its card rewritten by a stranger, and called a hostile name."""
    called = paths().models / "bad\x1b]0;CANARY\x07\n\u202e[red]x"
    shutil.copytree(hostile_training[0], called)
    said = ALL.encode("utf-8", "replace").decode()
    fields = ("notes", "licence", "command", "language", "created", "base")
    write_card(called, replace(read_card(called), **dict.fromkeys(fields, said)))
    return called


def test_training_on_hostile_songs_prints_symbols(hostile_training):
    folder, told = hostile_training
    assert not FORBIDDEN.search(told) and "is ready" in told
    learned = set(read_card(folder).characters)
    assert {"\u2063", "\ufff9", "\U000e0001", "\u0301"} <= learned


def test_commands_about_a_hostile_model(lyricist, hostile_model, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    name = hostile_model.name
    listed = assert_harmless(lyricist("models", "list"))
    assert "bad␛]0;CANARY␇␊�[red]x" in listed.out
    shown = assert_harmless(lyricist("models", "show", name))
    assert shown.status == 0 and "␛]0;CANARY␇" in shown.out
    asked = assert_harmless(lyricist("models", "remove", name))
    assert asked.status == 130 and hostile_model.exists()
    assert_harmless(lyricist("models", "export", name, tmp_path / "out\x1b]0;x\x07.zip"))
    assert_harmless(lyricist("models", "import", tmp_path / "out\x1b]0;x\x07.zip"))
    assert_harmless(lyricist("models", "rename", name, "\x1b]0;CANARY\x07"))
    assert_harmless(lyricist("doctor"))
    for command in (["show", "x"], ["list"]):
        for text in map(json.dumps, lyricist("models", *command, "--json").objects):
            assert not FORBIDDEN.search(text)


def test_what_a_hostile_model_writes_is_shown_as_symbols(lyricist, hostile_model):
    drawn = lyricist(
        "complete", "a", "--model", hostile_model.name, "--length", 400, "--temperature", 3,
        "--top-p", 1, "--seed", 3,
    )  # fmt: skip
    assert_harmless(drawn)
    assert drawn.status == 0 and set("␛�◌") & set(drawn.out), "no such character was drawn"
    as_json = lyricist("complete", "a", "--model", hostile_model.name, "--seed", 3, "--json")
    assert as_json.out.isascii() and as_json.objects[0]["text"]


def test_commands_about_hostile_songs(lyricist, hostile_songs, hostile_model):
    for command in (
        ["corpus", hostile_songs],
        ["corpus", hostile_songs, "--json"],
        ["evaluate", hostile_songs, "--model", hostile_model.name, "--json"],
    ):
        told = assert_harmless(lyricist(*command))
        assert told.status == 0 and told.out


def test_texts_and_names_on_the_command_line(lyricist, tmp_path):
    song = tmp_path / "song\x1b]0;CANARY\x07.txt"
    song.write_bytes(ALL.encode("utf-8", "replace"))
    for command in (
        ["analyze", song],
        ["rhyme", ARGUMENT],
        ["complete", ARGUMENT, "--model", ARGUMENT],
        ["complete", "a", "--length", ARGUMENT],
        ["train", ARGUMENT],
        ["evaluate", ARGUMENT],
        ["models", "show", ARGUMENT],
        ["models", "import", ARGUMENT],
        ["models", "remove", ARGUMENT, "--yes"],
        [f"--{ARGUMENT}"],
        ["completion", ARGUMENT],
    ):
        told = assert_harmless(lyricist(*command))
        assert told.out or told.err


def test_an_error_of_our_own_prints_nothing_of_the_song(lyricist, monkeypatch, home):
    import lyricist.craft.analysis as craft

    def fail(lines, rules):
        raise RuntimeError(f"cannot do: {lines} \x1b]0;CANARY\x07")

    monkeypatch.setattr(craft, "analysis", fail)
    song = home / "song.txt"
    song.write_text("the copper line\n")
    told = assert_harmless(lyricist("analyze", song))
    assert told.status == 1 and "RuntimeError" in told.err
    assert len(told.err.splitlines()) == 1
    (log,) = (home / "state" / "log").iterdir()
    assert "copper" not in told.err + log.read_text() and "in fail" in log.read_text()


def test_the_check_itself_finds_what_acts():
    assert acting(b"\x1b[31mred\x1b[0m \x1b[2J\x1b[?25h") == []
    for text in ("\x1b]0;x\x07", "\x1b]52;c;x\x07", "\x9b2J", "\u202ex", "\x1bc", "\x1bPq\x1b\\"):
        assert acting(text.encode()), text
