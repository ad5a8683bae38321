"""Keys: as the terminal sends them, as the settings change them, and who gets them."""

import time

import pytest
from driving import SILENT
from textual.events import Key

from lyricist.app.app import LyricistApp
from lyricist.app.keys import DEFAULT_KEYMAP, KEYS, checked_keymap, key_rows
from lyricist.app.terminal import AltKeyParser, prepare_drivers
from lyricist.app.widgets.editor import Editor
from lyricist.library.settings import Settings
from lyricist.suggest.protocol import Candidate

# Longer than the time in which a terminal sends the rest of a sequence.
AFTER_A_SEQUENCE = 0.15


def events_of(sent):
    """What the app hears when a terminal sends this."""
    parser = AltKeyParser(False)
    heard = list(parser.feed(sent))
    time.sleep(AFTER_A_SEQUENCE)
    heard += list(parser.tick())
    return [event for event in heard if isinstance(event, Key)]


def keys_of(sent):
    return [event.key for event in events_of(sent)]


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        *((f"\x1b{n}", [f"alt+{n}"]) for n in range(1, 10)),
        ("\x1b]", ["alt+right_square_bracket"]),
        ("\x1b[", ["alt+left_square_bracket"]),
        ("\x1b[91;3u", ["alt+left_square_bracket"]),
        ("\x1b[51;3u", ["alt+3"]),
        ("\x1b", ["escape"]),
        ("\x1b[1;3B", ["alt+down"]),
        ("\x1b[1;5C", ["ctrl+right"]),
        ("\x1b[C", ["right"]),
        ("\x00", ["ctrl+@"]),
        ("\t", ["tab"]),
        ("1]", ["1", "right_square_bracket"]),
        ("\x1b3夜", ["alt+3", "夜"]),
    ],
)
def test_alt_with_digits_and_brackets_is_heard_in_any_terminal(sent, keys):
    assert keys_of(sent) == keys


def test_the_driver_uses_the_parser():
    driver = pytest.importorskip("textual.drivers.linux_driver")
    before = driver.XTermParser
    try:
        prepare_drivers()
        assert driver.XTermParser is AltKeyParser
    finally:
        driver.XTermParser = before


def test_every_default_is_a_key_and_no_two_are_the_same():
    keymap, notice = checked_keymap({key.name: key.keys for key in KEYS})
    assert notice is None
    assert keymap == DEFAULT_KEYMAP


@pytest.mark.parametrize(
    ("wanted", "in_notice"),
    [
        ({"nonsense": "ctrl+g"}, "nonsense"),
        ({"save": "banana"}, "banana"),
        ({"save": "ctrl+"}, "ctrl+"),
        ({"save": ""}, "save"),
        ({"save": "s"}, "'s'"),
        ({"save": "shift+s"}, "shift+s"),
        ({"save": "space"}, "space"),
        ({"save": "ctrl+t"}, "the key of train"),
        ({"save": "ctrl+o", "open": "banana"}, "and 1 more"),
        ({"a\x1b[2J": "ctrl+g"}, "x1b"),
    ],
)
def test_keys_that_cannot_be_are_named_and_the_defaults_hold(wanted, in_notice):
    keymap, notice = checked_keymap(wanted)
    assert keymap == DEFAULT_KEYMAP
    assert in_notice in notice
    assert "\x1b" not in notice


def test_keys_may_be_written_as_on_the_keyboard_and_exchanged():
    keymap, notice = checked_keymap(
        {"save": "ctrl+o", "open": "Ctrl+S", "accept_all": "shift+alt+., f11"}
    )
    assert notice is None
    assert (keymap["save"], keymap["open"]) == ("ctrl+o", "ctrl+s")
    assert keymap["accept_all"] == "alt+shift+full_stop,f11"


def test_a_changed_key_leaves_its_old_one_to_the_text_area():
    keymap, _ = checked_keymap({"accept_character": "ctrl+f", "save": "ctrl+k"})
    bindings = Editor(keymap)._bindings.key_to_bindings
    assert [b.action for b in bindings["right"]] == ["cursor_right"]
    assert [b.action for b in bindings["ctrl+f"]] == ["accept_character"]
    assert "ctrl+k" not in bindings, "the screen would not get it"


async def test_alt_with_a_letter_acts_and_types_nothing():
    """As a terminal sends it: Textual's event for it has the letter as its character."""
    settings = Settings(keys={"accept_all": "alt+n"})
    app = LyricistApp(settings=settings, service_command=SILENT)
    async with app.run_test() as pilot:
        while not app.write_screen.is_mounted:
            await pilot.pause(0.02)
        editor = app.write_screen.editor
        for sent in ("a", "\x1bg", "\x1b夜"):
            for event in events_of(sent):
                app.post_message(event)
        await pilot.pause(0.2)
        assert app.settings.eagerness == "eager"
        assert editor.text == "a夜"
        editor.show_candidates(editor.revision, [Candidate("bc", -1.0)])
        for event in events_of("\x1bn"):
            app.post_message(event)
        await pilot.pause(0.2)
        assert editor.text == "a夜bc"


def test_help_shows_the_keys_as_they_are():
    keymap, _ = checked_keymap({"accept_all": "ctrl+g"})
    rows = {name: keys for keys, name, _ in key_rows(keymap)}
    assert rows["accept_all"] == "ctrl+g"
    assert rows["ask"] == "Ctrl+Space"
    assert {name for name in DEFAULT_KEYMAP if not name.startswith("take_")} <= rows.keys()
    assert rows["take_1 … take_9"] == "Alt+1 … Alt+9"


async def test_what_is_looked_up_has_keys_that_terminals_send_and_places_in_the_palette():
    names = ("rhymes", "rewrite", "version", "reading", "follow")
    rows = {name: keys for keys, name, _ in key_rows(DEFAULT_KEYMAP)}
    assert [rows[name] for name in names] == ["Alt+R", "Alt+W", "Alt+V", "Alt+Y", "Alt+S"]
    assert [keys_of("\x1b" + rows[name][-1].lower()) for name in names] == [
        [DEFAULT_KEYMAP[name]] for name in names
    ]
    app = LyricistApp(service_command=SILENT)
    async with app.run_test() as pilot:
        while not app.write_screen.is_current:
            await pilot.pause(0.02)
        titles = {command.title for command in app.get_system_commands(app.write_screen)}
        assert {"Rhymes for this place", "Rewrite this line", "What this section follows"} <= titles
