"""What stands beside the lines of a song, and how their rhymes are drawn."""

import pytest
from driving import SILENT, until
from rich.cells import cell_len

from lyricist.app.app import LyricistApp
from lyricist.app.widgets.craft_gutter import PATTERN_WIDTH, WIDTH, gutter_text, rhyme_styles
from lyricist.craft.line_mark import LineMark
from lyricist.craft.templates import Deviation
from lyricist.craft.vowels import SOUNDS
from lyricist.library.settings import Settings
from lyricist.library.song_notes import Follow

pytestmark = pytest.mark.craft
SONG = """[Verse 1]
I left my coat and walked away
The summer never meant to stay

【副歌】
夜里的风把名字吹成雨
我们在门口等着你
Привет"""


async def ready(pilot, text=SONG):
    screen = pilot.app.write_screen
    for _ in range(500):
        if screen.craft.marks.ready:
            break
        await pilot.pause(0.02)
    screen.editor.load_text(text)
    await pilot.pause(0.1)
    return screen


def app(**settings):
    return LyricistApp(settings=Settings(model="zh", **settings), service_command=SILENT)


def rows(editor):
    return [
        "".join(segment.text for segment in editor.render_line(y)).rstrip()
        for y in range(editor.size.height)
    ]


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        (LineMark(), "         "),
        (LineMark(10, True, "A"), " 10    A "),
        (LineMark(3, False, "B"), "  3?   B "),
        (LineMark(8, True, "A", deviation=Deviation(2)), "  8  +2A "),
        (LineMark(8, True, "A", deviation=Deviation(-1, False)), "  8 -1!A "),
        (LineMark(8, True, "A", deviation=Deviation(extra=True)), "  8   *A "),
        (LineMark(12345, False, "a"), "999?   a "),
    ],
)
def test_the_gutter_of_a_line(mark, text):
    assert gutter_text(mark, with_pattern=False).strip() == text.strip()
    assert len(gutter_text(mark, with_pattern=False)) == WIDTH
    assert len(gutter_text(mark, with_pattern=True)) == WIDTH + PATTERN_WIDTH


def test_a_long_pattern_keeps_its_end():
    shown = gutter_text(LineMark(40, True, "A", pattern="-" * 39 + "|"), with_pattern=True)
    assert shown.startswith("<---") and "-|" in shown


def test_every_sound_has_a_colour_of_its_own_on_both_backgrounds():
    for dark in (True, False):
        styles = rhyme_styles(dark)
        assert len({style.color for style in styles}) == len(styles) == len(SOUNDS)


async def test_lengths_and_letters_stand_beside_the_lines():
    async with app().run_test(size=(100, 20)) as pilot:
        screen = await ready(pilot)
        shown = rows(screen.editor)
        assert shown[0].endswith("[Verse 1]") and shown[0].startswith(" " * WIDTH)
        assert shown[1].split() == ["8", "A", *["I", "left", "my", "coat", "and", "walked", "away"]]
        assert shown[2].split()[:2] == ["8", "A"]
        assert shown[5].split()[:2] == ["10", "A"]
        assert shown[7].split()[:2] == ["0?", "?"]


async def test_rhymes_are_coloured_by_sound_and_the_letter_with_them():
    async with app().run_test(size=(100, 20)) as pilot:
        screen = await ready(pilot)
        strip = screen.editor.render_line(1)
        style = rhyme_styles(True)[SOUNDS.index("ei")]
        coloured = [s.text for s in strip if s.style and s.style.color == style.color]
        assert coloured == ["A", "away"]


async def test_a_key_changes_its_own_section_only():
    async with app().run_test(size=(100, 20)) as pilot:
        screen = await ready(pilot)
        editor = screen.editor
        before = rows(editor)
        editor.move_cursor((2, len(SONG.split("\n")[2])))
        await pilot.press("space", "o", "n")
        await pilot.pause(0.05)
        after = rows(editor)
        assert after[2].split()[:2] == ["9", "B"] and after[2].endswith("stay on")
        assert [n for n, row in enumerate(after) if row != before[n]] == [2]


async def test_the_cursor_and_the_mouse_count_from_the_text():
    async with app().run_test(size=(100, 20)) as pilot:
        screen = await ready(pilot)
        editor = screen.editor
        editor.move_cursor((1, 2))
        await pilot.pause(0.05)
        assert editor.cursor_screen_offset.x == editor.content_region.x + WIDTH + 2
        await pilot.click(editor, offset=(editor.gutter.left + WIDTH + 7, editor.gutter.top + 2))
        assert editor.cursor_location == (2, 7)
        await pilot.click(editor, offset=(editor.gutter.left, editor.gutter.top + 5))
        assert editor.cursor_location == (5, 0)


async def test_it_can_be_hidden_and_shows_tones_on_demand():
    async with app().run_test(size=(100, 20)) as pilot:
        screen = await ready(pilot)
        await pilot.press("alt+d")
        await pilot.pause(0.05)
        assert "||:-|-|--|" in rows(screen.editor)[5]
        await pilot.press("alt+c")
        await pilot.pause(0.05)
        assert rows(screen.editor)[5] == "夜里的风把名字吹成雨"
        assert pilot.app.settings.craft is False
        await pilot.press("alt+c")
        await pilot.pause(0.05)
        assert "||:-|-|--|" in rows(screen.editor)[5]


async def test_a_narrow_editor_keeps_its_cells_for_the_song():
    async with app().run_test(size=(40, 12)) as pilot:
        screen = await ready(pilot)
        assert screen.editor.gutter_width == 0
        assert rows(screen.editor)[0] == "[Verse 1]"


async def test_a_section_that_follows_another_shows_what_differs():
    song = "[Verse 1]\n我们在雨里\n你还在那里\n\n[Verse 2]\n他们都在海边\n我走到门口"
    async with app().run_test(size=(100, 20)) as pilot:
        screen = await ready(pilot, song)
        screen.craft.notes.follow(Follow("[Verse 2]", 0, "[Verse 1]", 0))
        screen.notes_changed()
        await until(pilot, lambda: rows(screen.editor)[5].split()[:2] == ["6", "+1A"])
        shown = rows(screen.editor)
        assert shown[6].split()[:2] == ["5", "!B"]


async def test_long_and_hostile_lines_neither_hold_up_nor_escape():
    song = "la " * 5000 + "\n" + "\x1b]0;x\x07 雨\n" + "我们" * 900
    async with app().run_test(size=(60, 12)) as pilot:
        screen = await ready(pilot, song)
        for y in range(12):
            assert "\x1b" not in "".join(s.text for s in screen.editor.render_line(y))
        widths = {cell_len(row) for row in rows(screen.editor)}
        assert max(widths) <= screen.editor.content_size.width
