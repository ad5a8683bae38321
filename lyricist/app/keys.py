"""Every key of the Write screen as data: what it does, its default, and where it is shown.

Settings may give other keys under `[keys]`, by name: `accept_all = "ctrl+g"`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingsMap
from textual.keys import KEY_TO_UNICODE_NAME, REPLACED_KEYS, Keys, _character_to_key

from lyricist.text.display import visible


@dataclass(frozen=True)
class Key:
    """One key.

    name: what settings call it. keys: its default, several with commas. action: what it calls.
    footer: shown at the bottom. editor: the editor's own action rather than the screen's.
    shown: how help writes the default, where Textual's name for it is no help.
    """

    name: str
    keys: str
    action: str
    description: str
    footer: bool = False
    editor: bool = False
    shown: str = ""


def _take(number: int) -> Key:
    return Key(
        f"take_{number}",
        f"alt+{number}",
        f"take({number - 1})",
        f"Take candidate {number}",
        editor=True,
        shown=f"Alt+{number}",
    )


# Shift and a function key is no good default: terminals send Shift+F3 as they tell the cursor's
# position. In the order of the footer, whose end a narrow terminal cuts off.
KEYS = (
    Key("accept_all", "tab", "accept_all", "Accept", True, True, "Tab"),
    Key("accept_word", "ctrl+right", "accept_word", "Accept word", editor=True, shown="Ctrl+→"),
    Key("accept_character", "right", "accept_character", "Accept character", False, True, "→"),
    Key(
        "next_candidate",
        "alt+right_square_bracket,alt+down",
        "cycle(1)",
        "Next candidate",
        editor=True,
        shown="Alt+] / Alt+↓",
    ),
    Key(
        "previous_candidate",
        "alt+left_square_bracket,alt+up",
        "cycle(-1)",
        "Previous candidate",
        editor=True,
        shown="Alt+[ / Alt+↑",
    ),
    *map(_take, range(1, 10)),
    Key("dismiss", "escape", "dismiss", "Dismiss", editor=True, shown="Esc"),
    Key("ask", "ctrl+@,ctrl+space", "ask", "Ask now", editor=True, shown="Ctrl+Space"),
    Key("save", "ctrl+s", "save", "Save", True, shown="Ctrl+S"),
    Key("help", "f1", "help", "Help", True, shown="F1"),
    Key("quit", "ctrl+q", "leave", "Quit", True, shown="Ctrl+Q"),
    Key("open", "ctrl+o", "open", "Open", True, shown="Ctrl+O"),
    Key("train", "ctrl+t", "train", "Train", True, shown="Ctrl+T"),
    Key("models", "ctrl+l", "models", "Models", True, shown="Ctrl+L"),
    Key("toggle_pane", "f2", "toggle_pane", "Pane", True, shown="F2"),
    Key("save_as", "f12,ctrl+shift+s", "save_as", "Save as", shown="F12"),
    Key("new", "ctrl+n", "new", "New", shown="Ctrl+N"),
    Key("recent", "ctrl+r", "recent", "Recent songs", shown="Ctrl+R"),
    Key("toggle_ghost", "f3", "toggle_ghost", "Ghost text on/off", shown="F3"),
    Key("eagerness", "alt+g", "eagerness", "Ghost text quiet/normal/eager", shown="Alt+G"),
    Key("locks", "alt+k", "toggle_locks", "Lock length and rhyme on/off", shown="Alt+K"),
    Key("set_locks", "alt+t", "set_locks", "What length and rhyme to lock to", shown="Alt+T"),
    Key("craft", "alt+c", "toggle_craft", "Lengths and rhymes on/off", shown="Alt+C"),
    Key("tones", "alt+d", "toggle_tones", "Tones and stresses on/off", shown="Alt+D"),
    Key("rhymes", "alt+r", "rhymes", "Rhymes for this place", shown="Alt+R"),
    Key("rewrite", "alt+w", "rewrite", "Rewrite this line", shown="Alt+W"),
    Key("version", "alt+v", "version", "Earlier version of this line", shown="Alt+V"),
    Key("versions", "alt+z", "versions", "Earlier versions of this song", shown="Alt+Z"),
    Key("reading", "alt+y", "reading", "Reading of this character", shown="Alt+Y"),
    Key("follow", "alt+s", "follow", "What this section follows", shown="Alt+S"),
    Key("input_method", "f4", "input_method", "Input method spacing", shown="F4"),
    Key("cooler", "f5", "temperature(-0.1)", "Lower temperature", shown="F5"),
    Key("hotter", "f6", "temperature(0.1)", "Higher temperature", shown="F6"),
    Key("narrower", "f7", "top_p(-0.05)", "Lower top-p", shown="F7"),
    Key("wider", "f8", "top_p(0.05)", "Higher top-p", shown="F8"),
    Key("theme", "f9", "toggle_theme", "Light/dark", shown="F9"),
    Key(
        "toggle_adaptation",
        # Some terminals keep F10 for their menu.
        "f10,alt+l",
        "toggle_adaptation",
        "Learn from this song on/off",
        shown="F10 / Alt+L",
    ),
    Key("undo", "ctrl+z", "undo", "Undo", editor=True, shown="Ctrl+Z"),
    Key("redo", "ctrl+y", "redo", "Redo", editor=True, shown="Ctrl+Y"),
    Key("cut", "ctrl+x", "cut", "Cut", editor=True, shown="Ctrl+X"),
    Key("copy", "ctrl+c", "copy", "Copy", editor=True, shown="Ctrl+C"),
    Key("paste", "ctrl+v", "paste", "Paste", editor=True, shown="Ctrl+V"),
    Key("select_all", "ctrl+a", "select_all", "Select all", editor=True, shown="Ctrl+A"),
    Key("song_start", "ctrl+home", "song_start", "Start of song", editor=True, shown="Ctrl+Home"),
    Key("song_end", "ctrl+end", "song_end", "End of song", editor=True, shown="Ctrl+End"),
)

Keymap = Mapping[str, str]
"""Name of a `Key` to the keys that call it, in Textual's spelling."""

