"""The Write screen in the real app: files, drafts, pane, keys. The service is a silent process."""

from pathlib import Path

import pytest
from driving import drawn, until, writing

from lyricist.app.screens.dialogs import Question
from lyricist.app.widgets.model_pane import ModelPane
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.library.drafts import Draft, DraftStore
from lyricist.library.feedback import load_feedback
from lyricist.library.settings import Settings, load_settings
from lyricist.suggest.protocol import Answer, Candidate, Failure, NextCharacter, Ready, Sources


def answer(screen, *texts, revision=None, confidence=0.9, **fields):
    screen.receive(
        Answer(
            screen.editor.revision if revision is None else revision,
            tuple(Candidate(text, -1.0 - n, confidence) for n, text in enumerate(texts)),
            fields.pop("next_characters", (NextCharacter("雨", 0.5), NextCharacter("\n", 0.2))),
            12.34,
            1,
            2.5,
            **fields,
        )
    )


async def test_the_pane_shows_what_the_model_makes_of_the_song():
    async with writing() as (app, screen, pilot):
        screen.receive(Ready("zh", "/m/zh", 5000, 61.9, "cpu"))
        screen.show_service_status("ready")
        await pilot.press(*"the ")
        answer(screen, "[Chorus] rain", "[/Hook] \x1b]0;x\x07")
        await pilot.pause(0.1)
        text = drawn(app.screen.query_one(ModelPane))
        for part in ("zh · ready", "12.3", "61.9", "▸1 [Chorus] rain", "2 [/Hook] ␛]0;x␇", "⏎"):
            assert part in text
        assert "50.0%" in text and "━" in text
        await pilot.press("alt+right_square_bracket")
        await pilot.pause(0.1)
        assert "▸2" in drawn(app.screen.query_one(ModelPane))


async def test_an_answer_for_another_revision_is_not_shown():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"the ")
        answer(screen, "rain", revision=screen.editor.revision - 1)
        assert screen.editor.ghost.text == ""


async def test_a_failure_is_a_remark_not_a_crash():
    async with writing() as (app, screen, pilot):
        screen.receive(Failure("no [/Hook] model \x1b[2J"))
        await pilot.pause(0.1)
        assert "no [/Hook] model ␛[2J" in drawn(screen.query_one(StatusBar))


async def test_a_finished_line_is_named_so():
    async with writing() as (app, screen, pilot):
        screen.show_service_status("ready")
        await pilot.press(*"the")
        answer(screen, line_complete=True)
        await pilot.pause(0.1)
        assert "the line may end here" in drawn(screen.query_one(ModelPane))


async def test_saving_keeps_encoding_and_line_ends(tmp_path):
    path = tmp_path / "song.txt"
    path.write_bytes("夜里\r\n我们在雨里走\r\n数着街灯回家去\r\n".encode("gb18030"))
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: "夜里" in screen.editor.text)
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: path.read_bytes().startswith(b"x"))
    assert path.read_bytes() == "x夜里\r\n我们在雨里走\r\n数着街灯回家去\r\n".encode("gb18030")


async def test_saving_to_a_vanished_folder_says_so_and_keeps_the_text(tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    async with writing(folder / "song.txt") as (app, screen, pilot):
        await pilot.press(*"words")
        folder.rmdir()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(app._notifications) > 0)
        assert screen.editor.text == "words"
        assert screen.song.is_modified(screen.editor.text)


async def test_what_is_no_text_is_not_opened(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    async with writing() as (app, screen, pilot):
        await pilot.press(*"mine")
        screen.song.saved_text = "mine"
        await screen._open(path)
        await pilot.pause(0.1)
        assert screen.editor.text == "mine"
        assert len(app._notifications) == 1


async def test_drafts_are_kept_while_writing_and_restored_at_the_start():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"unsaved words")
        await until(pilot, lambda: DraftStore().newest() is not None, 5)
        await until(pilot, lambda: DraftStore().newest().text == "unsaved words", 5)
    async with writing() as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "unsaved words")
        assert screen.editor.cursor_location == (0, 13)


async def test_a_newer_draft_of_a_file_is_offered(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("from the file")
    DraftStore().keep(Draft("from the draft", str(path), (0, 4), 1.0))
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("enter")
        await until(pilot, lambda: screen.editor.text == "from the draft")
        assert screen.song.is_modified(screen.editor.text)


async def test_leaving_asks_about_unsaved_changes(tmp_path):
    path = tmp_path / "song.txt"
    async with writing(path) as (app, screen, pilot):
        await pilot.press(*"words")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("enter")
        await until(pilot, lambda: path.exists())
    assert path.read_text() == "words"
    assert app.return_code == 0


async def test_discarding_forgets_the_draft():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"words")
        await until(pilot, lambda: DraftStore().newest() is not None, 5)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("right", "right", "enter")
        await until(pilot, lambda: not app.is_running)
    assert DraftStore().newest() is None


