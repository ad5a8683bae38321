"""What happens to songs, drafts and their files in the Write screen, in the real app."""

import os
import sys
import threading

import pytest
from driving import until, writing
from song_host import asked

from lyricist.app.draft_keeper import DraftKeeper
from lyricist.app.train_form import TrainForm
from lyricist.app.training_run import TrainingRun
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.paths import paths
from lyricist.library.settings import Settings
from lyricist.suggest.protocol import Answer, Candidate, NextCharacter


def answer(screen, *texts):
    candidates = tuple(Candidate(text, -1.0, confidence=0.9) for text in texts)
    likely = (NextCharacter("q", 0.5),)
    screen.receive(Answer(screen.editor.revision, candidates, likely, 12.34, 1, 2.5))


# --- drafts


class SlowStore(DraftStore):
    """A store on a disk that stands still until it is let go."""

    def __init__(self):
        super().__init__()
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def keep(self, draft):
        self.reached.set()
        assert self.let_go.wait(10)
        super().keep(draft)


async def test_a_draft_on_its_way_does_not_come_back_after_it_was_discarded():
    import asyncio

    store = SlowStore()
    keeper = DraftKeeper(store)
    keeping = asyncio.create_task(keeper.keep(Draft("old")))
    await asyncio.to_thread(store.reached.wait, 10)
    discarding = asyncio.create_task(keeper.discard(None))
    await asyncio.sleep(0.05)
    store.let_go.set()
    await asyncio.gather(keeping, discarding)
    assert store.newest() is None


async def test_of_two_drafts_the_one_kept_last_counts():
    import asyncio

    store = SlowStore()
    keeper = DraftKeeper(store)
    first = asyncio.create_task(keeper.keep(Draft("first")))
    await asyncio.to_thread(store.reached.wait, 10)
    others = [asyncio.create_task(keeper.keep(Draft(text))) for text in ("second", "third")]
    await asyncio.sleep(0.05)
    store.let_go.set()
    await asyncio.gather(first, *others)
    assert store.newest().text == "third"


async def test_undoing_everything_takes_the_draft_back():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"words")
        await until(pilot, lambda: DraftStore().newest() is not None)
        await pilot.press("ctrl+z")
        assert screen.editor.text == ""
        await until(pilot, lambda: DraftStore().newest() is None)


async def test_opening_a_file_leaves_the_draft_without_a_file_alone(tmp_path):
    DraftStore().keep(Draft("nowhere yet", None, (0, 0), 1.0))
    path = tmp_path / "song.txt"
    path.write_text("old")
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "old")
        await pilot.press("x")
        await until(pilot, lambda: DraftStore().for_document(path) is not None)
        assert DraftStore().for_document(None).text == "nowhere yet"
        await pilot.press("ctrl+z", "ctrl+n")
        await until(pilot, lambda: screen.editor.text == "nowhere yet")


async def test_a_draft_that_is_back_is_remarked_and_typing_ends_the_remark():
    DraftStore().keep(Draft("words", None, (0, 5), 1.0))
    async with writing() as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "words")
        await pilot.pause(0.2)
        status = screen.query_one(StatusBar)
        assert status.remark == "your draft is back"
        await pilot.press("x")
        await pilot.pause(0.1)
        assert status.remark == ""


@pytest.mark.parametrize(("saved_at", "word"), [(1.0, "older"), (4e9, "newer")])
async def test_a_draft_is_offered_with_its_age_and_discarded_when_told_so(tmp_path, saved_at, word):
    path = tmp_path / "[Hook] \x1b[2J.txt"
    path.write_text("from the file")
    DraftStore().keep(Draft("from the draft", str(path), (0, 4), saved_at))
    async with writing(path) as (app, screen, pilot):
        question = await asked(app, pilot)
        assert "[Hook] ␛[2J.txt" in question and word in question
        await pilot.press("right", "right", "enter")
        await until(pilot, lambda: screen.editor.text == "from the file")
    assert DraftStore().for_document(path) is None


async def test_a_draft_whose_file_is_gone_is_still_there(tmp_path):
    folder = tmp_path / "gone"
    DraftStore().keep(Draft("all there is", str(folder / "song.txt"), (0, 0), 1.0))
    async with writing() as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "all there is")
        assert len(app._notifications) == 1


# --- files


async def test_a_character_that_the_encoding_lacks_leads_to_utf8(tmp_path):
    path = tmp_path / "song.txt"
    old = "un café déjà vu\r\nnaïve comme l'été\r\n"
    path.write_bytes(old.encode("cp1252"))
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: "café" in screen.editor.text)
        await pilot.press("夜", "ctrl+s")
        assert "which has no 夜" in await asked(app, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert path.read_bytes() == old.encode("cp1252")
        await pilot.press("ctrl+s")
        await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: path.read_bytes() == f"夜{old}".encode())


async def test_saving_under_a_name_that_is_taken_asks_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    other = tmp_path / "song.txt"
    other.write_text("somebody's song")
    async with writing() as (app, screen, pilot):
        await pilot.press(*"words", "ctrl+s")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.pause(0.3)
        await pilot.press("enter")
        assert "song.txt already" in await asked(app, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert other.read_text() == "somebody's song"
        await pilot.press("f12")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.pause(0.3)
        await pilot.press("enter")
        await asked(app, pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: other.read_text() == "words")


async def test_separators_that_are_no_line_feeds_come_back_as_they_were(tmp_path):
    text = "a\u2028b\u2029c\x0bd\x0ce\x85f\x1cg\x00h\n\n[Chorus]\n[/Hook]\n"
    path = tmp_path / "song.txt"
    path.write_bytes(text.encode())
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: "[Chorus]" in screen.editor.text)
        assert screen.editor.text == text
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: path.read_bytes() == b"x" + text.encode())


