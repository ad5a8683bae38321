"""Typing, undoing, saving and crashing in any order: what was kept comes back, undo and all.

The editor's document and history, the drafts, the undo journal and the versions as they are, on a
real disk, without a screen.
"""

import copy
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from textual.document._document import Selection
from textual.document._edit import Edit

from lyricist.app.draft_keeper import DraftKeeper
from lyricist.app.song import Song, draft_path, draft_to_offer
from lyricist.app.widgets.kept_history import kept_history, put_back
from lyricist.app.widgets.song_document import SongDocument
from lyricist.app.widgets.song_history import SongHistory
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.set_aside import take_notices
from lyricist.library.undo_journal import UndoStore, is_history_of
from lyricist.library.versions import SAVED, VersionStore

TYPED = st.text(st.sampled_from("ab 夜é\n\u2028\ud800"), min_size=1, max_size=4)
WHERE = st.tuples(st.integers(0, 5), st.integers(0, 9))


class Desk:
    """What an edit needs of a text area: a document, a selection, a history."""

    def __init__(self, text):
        self.document = SongDocument(text)
        self.selection = Selection.cursor((0, 0))
        self.history = SongHistory(1000, 2.0, 100)

    def place(self, wanted):
        row = min(wanted[0], self.document.line_count - 1)
        return row, min(wanted[1], len(self.document.get_line(row)))

    def edit(self, edit):
        edit.do(self)
        self.selection = edit._updated_selection
        self.history.record(edit)

    def undo(self):
        for edit in reversed(self.history._pop_undo() or []):
            edit.undo(self)

    def redo(self):
        for edit in self.history._pop_redo() or []:
            edit.do(self, record_selection=False)

    def all_undone(self):
        """Every text that undoing leads through, and then every one that redoing does."""
        clone, texts = copy.deepcopy(self), []
        while clone.history.redo_stack:
            clone.redo()
            texts.append(clone.document.text)
        while clone.history.undo_stack:
            clone.undo()
            texts.append(clone.document.text)
        return texts


class Recovery(RuleBasedStateMachine):
    """The last text that was kept or saved is what a start after a crash begins with."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.file = self.folder / "song.txt"
        self.file.write_text("old\nfile", encoding="utf-8")
        self.store = DraftStore(self.folder / "drafts")
        self.undo_store = UndoStore(self.folder / "undo")
        self.versions = VersionStore(self.file, self.folder / "versions")
        self.song = Song.open(self.file)
        self.desk = Desk(self.song.saved_text)
        self.kept, self.kept_undo = self.desk.document.text, []
        self.saved = self.song.saved_text

    def teardown(self):
        shutil.rmtree(self.folder)
        assert take_notices() == []

    @rule(text=TYPED, burst=st.integers(1, 4))
    def type(self, text, burst):
        for _ in range(burst):
            cursor = self.desk.selection.end
            self.desk.edit(Edit(text, cursor, cursor, False))

    @rule(start=WHERE, end=WHERE, text=st.just("") | TYPED, stays=st.booleans())
    def replace(self, start, end, text, stays):
        start, end = self.desk.place(start), self.desk.place(end)
        self.desk.edit(Edit(text, start, end, stays))
        self.desk.selection = Selection(*map(self.desk.place, self.desk.selection))

    @rule(where=WHERE)
    def go(self, where):
        self.desk.selection = Selection.cursor(self.desk.place(where))
        self.desk.history.checkpoint()

    @rule(times=st.integers(1, 3))
    def undo(self, times):
        for _ in range(times):
            self.desk.undo()
        self.desk.selection = Selection.cursor(self.desk.place((0, 0)))

    @rule()
    def redo(self):
        self.desk.redo()
        self.desk.selection = Selection.cursor(self.desk.place((0, 0)))

    @rule()
    def keep(self):
        text, path = self.desk.document.text, draft_path(self.song)
        history = kept_history(self.desk.history)
        if self.song.is_modified(text):
            self.store.keep(Draft(text, path, (0, 0), 1.0))
        else:
            self.store.discard(path)
        self.undo_store.keep(path, text, history)
        self.kept, self.kept_undo = text, self.desk.all_undone()

    @precondition(lambda self: "\ud800" not in self.desk.document.text)
    @rule()
    def save(self):
        text = self.desk.document.text
        self.song.save(text)
        self.versions.keep(text, SAVED)
        self.saved = text
        self.keep()

    @rule()
    def crash(self):
        """Nothing is left but what is on the disk."""
        self.song = Song.open(self.file)
        draft = draft_to_offer(self.store, self.song)
        text = self.song.saved_text if draft is None else draft.text
        assert text == self.kept
        self.desk = Desk(text)
        found = self.undo_store.load(self.file, text)
        assert is_history_of(text, found)
        put_back(self.desk.history, found)
        assert self.desk.all_undone() == self.kept_undo

    @invariant()
    def the_file_and_its_version_are_what_was_saved(self):
        assert self.file.read_text(encoding="utf-8") == self.saved
        newest = self.versions.newest_first()[:1]
        assert [self.versions.text(version) for version in newest] in ([], [self.saved])


Recovery.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestRecovery = Recovery.TestCase


async def test_a_keeper_brings_back_what_it_kept_and_sets_aside_what_does_not_fit(home):
    desk = Desk("one")
    for letter in "xyz":
        desk.edit(Edit(letter, (0, 0), (0, 0), False))
        desk.history.checkpoint()
    keeper, text = DraftKeeper(), desk.document.text
    history = kept_history(desk.history)
    await keeper.keep(Draft(text, "song.txt"), history)
    assert await keeper.undo_of("song.txt", text) == history
    assert not await keeper.undo_of("song.txt", text + " and more")
    # A journal that says it is for another text, all its own checks being right.
    UndoStore().keep("song.txt", "another", history)
    assert not await keeper.undo_of("song.txt", "another")
    assert "corrupt-1" in take_notices()[0]