@pytest.mark.parametrize("size", [(100, 30), (40, 12)])
async def test_leaving_may_keep_the_changes_as_a_draft(size):
    async with writing(size=size) as (app, screen, pilot):
        await pilot.press(*"words")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.pause(0.1)
        buttons = list(app.screen.query("Button"))
        assert all(app.screen.region.contains_region(button.region) for button in buttons)
        await pilot.press("right", "enter")
        await until(pilot, lambda: not app.is_running)
    assert DraftStore().newest().text == "words"


async def test_a_new_song_starts_empty_after_saving(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text("old")
    async with writing(path) as (app, screen, pilot):
        await until(pilot, lambda: screen.editor.text == "old")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.editor.text == "")
        assert screen.song.path is None


async def test_save_as_asks_for_a_name_and_recent_songs_remember_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with writing() as (app, screen, pilot):
        await pilot.press(*"words")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is not screen)
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "song.txt").exists())
        await until(pilot, lambda: app.screen is screen)
        assert screen.song.name == "song.txt"
        await app.writes.finish(5)
        assert load_settings()[0].recent == [str(tmp_path / "song.txt")]


async def test_settings_change_by_key_and_last():
    async with writing() as (app, screen, pilot):
        await pilot.press("f6", "f6", "f7", "f3", "f4", "f2", "f9")
        await pilot.pause(0.1)
        assert not screen.query_one("#pane").display
    settings, notice = load_settings()
    assert notice is None
    assert (settings.temperature, settings.top_p) == (1.0, 0.85)
    assert (settings.ghost, settings.ime, settings.pane) == (False, "on", False)
    assert settings.theme == "textual-light"


async def test_keys_can_be_changed_in_the_settings():
    settings = Settings(keys={"accept_all": "ctrl+g", "nonsense": "x"})
    async with writing(settings=settings) as (app, screen, pilot):
        await pilot.press("a")
        answer(screen, "bc")
        await pilot.press("ctrl+g")
        assert screen.editor.text == "abc"
        assert any("nonsense" in n.message for n in app._notifications)


async def test_the_language_of_what_is_written_chooses_the_model():
    async with writing() as (app, screen, pilot):
        await pilot.press(*"a song in English ")
        await pilot.pause(0.1)
        assert app.current_model == "en"
        await pilot.press("enter", *"我们在夜里的雨")
        await pilot.pause(0.1)
        assert app.current_model == "zh"
        app.use_model("en")
        await pilot.press(*"走")
        await pilot.pause(0.1)
        assert app.current_model == "en"


@pytest.mark.parametrize("size", [(120, 40), (90, 20), (80, 24), (60, 14), (40, 12)])
async def test_every_size_has_room_for_text_pane_and_status(size):
    async with writing(size=size) as (app, screen, pilot):
        await pilot.press(*"words and ")
        answer(screen, "more words", "others")
        await pilot.pause(0.1)
        assert screen.editor.content_size.height >= 5
        assert screen.editor.content_size.width >= 30
        pane = screen.query_one(ModelPane)
        assert "1 more words" in drawn(pane)
        assert screen.query_one(StatusBar).region.bottom <= size[1]


async def test_help_lists_the_keys_and_everything_is_in_the_palette():
    async with writing(size=(100, 50)) as (app, screen, pilot):
        await pilot.press("f1")
        await pilot.pause(0.2)
        shown = "\n".join(str(static.render()) for static in app.screen.query("Static"))
        assert "Tab" in shown and "accept_all" in shown and "Ctrl+Space" in shown
        await pilot.press("escape")
        titles = {command.title for command in app.get_system_commands(screen)}
        assert {"Save", "Open", "Train", "Models", "Accept", "Ask now", "Help"} <= titles
        palette = {c.title: c for c in app.get_system_commands(screen)}
        await pilot.press("a")
        answer(screen, "bc")
        await palette["Accept"].callback()
        assert screen.editor.text == "abc"


async def test_train_and_models_open_and_lead_back():
    async with writing() as (app, screen, pilot):
        for key in ("ctrl+t", "ctrl+l"):
            await pilot.press(key)
            await until(pilot, lambda: app.screen is not screen)
            await pilot.pause(0.2)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is screen)
        await pilot.press("x")
        assert screen.editor.text == "x"


