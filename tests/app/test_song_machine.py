"""A song, its draft, other programs and crashes, in any order: nothing is lost, nothing torn."""

import errno
import os
import shutil
import tempfile
import time
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lyricist.app.song import Song, draft_path, draft_to_offer
from lyricist.errors import DocumentError
from lyricist.library import atomic
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.file_changes import change_of, keep_beside

DISK = "/dev/shm" if Path("/dev/shm").is_dir() else None
words = st.sampled_from(["la", "夜", "\n", "night and day", "\n\n", "é"])
contents = st.lists(
    st.sampled_from(["la", "夜", "\n", "\r\n", "\r", "day"]), min_size=1, max_size=6
).map(lambda parts: "".join(parts).encode())


def in_the_editor(data):
    """What a file's bytes are in the editor."""
    return data.decode().replace("\r\n", "\n").replace("\r", "\n")


class SongMachine(RuleBasedStateMachine):
    """Does what a writer, another program and a failing computer do."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=DISK))
        (self.folder / "songs").mkdir()
        self.path = self.folder / "songs" / "song.txt"
        self.store = DraftStore(self.folder / "drafts")
        self.song, self.text = Song.open(self.path), ""
        # What is to be found: in the file, in the draft, and in files kept beside.
        self.on_disk = self.in_draft = None
        self.beside = []

    def teardown(self):
        shutil.rmtree(self.folder)

    @rule(word=words, place=st.floats(0, 1))
    def type(self, word, place):
        at = int(place * len(self.text))
        self.text = self.text[:at] + word + self.text[at:]

    @rule(start=st.floats(0, 1), end=st.floats(0, 1))
    def delete(self, start, end):
        first, last = sorted((int(start * len(self.text)), int(end * len(self.text))))
        self.text = self.text[:first] + self.text[last:]

    @rule()
    def keep_draft(self):
        if self.song.is_modified(self.text):
            self.store.keep(Draft(self.text, draft_path(self.song), (0, 0), time.time()))
            self.in_draft = self.text

    @rule()
    def save(self):
        change = change_of(self.path, self.song.content)
        noticed = self.on_disk is not None and self.on_disk != self.song.content
        assert (change.kind == "changed") == noticed
        if noticed:
            assert keep_beside(self.path, change.content).read_bytes() == self.on_disk
            self.beside.append(self.on_disk)
        self.song.save(self.text)
        self.on_disk = self.song.content
        self.store.discard(str(self.path))
        self.in_draft = None
        assert in_the_editor(self.on_disk) == self.text
        assert not self.song.is_modified(self.text)

    @rule(call=st.sampled_from(["write", "fsync", "replace", "chmod"]))
    def save_on_a_disk_that_refuses(self, call):
        known, saved = self.song.content, self.song.saved_text

        def refuse(*args, **kwargs):
            raise OSError(errno.ENOSPC, "No space left on device")

        # The mode of a file that is not there yet is nobody's to keep.
        if (call == "chmod" and self.on_disk is None) or (call == "write" and not self.text):
            return
        with mock.patch.object(atomic.os, call, refuse), pytest.raises(DocumentError):
            self.song.save(self.text)
        assert (self.song.content, self.song.saved_text) == (known, saved)

    @rule(data=contents)
    def write_by_another_program(self, data):
        self.path.write_bytes(data)
        self.on_disk = data

    @rule()
    def delete_by_another_program(self):
        self.path.unlink(missing_ok=True)
        self.on_disk = None

    @rule()
    def take_theirs(self):
        if self.on_disk is not None:
            self.song = Song.open(self.path)
            self.text = self.song.saved_text
            assert self.text == in_the_editor(self.on_disk)

    @rule()
    def crash(self):
        self.song = Song.open(self.path)
        draft = draft_to_offer(self.store, self.song)
        if self.in_draft is not None and self.in_draft != self.song.saved_text:
            assert draft.text == self.in_draft
        else:
            assert draft is None
        self.text = draft.text if draft is not None else self.song.saved_text

    @invariant()
    def everything_is_where_it_should_be(self):
        found = self.path.read_bytes() if self.path.exists() else None
        assert found == self.on_disk
        names = [name for name in os.listdir(self.path.parent) if name != "song.txt"]
        kept = [(self.path.parent / name).read_bytes() for name in names]
        assert sorted(kept) == sorted(self.beside)


TestSongMachine = SongMachine.TestCase
TestSongMachine.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
