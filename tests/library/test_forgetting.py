"""Forgetting goes through all our folders and leaves only songs, settings and models."""

import pytest

from lyricist.errors import LyricistError
from lyricist.library.atomic import write_bytes
from lyricist.library.crash_log import write_crash
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.feedback import save_feedback
from lyricist.library.forgetting import forget_everything, traces
from lyricist.library.paths import paths, private_folder
from lyricist.library.settings import Settings, load_settings, save_settings
from lyricist.library.song_notes import SongNotes, save_notes

CANARY = "the copper canary of line nine"


@pytest.fixture
def lived_in(tmp_path):
    """A home after a long day, with kinds of files that nobody has thought of yet."""
    song = tmp_path / "songs" / "mine.txt"
    song.parent.mkdir()
    song.write_text(CANARY)
    ours = private_folder(paths().data) / "kept beside.txt"
    ours.write_text("a song that was saved among our own files")
    DraftStore().keep(Draft(CANARY, str(song)))
    notes = SongNotes()
    notes.remember_version(CANARY, "another line")
    save_notes(song, notes)
    save_feedback([(9.0, 3.0)])
    write_crash(ValueError(CANARY))
    for folder in ("state/undo/deep", "cache/index", "data/versions/9", "state/training/mine"):
        place = private_folder(paths().state.parent / folder)
        write_bytes(place / "some file", CANARY.encode())
        write_bytes(place / ".lyricist-half.tmp", CANARY.encode())
    write_bytes(private_folder(paths().config) / "settings.toml.broken-1", CANARY.encode())
    write_bytes(private_folder(paths().models / "mine") / "model.toml", b"a model")
    write_bytes(private_folder(paths().models / ".import-x") / "model.toml", CANARY.encode())
    save_settings(
        Settings(theme="nord", recent=[str(song), str(ours)], corpus=[CANARY], lock_word=CANARY)
    )
    paths().settings_file.write_text("# my comment\n" + paths().settings_file.read_text())
    return song


def files_with(text, folder):
    return [p for p in folder.rglob("*") if p.is_file() and text.encode() in p.read_bytes()]


def test_nothing_in_the_home_tells_of_the_songs_any_more(lived_in, home):
    assert len(files_with(CANARY, home)) > 9
    forget_everything()
    assert not files_with(CANARY, home) and not files_with("copper", home)
    left = {str(p.relative_to(home)) for p in home.rglob("*") if p.is_file()}
    assert left == {"config/settings.toml", "data/kept beside.txt", "data/models/mine/model.toml"}


def test_songs_settings_and_models_stay(lived_in):
    forget_everything()
    assert lived_in.read_text() == CANARY
    settings, notice = load_settings()
    assert (settings, notice) == (Settings(theme="nord"), None)
    assert "# my comment" in paths().settings_file.read_text()
    assert (paths().models / "mine" / "model.toml").read_bytes() == b"a model"


def test_models_go_where_that_is_wanted(lived_in):
    save_settings(Settings(model="mine"))
    forget_everything(models=True)
    assert not paths().models.exists()
    assert load_settings()[0].model == ""


def test_what_would_go_is_told_before(lived_in):
    told = {trace.path: trace.files for trace in traces()}
    assert told[paths().drafts] == 1
    assert told[paths().state / "undo"] == 2
    assert paths().settings_file not in told and lived_in not in told
    forget_everything()
    assert traces() == []


def test_a_link_goes_and_what_it_leads_to_stays(lived_in, tmp_path):
    (paths().state / "linked").symlink_to(lived_in.parent)
    forget_everything()
    assert not (paths().state / "linked").is_symlink()
    assert lived_in.read_text() == CANARY


def test_a_folder_locked_against_writing_goes(lived_in):
    locked = paths().state / "undo"
    locked.chmod(0o500)
    forget_everything()
    assert not locked.exists()


def test_what_a_running_program_needs_can_be_kept(lived_in):
    lock = private_folder(paths().state / "locks") / "mine.lock"
    lock.write_bytes(b"")
    forget_everything(keep=[lock])
    assert lock.exists() and not (paths().state / "undo").exists()


def test_what_cannot_be_removed_is_named_and_all_else_goes(lived_in, monkeypatch):
    import lyricist.library.forgetting as forgetting

    real = forgetting._remove

    def remove(path):
        if path.name == "undo":
            raise PermissionError(13, "Permission denied")
        real(path)

    monkeypatch.setattr(forgetting, "_remove", remove)
    with pytest.raises(LyricistError, match="undo cannot be removed"):
        forget_everything()
    assert not paths().drafts.exists()
    assert load_settings()[0].recent == []


def test_a_home_that_was_never_used_stays_so(home):
    forget_everything(models=True)
    assert list(home.rglob("*")) == []