async def test_what_stands_around_the_cursor_the_path_and_the_setting_are_sent(
    tmp_path, monkeypatch
):
    path = tmp_path / "song.txt"
    path.write_text("one\ntwo\n" + "long line\n" * 1000)
    monkeypatch.chdir(tmp_path)
    async with writing(Path("song.txt")) as (app, screen, pilot):
        await until(pilot, lambda: "two" in screen.editor.text)
        requests = []
        monkeypatch.setattr(app.client, "request", requests.append)
        await pilot.press("end", "x")
        await until(pilot, lambda: requests)
        request = requests[-1]
        assert (request.prefix, request.path, request.adapt) == ("onex", str(path), True)
        assert request.suffix.startswith("\ntwo\nlong line\n")
        assert 2000 < len(request.suffix) <= 2048
        await pilot.press("f10")
        await until(pilot, lambda: not requests[-1].adapt)
        assert requests[-1].asked


async def test_a_song_without_a_file_has_no_path(monkeypatch):
    async with writing() as (app, screen, pilot):
        requests = []
        monkeypatch.setattr(app.client, "request", requests.append)
        await pilot.press("x")
        await until(pilot, lambda: requests)
        assert (requests[-1].path, requests[-1].suffix) == ("", "")


async def test_learning_is_switched_off_and_on_by_key():
    async with writing() as (app, screen, pilot):
        await pilot.press("f10")
        await pilot.pause(0.1)
        assert "learning from this song and your others is off" in drawn(screen.status)
        assert "learning off" in drawn(screen.pane)
        await app.writes.finish(5)
        assert load_settings()[0].adapt is False
    async with writing() as (app, screen, pilot):
        assert "learning off" in drawn(screen.pane)
        await pilot.press("alt+l")
        await pilot.pause(0.1)
        assert "learning off" not in drawn(screen.pane)
    assert load_settings()[0].adapt is True


async def test_the_eagerness_goes_round_by_key_and_lasts():
    async with writing() as (app, screen, pilot):
        await pilot.press("x")
        answer(screen, "yz", confidence=0.1)
        for eagerness, suggestion in (("eager", "yz"), ("quiet", ""), ("normal", "yz")):
            await pilot.press("alt+g")
            await pilot.pause(0.1)
            assert f"ghost text: {eagerness}" in drawn(screen.status)
            assert screen.editor.suggestion == suggestion
            assert "1 yz" in drawn(screen.pane), "the pane has it in any case"
            assert ("▸" in drawn(screen.pane)) == bool(suggestion)
            await app.writes.finish(5)
            assert load_settings()[0].eagerness == eagerness


async def test_a_hopeless_ghost_is_hidden_until_asked_for():
    async with writing() as (app, screen, pilot):
        await pilot.press("x")
        answer(screen, "yz", "zz", confidence=0.0)
        await pilot.pause(0.1)
        assert screen.editor.suggestion == ""
        assert " 1 yz" in drawn(screen.pane) and " 2 zz" in drawn(screen.pane)
        assert app.latencies.ghost == (), "nobody has waited for what is not shown"
        await pilot.press("ctrl+@")
        answer(screen, "yz", confidence=0.0)
        assert screen.editor.suggestion == "yz"


async def test_the_pane_says_where_the_shown_candidate_comes_from():
    async with writing() as (app, screen, pilot):
        await pilot.press("x")
        own = Candidate("own words", -1.0, 0.5, Sources(0.25, 0.25, 0.5))
        usual = Candidate("usual words", -2.0, 0.2)
        screen.receive(Answer(screen.editor.revision, (own, usual), (), 9.0, 1, 2.0))
        line = "network 25% · song 50% · yours 25%"
        for key, there in (("", True), ("alt+down", False), ("alt+up", True), ("o", True)):
            await pilot.press(*filter(None, [key]))
            await pilot.pause(0.1)
            assert (line in drawn(screen.pane)) == there
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert line not in drawn(screen.pane)


async def test_what_was_taken_is_remembered_when_leaving():
    async with writing() as (app, screen, pilot):
        await pilot.press("x")
        answer(screen, "yz")
        await pilot.press("tab")
        await until(pilot, lambda: app.feedback._saved is not None)
    assert sum(taken for _, taken in load_feedback()) == 1
    async with writing() as (app, screen, pilot):
        await until(pilot, lambda: app.feedback._saved is not None)
        assert screen.editor.showings.gate.counts == load_feedback()
