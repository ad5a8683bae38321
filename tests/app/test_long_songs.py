"""A key in a long song: it works on its own lines and rows, whatever else the song holds."""

from contextlib import asynccontextmanager

import pytest
from driving import SILENT
from textual import events

from lyricist.app.app import LyricistApp
from lyricist.app.widgets import song_area, song_wrapping
from lyricist.app.widgets.song_document import SongDocument
from lyricist.craft import marks
from lyricist.suggest.client import MAX_PREFIX
from lyricist.suggest.protocol import Answer, Candidate

LONG = "\n".join(["a line of the song", "歌里的一行"] * 10_000)


@asynccontextmanager
async def writing(tmp_path, text, size=(100, 30)):
    path = tmp_path / "song.txt"
    path.write_text(text, encoding="utf-8")
    app = LyricistApp(path, service_command=SILENT)
    async with app.run_test(size=size) as pilot:
        screen = app.write_screen
        for _ in range(300):
            await pilot.pause(0.02)
            if screen.is_mounted and screen.song.path:
                break
        screen.editor.cursor_blink = False
        yield app, screen, pilot


async def test_typing_never_joins_the_text_and_measures_its_own_line(tmp_path, monkeypatch):
    async with writing(tmp_path, LONG) as (app, screen, pilot):
        requests, joined, measured = [], [], []
        await pilot.press("ctrl+end")
        await pilot.pause(0.1)
        monkeypatch.setattr(app.client, "request", requests.append)
        monkeypatch.setattr(
            SongDocument, "text", property(lambda document: joined.append(1) or LONG)
        )
        count = song_wrapping.row_count
        monkeypatch.setattr(
            song_wrapping, "row_count", lambda line, *_: measured.append(line) or count(line, *_)
        )
        await pilot.press("x", "enter", "y", "backspace", "ctrl+z", "ctrl+y", "z")
        await pilot.pause(0.1)
        assert joined == []
        assert 7 <= len(measured) <= 20
        assert screen.status.modified
        assert requests and all(len(request.prefix) <= MAX_PREFIX for request in requests)
        assert requests[-1].prefix.endswith("歌里的一行x\nz")
        monkeypatch.undo()


async def test_the_mark_goes_when_all_is_undone_and_comes_back_at_equal_length(tmp_path):
    async with writing(tmp_path, LONG) as (_, screen, pilot):
        assert not screen.status.modified
        await pilot.press("b")
        assert screen.status.modified
        await pilot.press("delete")
        await pilot.pause()
        assert screen.editor.song.length == len(LONG)
        assert screen.status.modified
        await pilot.press("ctrl+z", "ctrl+z")
        await pilot.pause()
        assert not screen.status.modified


async def test_a_key_paints_the_rows_that_have_changed(tmp_path, monkeypatch):
    async with writing(tmp_path, LONG) as (_, screen, pilot):
        await pilot.press("ctrl+end", "x")
        await pilot.pause(0.3)
        painted, regions = [], []
        strip = song_area.row_strip
        monkeypatch.setattr(
            song_area, "row_strip", lambda row, *_: painted.append(row.text) or strip(row, *_)
        )
        exchange = screen.editor._exchange_repaint_regions
        monkeypatch.setattr(
            screen.editor,
            "_exchange_repaint_regions",
            lambda: regions.append(exchange()) or regions[-1],
        )
        await pilot.press("y")
        await pilot.pause(0.1)
        assert painted and set(painted) == {"歌里的一行xy "}
        assert {region.height for asked in regions for region in asked} == {1}


async def test_the_first_character_of_a_new_last_row_is_seen_at_once(tmp_path):
    async with writing(tmp_path, LONG, size=(40, 12)) as (_, screen, pilot):
        editor = screen.editor
        await pilot.press("ctrl+end", "enter")
        for _ in range(editor.wrap_width + 1):
            editor.post_message(events.Key("w", "w"))
        await pilot.pause(0.2)
        x, y = editor.cursor_screen_offset
        assert (x - editor.content_region.x, y) == (1, editor.content_region.bottom - 1)
        last = editor.render_line(editor.content_size.height - 1)
        assert "".join(segment.text for segment in last).startswith("w")


