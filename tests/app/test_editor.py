"""The editor: songs stay as they are, and the ghost painted always belongs to text and cursor."""

import random

import pytest
from textual import events
from textual.app import App

from lyricist.app.showings import Showings
from lyricist.app.widgets.editor import GAP, Editor
from lyricist.suggest.protocol import Candidate
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


def before_cursor(editor):
    return editor.get_text_range((0, 0), editor.cursor_location)


def proposals(texts, confidence=0.9):
    return [Candidate(text, -1.0, confidence) for text in texts]


def offer(editor, *candidates, confidence=0.9):
    return editor.show_candidates(editor.revision, proposals(candidates, confidence))


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


LETTERS = ["a", "b", " ", "夜", "里", "，", "é"]
CANDIDATES = ["ab a", "a夜里", "里 b", "b，夜里 ab", "é👩‍👩‍👧a", " a"]
# fmt: off
OTHER_KEYS = [
    "enter", "backspace", "delete", "ctrl+w", "ctrl+k", "ctrl+u", "left", "right", "up", "down",
    "home", "end", "ctrl+left", "ctrl+right", "shift+left", "tab", "tab", "tab", "tab", "escape",
    "ctrl+z", "ctrl+z", "ctrl+y", "alt+1", "alt+3", "alt+right_square_bracket", "alt+up",
    "ctrl+@", "ctrl+a", "ctrl+x", "ctrl+v", "ctrl+home", "ctrl+end", "pageup", "shift+up",
]
# fmt: on


class Writer:
    """Presses keys without waiting between them, and knows which texts may be proposed.

    `offered` holds the texts that a candidate leads to, since anything but typing along happened.
    """

    def __init__(self, app):
        self.app = app
        self.editor = app.editor
        self.offered = set()

    async def press(self, key):
        before = self.snapshot()
        await self.press_unchecked(key)
        self.compare(before)

    async def press_unchecked(self, key):
        event = events.Key(key, key if len(key) == 1 else None)
        if event.is_printable or key == "enter":
            await self.editor._on_key(event)
        else:
            await self.app._check_bindings(key)

    async def paste(self, text):
        before = self.snapshot()
        await self.editor._on_paste(events.Paste(text))
        self.compare(before)

    def offer(self, candidates, late=0, confidence=0.9):
        offers = proposals(candidates, confidence)
        before = self.editor.ghost.text
        worth = self.editor.showings.is_worth(confidence) or self.editor.ghost.asked
        if self.editor.show_candidates(self.editor.revision - late, offers):
            assert not late, "a late answer was taken"
            assert worth or self.editor.ghost.text in ("", before)
            self.offered |= {before_cursor(self.editor) + c for c in candidates}

    def snapshot(self):
        editor = self.editor
        before = before_cursor(editor)
        ghost = editor.ghost
        held = ghost.candidates if ghost.hidden else tuple(filter(None, [ghost.text]))
        return before, editor.text[len(before) :], editor.selection, held

    def compare(self, snapshot):
        """After one event: anything but typing what the ghost says must have ended it."""
        before, after, selection, held = snapshot
        new_before, new_after, new_selection, new_held = self.snapshot()
        typed = new_before[len(before) :]
        along = (
            bool(typed)
            and new_before.startswith(before)
            and new_after == after
            and selection.is_empty
            and any(text.startswith(typed) for text in held)
        )
        unchanged = (new_before, new_after, new_selection) == (before, after, selection)
        if not along and not unchanged:
            assert new_held == (), "a stale ghost"
            self.offered = set()

    def check(self):
        """What holds at every moment."""
        editor, ghost = self.editor, self.editor.ghost
        lines = range(editor.document.line_count)
        assert editor.rows.height == sum(len(editor.rows.get_offsets(n)) + 1 for n in lines)
        for candidate in ghost.candidates:
            assert ghost.revision == editor.revision
            assert before_cursor(editor) + candidate in self.offered
        painted = editor.suggestion.rpartition("⇥ ")[2]
        assert ghost.text.startswith(painted)
        if painted:
            assert editor.selection.is_empty
            row, column = editor.cursor_location
            assert not any(c.isalnum() for c in editor.document.get_line(row)[column:])


