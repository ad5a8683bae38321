"""Copies of the training text in the app: a sign in the pane, an underlined ghost, a remark."""

import pytest
from driving import drawn, writing

from lyricist.app.widgets.model_pane import ModelPane
from lyricist.app.widgets.status_bar import StatusBar
from lyricist.library.settings import load_settings
from lyricist.suggest.protocol import Answer, Candidate, CopyRules, Ready, Request
from lyricist.text.passages import Length

COPY, OWN = "lonely as a cloud that floats", "longer than before"


async def answered(screen, pilot, *candidates):
    revision = screen.editor.revision
    screen.receive(Answer(revision, tuple(candidates), (), 12.0, 1, 2.5))
    await pilot.pause(0.1)


def candidate(text, copied=None):
    return Candidate(text, -1.0, 0.9, copied=copied)


def underlined(editor, text):
    """Whether what is drawn of `text` in the first row is underlined."""
    # The cursor stands on its first character.
    styles = [s.style for s in editor.render_line(0) if text[1:7] in s.text]
    assert styles, "the text is not drawn in one piece"
    return all(bool(style and style.underline) for style in styles)


@pytest.mark.parametrize("size", [(110, 30), (70, 30)])
async def test_a_copy_has_its_sign_its_length_and_an_underlined_ghost(size):
    async with writing(size=size) as (app, screen, pilot):
        await pilot.press(*"the ")
        await answered(screen, pilot, candidate(COPY, Length(0, 9)), candidate(OWN))
        pane = drawn(screen.query_one(ModelPane))
        assert f"▸1≡{COPY[:14]}" in pane and f" 2 {OWN[:14]}" in pane
        assert "≡ 9 words" in pane or "≡ copied" in pane
        assert underlined(screen.editor, COPY)
        await pilot.press("alt+right_square_bracket")
        await pilot.pause(0.1)
        assert not underlined(screen.editor, OWN)
        pane = drawn(screen.query_one(ModelPane))
        assert f" 1≡{COPY[:14]}" in pane and "≡ 9 words" not in pane


async def test_two_lines_of_pane_have_the_sign_as_well():
    async with writing(size=(70, 14)) as (app, screen, pilot):
        await pilot.press(*"the ")
        await answered(screen, pilot, candidate(COPY, Length(0, 9)), candidate(OWN))
        assert f"▸1≡{COPY[:14]}" in drawn(screen.query_one(ModelPane))
        assert underlined(screen.editor, COPY)


async def test_the_mark_stays_while_the_copy_is_typed_along():
    async with writing(size=(110, 30)) as (app, screen, pilot):
        await pilot.press(*"the ")
        await answered(screen, pilot, candidate(COPY, Length(0, 9)), candidate(OWN))
        await pilot.press(*"lon")
        await pilot.pause(0.1)
        assert screen.editor.ghost.text == COPY[3:]
        assert underlined(screen.editor, COPY[3:])


async def test_without_the_pane_the_status_bar_says_it():
    async with writing(size=(110, 30)) as (app, screen, pilot):
        await pilot.press("f2")
        await pilot.press(*"the ")
        await answered(screen, pilot, candidate(COPY, Length(12, 9)))
        bar = drawn(screen.query_one(StatusBar))
        assert "≡ 12 characters and 9 words as in the training text" in bar


async def test_a_model_that_cannot_tell_says_so_unless_copies_are_allowed():
    async with writing(size=(110, 30)) as (app, screen, pilot):
        screen.receive(Ready("old", "/m/old", 50, 6.0, "cpu", "copies cannot be told: no [index]"))
        await pilot.pause(0.1)
        assert "copies cannot be told: no [index]" in drawn(screen.query_one(StatusBar))
        await pilot.press("a")
        app.settings.copies = "allow"
        screen.receive(Ready("old", "/m/old", 50, 6.0, "cpu", "copies cannot be told: no [index]"))
        await pilot.pause(0.1)
        assert "copies cannot be told" not in drawn(screen.query_one(StatusBar))


async def test_what_the_settings_say_is_asked_for(home):
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text(
        'copies = "withhold"\ncopy_characters = 9\ncopy_words = 5\n'
    )
    async with writing(size=(110, 30)) as (app, screen, pilot):
        asked = []
        app.client.request = asked.append
        await pilot.press("a")
        await pilot.pause(0.1)
        requests = [request for request in asked if isinstance(request, Request)]
        assert requests[-1].copies == CopyRules("withhold", 9, 5)


def test_impossible_settings_keep_their_defaults(home):
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text('copies = "steal"\ncopy_characters = 3\n')
    settings, notice = load_settings()
    assert (settings.copies, settings.copy_characters, settings.copy_words) == ("mark", 12, 6)
    assert "copies must be mark, withhold or allow" in notice
