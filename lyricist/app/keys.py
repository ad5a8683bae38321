"""Every key of the Write screen as data: what it does, its default, and where it is shown.

Settings may give other keys under `[keys]`, by name: `accept_all = "ctrl+g"`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True)
class Key:
    """One key. name: what settings call it. action: what it calls. footer: shown at the bottom.

    editor: handled by the editor itself, since the text area would otherwise use the key.
    shown: how help writes the key, where Textual's name for it is no help.
    """

    name: str
    keys: str
    action: str
    description: str
    footer: bool = False
    editor: bool = False
    shown: str = ""

    def binding(self) -> Binding:
        """Return it as Textual wants it."""
        return Binding(
            self.keys,
            self.action,
            self.description,
            show=self.footer,
            id=self.name,
            key_display=self.shown.split(" / ")[0] or None,
        )


KEYS = (
    Key("accept_all", "tab", "accept_all", "Accept", True, True, "Tab"),
    Key("accept_word", "ctrl+right", "accept_word", "Accept word", False, True, "Ctrl+→"),
    Key("accept_character", "right", "accept_character", "Accept character", False, True, "→"),
    Key(
        "next_candidate",
        "alt+right_square_bracket,alt+down",
        "cycle(1)",
        "Next candidate",
        False,
        True,
        "Alt+] / Alt+↓",
    ),
    Key(
        "previous_candidate",
        "alt+left_square_bracket,alt+up",
        "cycle(-1)",
        "Previous candidate",
        False,
        True,
        "Alt+[ / Alt+↑",
    ),
    Key("dismiss", "escape", "dismiss", "Dismiss", False, True, "Esc"),
    Key("ask", "ctrl+@,ctrl+space", "ask", "Ask now", False, True, "Ctrl+Space"),
    Key("save", "ctrl+s", "save", "Save", True, shown="^s"),
    Key("save_as", "f12", "save_as", "Save as", shown="F12"),
    Key("open", "ctrl+o", "open", "Open", True, shown="^o"),
    Key("recent", "ctrl+r", "recent", "Recent songs", shown="^r"),
    Key("new", "ctrl+n", "new", "New", shown="^n"),
    Key("train", "ctrl+t", "train", "Train", True, shown="^t"),
    Key("models", "ctrl+l", "models", "Models", True, shown="^l"),
    Key("toggle_pane", "f2", "toggle_pane", "Model pane", True, shown="F2"),
    Key("toggle_ghost", "f3", "toggle_ghost", "Ghost text on/off", shown="F3"),
    Key("input_method", "f4", "input_method", "Input method spacing", shown="F4"),
    Key("cooler", "f5", "screen.temperature(-0.1)", "Lower temperature", False, True, "F5"),
    Key("hotter", "f6", "screen.temperature(0.1)", "Higher temperature", False, True, "F6"),
    Key("narrower", "f7", "screen.top_p(-0.05)", "Lower top-p", False, True, "F7"),
    Key("wider", "f8", "screen.top_p(0.05)", "Higher top-p", False, True, "F8"),
    Key("theme", "f9", "toggle_theme", "Light/dark", shown="F9"),
    Key("help", "f1", "help", "Help", True, shown="F1"),
    Key("quit", "ctrl+q", "leave", "Quit", True, shown="^q"),
    *(
        Key(f"take_{n}", f"alt+{n}", f"take({n - 1})", f"Take candidate {n}", editor=True)
        for n in range(1, 10)
    ),
)

_NAMES = {key.name for key in KEYS}


Bindings = list[Binding | tuple[str, str] | tuple[str, str, str]]


def editor_bindings() -> Bindings:
    """Bindings that must win over the text area's own."""
    return [key.binding() for key in KEYS if key.editor]


def screen_bindings() -> Bindings:
    """All other bindings of the Write screen."""
    return [key.binding() for key in KEYS if not key.editor]


def checked_keymap(wanted: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    """Return the usable part of the settings' keys, and one line about the rest."""
    usable = {name: keys for name, keys in wanted.items() if name in _NAMES and keys.strip()}
    wrong = sorted(set(wanted) - set(usable))
    if not wrong:
        return usable, None
    return usable, f"settings: no such key {wrong[0]!r}; F1 lists the names"


def key_names(keymap: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return (keys, name, description) of every key as it is now, for the help screen."""
    rows = []
    for key in KEYS:
        if key.name.startswith("take_"):
            continue
        rows.append((keymap.get(key.name) or key.shown or key.keys, key.name, key.description))
    rows.insert(6, ("Alt+1 … Alt+9", "take_1 …", "Take that candidate"))
    return rows
