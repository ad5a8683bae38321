"""Whatever has become of our own files, the program starts, says so, and deletes nothing."""

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from driving import until, writing

from lyricist.app.train_form import TrainForm
from lyricist.app.unfinished_run import remember_run, unfinished_run
from lyricist.errors import LyricistError
from lyricist.library.draft_change import DraftChange
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.feedback import load_feedback, save_feedback
from lyricist.library.paths import paths
from lyricist.library.set_aside import take_notices
from lyricist.library.settings import Settings, load_settings, save_settings
from lyricist.library.song_notes import SongNotes, load_notes, save_notes
from lyricist.library.undo_journal import KeptEdit, UndoHistory, UndoStore
from lyricist.library.versions import SAVED, VersionStore

SONG = Path("/songs/song.txt")
TEXT = "夜里的雨\nand words\n"
EDIT = KeptEdit("夜", "", (0, 0), (0, 0), (0, 1), ((0, 0), (0, 0)), False)


@dataclass(frozen=True)
class State:
    """One of our own files. write: makes it. read: as a start does. file: where it is."""

    write: Callable[[], object]
    read: Callable[[], object]
    file: Callable[[], Path]


def only(folder):
    """Return the one file below a folder that nothing was done to."""
    (found,) = (file for file in folder.rglob("*.*") if ".corrupt-" not in file.name)
    return found


def read_version():
    store = VersionStore(SONG)
    try:
        return [store.text(version) for version in store.newest_first()]
    except LyricistError:
        return None


def write_change():
    change = DraftChange(DraftStore().keep(Draft(TEXT, str(SONG))), 1, 1, ("more",), (0, 0), 9.0)
    DraftStore().keep_change(SONG, change)


def remember():
    remember_run(TrainForm(("songs",), "mine"))
    folder = paths().training / "mine"
    folder.mkdir(exist_ok=True)
    (folder / "state.safetensors").touch()


STATES = {
    "settings": State(
        lambda: save_settings(Settings(theme="nord", recent=["/a", "/b"], keys={"ask": "f11"})),
        load_settings,
        lambda: paths().settings_file,
    ),
    "feedback": State(
        lambda: save_feedback([(5.0, 2.0)] * 8), load_feedback, lambda: paths().feedback_file
    ),
    "notes": State(
        lambda: save_notes(SONG, SongNotes(versions={"夜": ["old", "older"]})),
        lambda: load_notes(SONG),
        lambda: only(paths().notes),
    ),
    "draft": State(
        lambda: DraftStore().keep(Draft(TEXT, str(SONG), (0, 2), 5.0)),
        lambda: DraftStore().for_document(SONG),
        lambda: next(paths().drafts.glob("*.json")),
    ),
    "change of a draft": State(
        write_change,
        lambda: DraftStore().for_document(SONG),
        lambda: next(paths().drafts.glob("*.change")),
    ),
    "undo": State(
        lambda: UndoStore().keep(SONG, TEXT, UndoHistory(((EDIT,),) * 3)),
        lambda: UndoStore().load(SONG, TEXT),
        lambda: only(paths().undo),
    ),
    "version": State(
        lambda: VersionStore(SONG).keep(TEXT, SAVED, "zh"),
        read_version,
        lambda: only(paths().versions),
    ),
    "training form": State(remember, unfinished_run, lambda: paths().training / "last-run.json"),
}


def damages(data):
    """Yield what may have become of a file of these bytes: cut off, zeros, bytes changed."""
    yield from (data[: len(data) * n // 20] for n in range(20))
    yield bytes(len(data))
    chance = random.Random(1)
    for _ in range(200):
        place = chance.randrange(len(data))
        yield data[:place] + bytes([data[place] ^ chance.randrange(1, 256)]) + data[place + 1 :]
    yield chance.randbytes(len(data))


def aside(file):
    return sorted(file.parent.glob(f"{file.name}.corrupt-*"))


@pytest.mark.parametrize("name", STATES)
def test_a_damaged_file_of_our_own_is_set_aside_whole(name):
    state = STATES[name]
    state.write()
    file = state.file()
    data, moved = file.read_bytes(), 0
    for damaged in damages(data):
        file.write_bytes(damaged)
        state.read()
        for one in aside(file):
            assert one.read_bytes() == damaged and not file.exists()
            one.unlink()
            moved += 1
        assert file.exists() or not aside(file)
        assert not file.exists() or file.read_bytes() == damaged
    # Without a check of every byte, some changes leave what could have been meant.
    assert moved > (120 if name in ("draft", "change of a draft", "undo", "version") else 20)
    take_notices()
    if file.exists():
        file.unlink()
    state.write()
    assert state.read()


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("instead", ["folder", "link", "pipe", "endless link"])
def test_what_stands_in_the_place_of_a_file_of_our_own_is_set_aside(name, instead, tmp_path):
    state = STATES[name]
    foreign = tmp_path / "passwd"
    foreign.write_text("root:x:0:0:root:/root:/bin/sh\n")
    state.write()
    file = state.file()
    file.unlink()
    if instead == "folder":
        file.mkdir()
        (file / "inside").write_text("kept")
    elif instead == "link":
        file.symlink_to(foreign)
    elif instead == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(file)
    read = state.read()
    notices = [*take_notices(), str(read[1]) if name == "settings" else ""]
    assert any("corrupt-1" in notice for notice in notices)
    assert os.path.lexists(f"{file}.corrupt-1") and not os.path.lexists(file)
    state.write()
    assert state.file().is_file() and not state.file().is_symlink()
    assert foreign.read_text() == "root:x:0:0:root:/root:/bin/sh\n"
    if instead == "folder":
        assert Path(f"{file}.corrupt-1", "inside").read_text() == "kept"


async def test_with_all_of_our_files_damaged_the_song_is_opened_and_saved(tmp_path, monkeypatch):
    path = tmp_path / "song.txt"
    path.write_text(TEXT)
    monkeypatch.setitem(globals(), "SONG", path)
    for state in STATES.values():
        state.write()
    for number, file in enumerate([state.file() for state in STATES.values()]):
        file.unlink()
        if number % 3 == 0:
            os.mkfifo(file)
        elif number % 3 == 1:
            file.write_bytes(bytes(1000))
        else:
            file.mkdir()
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == TEXT)
        # Training, versions and a change of a damaged draft are not read before they are wanted.
        # Where the machine is busy, the first notice goes before the last one comes.
        told = set()

        def five_told():
            told.update(notice.message for notice in app._notifications)
            return len(told) == 5

        await until(pilot, five_told)
        assert all("corrupt-1" in message for message in told)
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: path.read_text() == "x" + TEXT)
        await until(pilot, lambda: len(VersionStore(path).newest_first()) == 2)
    shutil.rmtree(tmp_path)