async def test_a_line_without_end_is_written_on(tmp_path):
    async with writing(tmp_path, "夜里" * 100_000) as (_, screen, pilot):
        await pilot.press("ctrl+end", "x", "left", "y", "backspace", "up", "home", "z")
        assert screen.editor.song.length == 200_002
        assert screen.editor.rows.height > 5000


async def test_what_the_writer_waits_for_is_measured_and_shown(tmp_path):
    async with writing(tmp_path, "a song") as (app, screen, pilot):
        await pilot.press("ctrl+end")
        assert app.latencies.own_character == ()
        await pilot.press("x")
        await pilot.pause(0.1)
        assert len(app.latencies.own_character) == 1
        for candidates in ((), (Candidate("yz", -1.0, confidence=0.9),)):
            screen.receive(Answer(screen.editor.revision, candidates, (), 9.0, 1, 2.0))
            await pilot.pause(0.1)
        assert len(app.latencies.ghost) == 1
        assert app.latencies.ghost[0] > app.latencies.own_character[0] > 0
        await pilot.press("tab")
        await pilot.pause(0.1)
        assert len(app.latencies.own_character) == 1, "an accepted ghost is no typed character"
        screen.receive(Answer(screen.editor.revision, (), (), 9.0, 1, 2.0))
        await pilot.pause(0.1)
        assert screen.pane.state.own_character and screen.pane.state.ghost


async def test_the_pane_is_drawn_when_it_has_something_else_to_say(tmp_path):
    async with writing(tmp_path, "a song") as (_, screen, pilot):
        await pilot.pause(0.3)
        pane, drawn = screen.pane, []
        render = pane.render
        pane.render = lambda: drawn.append(1) or render()
        pane.show(screen._state)
        await pilot.pause(0.1)
        assert drawn == []
        screen._state.perplexity = 4.0
        pane.show(screen._state)
        await pilot.pause(0.1)
        assert drawn


@pytest.mark.craft
async def test_beside_a_line_without_end_no_more_is_read_than_can_be_sung(tmp_path, monkeypatch):
    read = []
    text = "a line\n" + "夜里 the rain " * 16_000 + "\nanother line"
    async with writing(tmp_path, text) as (_, screen, pilot):
        sung = marks.sung_line
        monkeypatch.setattr(
            marks, "sung_line", lambda line, *more: read.append(len(line)) or sung(line, *more)
        )
        await pilot.press("ctrl+end", "x")
        await pilot.pause(0.1)
        assert screen.editor.marks.at(screen.editor.song.lines, 2).syllables > 0
    assert read and max(read) <= marks.LONGEST_LINE


def test_a_section_without_end_is_marked_in_pieces_that_no_key_has_to_wait_for():
    lines = [f"line number {n} goes on and on until the end of it all comes" for n in range(2000)]
    for row in (0, 777, 1999):
        start, end = marks.section_bounds(lines, row)
        assert start <= row < end
        assert sum(map(len, lines[start:end])) <= marks.MOST_CHARACTERS


async def test_what_would_make_a_song_too_long_is_not_pasted_and_said(tmp_path):
    async with writing(tmp_path, "a song") as (app, screen, pilot):
        screen.editor.post_message(events.Paste("much\n" * 1_000_000))
        await pilot.pause(0.1)
        assert screen.editor.text == "a song"
        (said,) = app._notifications
        assert "5,000,000 characters" in said.message and "paste less" in said.message
        screen.editor.post_message(events.Paste("a bit of"))
        await pilot.pause(0.1)
        assert "a bit of" in screen.editor.text


async def test_a_long_song_is_broken_into_rows_once_the_size_has_come_to_rest(tmp_path):
    async with writing(tmp_path, LONG) as (_, screen, pilot):
        await pilot.press("ctrl+end")
        for size in ((80, 20), (60, 20), (40, 12)):
            await pilot.resize_terminal(*size)
        await pilot.pause(0.3)
        editor = screen.editor
        assert editor.rows._wrapped_for[0] == editor.wrap_width
        x, y = editor.cursor_screen_offset
        assert editor.content_region.contains(x, y)