@pytest.mark.parametrize("seed", range(4))
async def test_thousands_of_random_keys_never_show_a_stale_ghost(seed):
    """The ghost shown must be what is left of a candidate offered for this very text and cursor."""
    source = random.Random(seed)
    app = Host("ab\n夜里\nab 夜里 b")
    async with app.run_test(size=(60, 12)) as pilot:
        editor = app.editor
        editor.shown_beside = seed % 2 == 0
        writer = Writer(app)
        shown = accepted = 0
        for _ in range(1500):
            act = source.choices(["type", "offer", "late", "key", "paste"], [40, 25, 8, 25, 2])[0]
            ghost = editor.ghost.text
            if act == "type":
                along = ghost and source.random() < 0.6
                await writer.press(ghost[0] if along else source.choice(LETTERS))
            elif act == "offer":
                confidence = source.choices([0.9, 0.0], [5, 1])[0]
                writer.offer(source.sample(CANDIDATES, 3), confidence=confidence)
            elif act == "late":
                writer.offer(source.sample(CANDIDATES, 3), late=source.randrange(1, 5))
            elif act == "paste":
                await writer.paste(source.choice(["ab\r\n夜", "b", ghost or "a"]))
            else:
                key = source.choice(OTHER_KEYS)
                offered = editor.offered
                before = before_cursor(editor)
                await writer.press(key)
                if key == "tab":
                    assert before_cursor(editor) == before + offered
                    accepted += bool(offered)
            writer.check()
            shown += bool(editor.suggestion)
            if len(editor.text) > 600:
                editor.load_text("ab\n夜里")
                writer.offered = set()
                writer.check()
        await pilot.pause()
        assert shown > 100 and accepted > 5, "the test must see ghosts"


@pytest.mark.parametrize("seed", range(3))
async def test_undoing_everything_leads_back_and_redoing_to_the_end(seed):
    source = random.Random(seed)
    start = "ab\u2028夜里\n\x0b里 b\n[Chorus]"
    app = Host(start)
    async with app.run_test(size=(40, 12)) as pilot:
        editor = app.editor
        writer = Writer(app)
        keys = [*LETTERS, *LETTERS, *(k for k in OTHER_KEYS if k not in ("ctrl+z", "ctrl+y"))]
        for _ in range(600):
            if source.random() < 0.1:
                offer(editor, *source.sample(CANDIDATES, 2))
            await writer.press_unchecked(source.choice(keys))
        end = editor.text
        assert end != start
        for key, text in (("ctrl+z", start), ("ctrl+y", end), ("ctrl+z", start)):
            for _ in range(700):
                await writer.press_unchecked(key)
            assert editor.text == text
        await pilot.pause()


async def test_cutting_the_last_line_and_deleting_at_the_edges_does_nothing_odd():
    async with (app := Host("one\ntwo")).run_test() as pilot:
        await pilot.press("ctrl+end", "ctrl+x")
        assert app.editor.text == "one\n"
        await pilot.press("delete", "ctrl+k", "ctrl+x", "ctrl+home", "backspace", "ctrl+u")
        assert app.editor.text == "one\n"
        await pilot.press("ctrl+x", "ctrl+x", "ctrl+x")
        assert app.editor.text == ""
        await pilot.press("ctrl+z", "ctrl+z")
        assert app.editor.text == "one\ntwo"


async def test_the_ends_of_the_song_and_all_of_it_are_a_key_away():
    async with (app := Host("one\ntwo")).run_test() as pilot:
        await pilot.press("ctrl+end")
        assert app.editor.cursor_location == (1, 3)
        await pilot.press("ctrl+home")
        assert app.editor.cursor_location == (0, 0)
        await pilot.press("ctrl+a", "ctrl+c", "ctrl+end", "ctrl+v")
        assert app.editor.text == "one\ntwoone\ntwo"


async def test_a_ghost_that_is_not_worth_it_is_neither_painted_nor_taken_by_tab():
    async with (app := Host()).run_test() as pilot:
        app.editor.shown_beside = True
        await pilot.press(*"ok ")
        offer(app.editor, "one two", "three", confidence=0.001)
        assert (app.editor.suggestion, app.editor.offered) == ("", "")
        assert app.editor.ghost.candidates == ("one two", "three")
        await pilot.press("tab", "ctrl+right", "right")
        assert app.editor.text == "ok "
        await pilot.press("x")
        assert app.editor.ghost.candidates == ()


