"""The editor: songs stay as they are, and the ghost painted always belongs to text and cursor."""

import random

import pytest
from textual import events
from textual.app import App

from lyricist.app.widgets.editor import GAP, Editor
from lyricist.text.lines import cell_width


class Host(App):
    """An app that only holds the editor and writes down what it asks for."""

    def __init__(self, text=""):
        super().__init__()
        self.begin_with = text
        self.wanted = []

    def compose(self):
        yield Editor(id="editor")

    def on_mount(self):
        self.editor.load_text(self.begin_with)
        self.editor.focus()

    @property
    def editor(self):
        return self.query_one(Editor)

    def on_editor_suggestion_wanted(self, event):
        self.wanted.append((self.editor.revision, event.asked))


def offer(editor, *candidates):
    return editor.show_candidates(editor.revision, candidates)


async def test_tab_takes_the_ghost_in_one_undo_step_and_typing_before_it_stays():
    async with (app := Host()).run_test() as pilot:
        await pilot.press(*"hello ")
        offer(app.editor, "my friend")
        await pilot.press("tab")
        assert app.editor.text == "hello my friend"
        assert app.editor.suggestion == ""
        await pilot.press("ctrl+z")
        assert app.editor.text == "hello "
        await pilot.press("ctrl+y")
        assert app.editor.text == "hello my friend"


async def test_tab_without_a_ghost_changes_nothing_and_keeps_the_focus():
    async with (app := Host("hello")).run_test() as pilot:
        await pilot.press("tab")
        assert app.editor.text == "hello"
        assert app.editor.has_focus


async def test_words_and_characters_are_taken_step_by_step():
    async with (app := Host()).run_test() as pilot:
        await pilot.press(*"ok ")
        offer(app.editor, "one two 我们在夜里")
        await pilot.press("ctrl+right")
        assert app.editor.text == "ok one"
        await pilot.press("right", "right")
        assert app.editor.text == "ok one t"
        assert app.editor.ghost.text == "wo 我们在夜里"
        await pilot.press("ctrl+right", "ctrl+right")
        assert app.editor.text.startswith("ok one two 我们")
        assert len(app.editor.text) < len("ok one two 我们在夜里")
        await pilot.press("ctrl+z")
        assert app.editor.text == "ok one two"


async def test_a_character_taken_is_a_whole_grapheme():
    async with (app := Host()).run_test() as pilot:
        await pilot.press("x")
        offer(app.editor, "👩‍👩‍👧é!")
        await pilot.press("right")
        assert app.editor.text == "x👩‍👩‍👧"
        await pilot.press("backspace")
        assert app.editor.text == "x"


@pytest.mark.parametrize("key", ["backspace", "left", "up", "home", "ctrl+z", "escape", "z"])
async def test_anything_that_does_not_match_ends_the_ghost_at_once(key):
    async with (app := Host("first line")).run_test() as pilot:
        await pilot.press("ctrl+end", "end", "enter", "a", "b")
        offer(app.editor, "cde")
        assert app.editor.suggestion == "cde"
        await pilot.press(key)
        assert app.editor.ghost.text == ""
        assert app.editor.suggestion == ""


async def test_after_a_deletion_or_undo_nothing_is_asked_for():
    async with (app := Host()).run_test() as pilot:
        await pilot.press(*"abc")
        await pilot.pause(0.05)
        app.wanted.clear()
        await pilot.press("backspace", "ctrl+z", "ctrl+y", "left")
        await pilot.pause(0.05)
        assert app.wanted == []
        await pilot.press("ctrl+@")
        await pilot.pause(0.05)
        assert app.wanted == [(app.editor.revision, True)]


async def test_a_burst_is_asked_about_once():
    async with (app := Host()).run_test() as pilot:
        await pilot.pause(0.05)
        app.wanted.clear()
        for character in "我们在夜里":
            app.editor.post_message(events.Key(character, character))
        await pilot.pause(0.1)
        assert app.editor.text == "我们在夜里"
        assert app.wanted == [(app.editor.revision, False)]
        app.wanted.clear()
        app.editor.post_message(events.Paste("a\r\nb\rc"))
        await pilot.pause(0.1)
        assert app.editor.text == "我们在夜里a\nb\nc"
        assert len(app.wanted) == 1


async def test_candidates_are_cycled_and_taken_by_number():
    async with (app := Host()).run_test() as pilot:
        await pilot.press("x")
        offer(app.editor, "one", "two", "three")
        await pilot.press("alt+right_square_bracket")
        assert app.editor.suggestion == "two"
        await pilot.press("alt+left_square_bracket", "alt+left_square_bracket")
        assert app.editor.suggestion == "three"
        await pilot.press("alt+5")
        assert app.editor.text == "x"
        await pilot.press("alt+2")
        assert app.editor.text == "xtwo"


@pytest.mark.parametrize("width", [20, 37, 80])
async def test_a_long_ghost_is_cut_to_the_free_cells_at_a_words_end(width):
    async with (app := Host()).run_test(size=(width, 6)) as pilot:
        await pilot.press(*"ab ")
        offer(app.editor, "some words that go on and on " * 10)
        painted = app.editor.suggestion
        assert painted
        assert 3 + cell_width(painted) <= app.editor.wrap_width
        assert " " in (painted[-1], ("some words that go on and on " * 10)[len(painted)])
        for y in range(4):
            strip = app.editor.render_line(y)
            assert strip.cell_length <= width