DEFAULT_KEYMAP: Keymap = {key.name: key.keys for key in KEYS}

_MODIFIERS = {"alt", "ctrl", "hyper", "meta", "shift", "super"}
_VALUES = {key.value for key in Keys}
_NAMES = (
    {value.rpartition("+")[2] for value in _VALUES}
    | KEY_TO_UNICODE_NAME.keys()
    | REPLACED_KEYS.keys()
)


def bind_keys(bindings: BindingsMap, keymap: Keymap, editor: bool) -> None:
    """Put the keys of the editor, or those of the screen, into the bindings of a widget.

    Whatever else the widget did with any key of `keymap` gives way, since the focused widget is
    asked first.
    """
    taken = {key for keys in keymap.values() for key in keys.split(",")}
    for key in taken & bindings.key_to_bindings.keys():
        del bindings.key_to_bindings[key]
    wanted = (_binding(key, keymap[key.name]) for key in KEYS if key.editor == editor)
    for binding in Binding.make_bindings(wanted):
        bindings.key_to_bindings[binding.key] = [binding]


def checked_keymap(wanted: Mapping[str, str]) -> tuple[Keymap, str | None]:
    """Return the keys with the settings' changes, and one line about changes that cannot be.

    A change that names no action, no key, or a key that is in use keeps its default.
    """
    changes: dict[str, str] = {}
    wrong = []
    for name, keys in wanted.items():
        spelled = [_spelled(key) for key in keys.split(",")]
        if name not in DEFAULT_KEYMAP:
            wrong.append(f"no key is called {name!r}")
        elif None in spelled:
            wrong.append(f"{keys!r} for {name} is no key")
        else:
            changes[name] = ",".join(filter(None, spelled))
    while clash := _clash(changes):
        name, other = clash
        wrong.append(f"{changes.pop(name)!r} for {name} is the key of {other}")
    keymap = {**DEFAULT_KEYMAP, **changes}
    if not wrong:
        return keymap, None
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return keymap, visible(f"settings, keys: {wrong[0]}{more}; F1 lists names and keys")


def key_rows(keymap: Keymap) -> Iterable[tuple[str, str, str]]:
    """Yield (keys, name, description) of every key as it is now, for the help screen."""
    for key in KEYS:
        keys = keymap[key.name]
        shown = key.shown if keys == key.keys else keys.replace(",", " / ")
        if not key.name.startswith("take_") or keys != key.keys:
            yield shown, key.name, key.description
        elif key.name == "take_1":
            yield "Alt+1 … Alt+9", "take_1 … take_9", "Take that candidate"


def _binding(key: Key, keys: str) -> Binding:
    display = None
    if keys == key.keys:
        display = key.shown.partition(" / ")[0]
        if display.startswith("Ctrl+"):
            display = f"^{display[5:].lower()}"
    return Binding(keys, key.action, key.description, key.footer, display, id=key.name)


def _spelled(key: str) -> str | None:
    """Return a key as Textual spells it, None if there is no such key or it is needed to type."""
    key = key.strip().lower()
    if "+" in key and key in _VALUES:
        return key
    *modifiers, last = key.split("+")
    name = _character_to_key(last) if len(last) == 1 else last
    if not set(modifiers) <= _MODIFIERS or not (len(last) == 1 or last in _NAMES):
        return None
    types_something = len(last) == 1 or last in KEY_TO_UNICODE_NAME or last in REPLACED_KEYS
    if (types_something or last == "space") and not set(modifiers) - {"shift"}:
        return None
    return "+".join([*sorted(modifiers), name])


def _clash(changes: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the first (changed name, other name) that share a key."""
    keymap = {**DEFAULT_KEYMAP, **changes}
    users: dict[str, str] = {}
    for name in sorted(keymap, key=lambda name: name in changes):
        for key in keymap[name].split(","):
            if users.setdefault(key, name) != name:
                return name, users[key]
    return None