async def test_a_name_without_a_file_is_a_new_file(tmp_path):
    async with writing(tmp_path / "new.txt") as (app, screen, pilot):
        await until(pilot, lambda: screen.song.name == "new.txt")
        await pilot.pause(0.1)
        assert screen.query_one(StatusBar).remark == "a new file"
        assert not screen.query_one(StatusBar).modified


# --- the end


async def test_an_error_of_our_own_keeps_the_song_and_says_so_in_one_line():
    with pytest.raises(ZeroDivisionError):
        async with writing() as (app, screen, pilot):
            await pilot.press(*"words")
            screen.call_later(lambda: 1 / 0)
            await pilot.pause(0.2)
    assert DraftStore().newest().text == "words"
    assert app.return_code == 1
    line = str(app.failure)
    assert "ZeroDivisionError" in line and "kept as a draft" in line and "\n" not in line
    (log,) = paths().log.iterdir()
    assert str(log) in line
    assert "in <lambda>" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0 or os.name == "nt"


async def test_quitting_under_a_training_asks_first():
    async with writing() as (app, screen, pilot):
        app.training = TrainingRun(TrainForm(corpus=("songs",), name="mine", base="zh"))
        app.training.start([sys.executable, "-c", "import time; time.sleep(60)"])
        await pilot.pause(0.1)
        await pilot.press("ctrl+q")
        assert "training" in await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert app.training.is_active
        await pilot.press("ctrl+q")
        await asked(app, pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0


# --- suggestions that are not to be seen


async def test_only_what_the_writer_can_see_is_taken():
    settings = Settings(ghost=False, pane=True)
    async with writing(settings=settings) as (app, screen, pilot):
        await pilot.press("a")
        answer(screen, "bc")
        await pilot.press("f2", "tab", "ctrl+right", "right")
        assert screen.editor.text == "a"
        await pilot.press("f2", "tab")
        assert screen.editor.text == "abc"


async def test_inside_a_line_tab_takes_nothing_but_a_number_does():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"ad", "left", "b")
        answer(screen, "c", "x")
        await pilot.pause(0.1)
        assert screen.pane.state.candidates == ("c", "x")
        assert screen.pane.state.shown == -1
        await pilot.press("tab")
        assert screen.editor.text == "abd"
        await pilot.press("alt+1")
        assert screen.editor.text == "abcd"


async def test_the_pane_forgets_what_was_true_before_a_deletion():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"ab")
        answer(screen, "c")
        await pilot.pause(0.1)
        assert screen.pane.state.candidates and screen.pane.state.next_characters
        await pilot.press("backspace")
        await pilot.pause(0.05)
        assert not screen.pane.state.candidates and not screen.pane.state.next_characters


async def test_the_pane_does_not_flicker_between_two_keys_but_gives_up_in_the_end():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"ab")
        answer(screen, "c")
        await pilot.pause(0.05)
        await pilot.press("z")
        assert screen.editor.ghost.text == ""
        assert screen.pane.state.candidates == ("c",)
        await until(pilot, lambda: screen.pane.state.candidates == ())
        assert screen.pane.state.next_characters == ()


SERVICE = """
import sys
from lyricist.suggest.protocol import *
def say(message):
    sys.stdout.write(to_line(message)); sys.stdout.flush()
def load(model):
    if model == "gone":
        say(Failure("there is no model gone"))
    else:
        say(Ready(model, "/m", 10, 20.0, "cpu"))
load(sys.argv[1])
for line in sys.stdin:
    message = from_line(line)
    if isinstance(message, UseModel):
        load(message.model)
    else:
        say(Answer(message.revision, (Candidate("!", -1.0, 0.9),), (), 7.5, 1, 1.0))
"""


async def test_a_model_that_is_gone_gives_way_to_one_that_is_there(monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")
    settings = Settings(model="gone")
    service = (sys.executable, "-c", SERVICE)
    async with writing(settings=settings, command=service) as (app, screen, pilot):
        await until(pilot, lambda: screen.pane.state.model in ("en", "zh"))
        assert app.current_model == screen.pane.state.model
        app.use_model("gone")
        await until(pilot, lambda: app.current_model != "gone")
        assert settings.model == "gone", "it may come back"


async def test_an_opened_song_has_its_perplexity_at_once_and_no_ghost(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("a song of one line\n")
    service = (sys.executable, "-c", SERVICE)
    async with writing(path, command=service) as (app, screen, pilot):
        await until(pilot, lambda: screen.pane.state.perplexity == 7.5)
        assert screen.editor.ghost.text == ""
        await pilot.press("x")
        await until(pilot, lambda: screen.editor.ghost.text == "!")


async def test_the_question_about_an_opened_song_takes_the_place_of_no_other(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("a song of one line\n")
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: app.client._newest is not None)
        assert app.client._newest.revision < 0
        screen.editor.insert("x")
        screen.song_shown()
        await until(pilot, lambda: app.client._newest.revision == screen.editor.revision)
        screen.song_shown()
        assert app.client._newest.revision == screen.editor.revision


async def test_an_unknown_theme_is_named_and_a_chosen_one_is_remembered():
    settings = Settings(theme="[/Hook]")
    async with writing(settings=settings) as (app, screen, pilot):
        assert any("[/Hook]" in n.message for n in app._notifications)
        app.theme = "nord"
        await until(pilot, lambda: settings.theme == "nord")
        await pilot.press("f9")
        await until(pilot, lambda: settings.theme == "textual-light")