async def test_after_a_chinese_character_cells_stay_free_for_the_input_method():
    async with (app := Host()).run_test(size=(80, 6)) as pilot:
        await pilot.press(*"夜里")
        offer(app.editor, "我们还在")
        assert app.editor.suggestion == " " * GAP + "⇥ 我们还在"
        app.editor.input_method = "off"
        app.editor.refresh_ghost()
        assert app.editor.suggestion == "我们还在"
        app.editor.input_method = "on"
        await pilot.press("tab", "a")
        offer(app.editor, "bc")
        assert app.editor.suggestion.startswith(" " * GAP)


async def test_no_ghost_inside_a_word_but_before_a_closing_mark():
    async with (app := Host("hello world")).run_test() as pilot:
        await pilot.press("right", "right", "x")
        offer(app.editor, "yz")
        assert app.editor.suggestion == ""
        app.editor.load_text("()")
        await pilot.press("right", "a")
        offer(app.editor, "yz")
        assert app.editor.suggestion == "yz"


HOSTILE = "a\x1b]0;owned\x07b\x9b2J\x7f\u202ec\u2028d\x0be\x0cf\x85g\x00h\ti"


async def test_control_characters_are_drawn_as_symbols_and_kept_in_the_text():
    async with (app := Host(HOSTILE + "\nplain")).run_test() as pilot:
        assert app.editor.text == HOSTILE + "\nplain"
        assert app.editor.document.line_count == 2
        drawn = "".join(
            segment.text for y in range(4) for segment in app.editor.render_line(y)._segments
        )
        assert not set(drawn) & set("\x1b\x07\x9b\x7f\u202e\u2028\x0b\x0c\x85\x00")
        assert "␛" in drawn and "␇" in drawn
        await pilot.press("ctrl+end", "end")
        await pilot.press("!")
        assert app.editor.text.replace("!", "") == HOSTILE + "\nplain"


async def test_the_cursor_stands_where_the_symbols_are():
    async with (app := Host("\x1b\x1b\x1bx")).run_test() as pilot:
        await pilot.press("right", "right", "right")
        await pilot.pause()
        left = app.editor.content_region.x
        assert app.editor.cursor_screen_offset.x - left == 3


async def test_markup_in_a_song_is_text():
    song = "[Chorus]\n[/Hook]\n[@click=app.quit]free[/]\n[red]no[/red]"
    async with (app := Host(song)).run_test():
        for y, line in enumerate(song.split("\n")):
            offset = app.editor.gutter.top
            drawn = "".join(s.text for s in app.editor.render_line(y + offset - offset)._segments)
            assert line in drawn


async def test_wide_cells_and_mouse_clicks_agree():
    async with (app := Host("夜里x我们")).run_test() as pilot:
        origin = app.editor.content_region.offset - app.editor.region.offset
        for cells, column in ((0, 0), (1, 0), (2, 1), (4, 2), (5, 3), (6, 3), (7, 4)):
            await pilot.click(Editor, offset=(origin.x + cells, origin.y))
            assert app.editor.cursor_location == (0, column), cells


ALPHABET = ["a", "b", " ", "夜", "里", "，", "é"]
CANDIDATES = ["ab a", "a夜里", "里 b", "b，夜里 ab", "é👩‍👩‍👧a", " a"]


@pytest.mark.parametrize("seed", range(4))
async def test_thousands_of_random_keys_never_show_a_stale_ghost(seed):
    """The ghost shown must be what is left of a candidate offered for this very text and cursor."""
    source = random.Random(seed)
    app = Host("ab\n夜里\nab 夜里 b")
    async with app.run_test(size=(60, 12)) as pilot:
        editor = app.editor
        offered = {}
        shown = 0
        for _ in range(1500):
            act = source.choices(["type", "offer", "late", "key", "paste"], [40, 25, 8, 25, 2])[0]
            if act == "type":
                ghost = editor.ghost.text
                character = (
                    ghost[0] if ghost and source.random() < 0.6 else (source.choice(ALPHABET))
                )
                editor._replace_via_keyboard(character, *editor.selection)
            elif act in ("offer", "late"):
                revision = editor.revision - (act == "late") * source.randrange(1, 5)
                candidates = source.sample(CANDIDATES, 3)
                if editor.show_candidates(revision, candidates):
                    assert revision == editor.revision, "a late answer was taken"
                    offered = {editor.text_before_cursor + c for c in candidates}
            elif act == "paste":
                editor._replace_via_keyboard("ab\n夜", *editor.selection)
            else:
                action = source.choice(
                    [
                        editor.action_accept_all,
                        editor.action_accept_word,
                        editor.action_accept_character,
                        lambda: editor.action_cycle(1),
                        lambda: editor.action_take(1),
                        editor.action_dismiss,
                        editor.action_delete_left,
                        editor.action_delete_right,
                        editor.action_delete_word_left,
                        editor.action_undo,
                        editor.action_redo,
                        editor.action_cursor_left,
                        editor.action_cursor_up,
                        editor.action_cursor_line_end,
                        editor.action_cursor_line_start,
                        lambda: editor.action_cursor_right(True),
                        editor.action_select_all,
                        lambda: editor._replace_via_keyboard("\n", *editor.selection),
                    ]
                )
                action()
            assert len(editor.wrapped_document._wrap_offsets) == editor.document.line_count
            ghost = editor.ghost.text
            if ghost:
                shown += 1
                assert editor.ghost.revision == editor.revision
                assert editor.text_before_cursor + ghost in offered
                assert editor.selection.is_empty or not editor.suggestion
            assert ghost.startswith(editor.suggestion.rpartition("⇥ ")[2])
            if not ghost:
                assert editor.suggestion == ""
            if len(editor.text) > 600:
                editor.load_text("ab\n夜里")
                assert editor.suggestion == ""
        await pilot.pause()
        assert shown > 100, "the test must see ghosts"