async def test_a_hidden_candidate_is_taken_by_its_number_or_turned_to():
    async with (app := Host()).run_test() as pilot:
        await pilot.press("x")
        offer(app.editor, "one", "two", confidence=0.001)
        await pilot.press("alt+2")
        assert app.editor.text == "xtwo"
        app.editor.showings = Showings()
        offer(app.editor, "one", "two", confidence=0.001)
        await pilot.press("alt+down")
        assert app.editor.suggestion == "one"
        await pilot.press("tab")
        assert app.editor.text == "xtwoone"


async def test_what_is_asked_for_is_painted_whatever_it_is_worth():
    async with (app := Host()).run_test() as pilot:
        await pilot.press("x")
        await pilot.press("ctrl+@")
        offer(app.editor, "one", confidence=0.001)
        assert app.editor.suggestion == "one"


async def test_the_gate_does_not_take_away_what_is_being_typed_along():
    async with (app := Host()).run_test() as pilot:
        await pilot.press("x")
        offer(app.editor, "one two")
        await pilot.press("o")
        offer(app.editor, "ther", confidence=0.001)
        assert app.editor.suggestion == "ne two"


async def test_a_change_of_eagerness_acts_at_once():
    async with (app := Host()).run_test() as pilot:
        await pilot.press("x")
        offer(app.editor, "one", confidence=0.1)
        assert app.editor.suggestion == "one"
        for eagerness, suggestion in (("quiet", ""), ("eager", "one"), ("normal", "one")):
            app.editor.showings.eagerness = eagerness
            app.editor.judge_ghost()
            assert app.editor.suggestion == suggestion


async def test_a_dismissed_place_stays_silent_when_the_writer_comes_back_to_it():
    async with (app := Host("first line\n")).run_test() as pilot:
        editor = app.editor
        await pilot.press("ctrl+end", *"the ")
        offer(editor, "night")
        await pilot.press("escape")
        await pilot.press("backspace", "space")
        offer(editor, "night")
        assert editor.suggestion == "" and editor.ghost.candidates == ("night",)
        await pilot.press("x")
        offer(editor, "yz")
        assert editor.suggestion == "yz", "elsewhere there are ghosts"
        await pilot.press("backspace", "backspace", "backspace", "e")
        offer(editor, " night")
        await pilot.press("space")
        assert editor.suggestion == "", "also not by typing along"
        offer(editor, "night")
        assert editor.suggestion == ""
        await pilot.press("ctrl+@")
        offer(editor, "night")
        assert editor.suggestion == "night"
        await pilot.press("backspace", "space")
        offer(editor, "night")
        assert editor.suggestion == "night", "asking has lifted it"


async def test_escape_without_a_ghost_silences_nothing():
    async with (app := Host()).run_test() as pilot:
        await pilot.press("a", "escape", "backspace", "a")
        offer(app.editor, "bc")
        assert app.editor.suggestion == "bc"


@pytest.mark.parametrize(
    ("keys", "counted"),
    [
        (["tab"], (1, 1)),
        (["ctrl+right"], (1, 1)),
        (["right"], (1, 1)),
        (["alt+2"], (1, 1)),
        (["alt+down", "tab"], (1, 1)),
        (["ctrl+right", "ctrl+right", "z"], (1, 1)),
        (["n", "i", "g", "h", "t"], (1, 1)),
        (["n", "i", "z"], (1, 0)),
        (["z"], (1, 0)),
        (["escape"], (1, 0)),
        (["escape", "z"], (1, 0)),
        (["left"], (1, 0)),
        (["up"], (1, 0)),
        (["backspace"], (1, 0)),
        (["enter"], (1, 0)),
        (["n"], (0, 0)),
        (["alt+down"], (0, 0)),
    ],
)
async def test_what_the_writer_takes_and_passes_over_is_counted(keys, counted):
    async with (app := Host("first line\n")).run_test() as pilot:
        editor = app.editor
        await pilot.press("ctrl+end", *"the ")
        now = 100.0
        editor.showings = Showings(clock=lambda: now)
        offer(editor, "night is long", "day is long")
        now += 3
        await pilot.press(*keys)
        assert tuple(map(sum, zip(*editor.showings.gate.counts, strict=True))) == counted
