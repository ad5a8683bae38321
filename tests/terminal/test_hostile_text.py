"""Everything that the app sends to its terminal, byte by byte, with hostile texts everywhere."""

import os

import pytest
from hostile import CANARY, HOSTILE, acting, file_name

from lyricist.text.display import visible

PASTED = "\x1b[200~{}\x1b[201~"


def sent_to(app):
    return acting(app.raw)


def close(app, title):
    """Close a dialog; a key that comes too soon after Escape would be Alt with that key."""
    app.press("escape")
    app.wait_for(lambda: title not in app.text)


def test_a_hostile_song_with_a_hostile_name_is_shown_as_symbols(terminal, tmp_path):
    folder = os.fsencode(tmp_path) + b"/" + file_name(HOSTILE["title"] + "\u202e[/Hook]")
    os.mkdir(folder)
    song = os.path.join(folder, file_name(HOSTILE["clipboard"] + "[@click=app.quit]"))
    lines = [text[:60] for name, text in HOSTILE.items() if name != "surrogates"]
    with open(song, "wb") as file:
        file.write("\n".join(lines).encode())
    app = terminal(os.fsdecode(song), columns=100, rows=60)
    app.wait_for("[Chorus]", 60)
    app.wait_for("[/Hook]")
    assert "␛]0;CANARY␇title" in app.text
    # Its path in the list of recent songs, in the file dialog, in the question on leaving.
    app.press("ctrl+r")
    app.wait_for("Recent songs")
    close(app, "Recent songs")
    app.press("ctrl+o")
    app.wait_for("Cancel")
    app.read(0.5)
    close(app, "Cancel")
    app.type("x")
    app.press("ctrl+q")
    app.wait_for("Discard")
    app.press("tab", "tab", "enter")
    assert app.finish(30) == 0
    assert sent_to(app) == []


@pytest.mark.parametrize("ends_paste", [False, True])
def test_hostile_text_is_pasted_as_text(terminal, tmp_path, ends_paste):
    app = terminal(tmp_path / "song.txt", columns=100, rows=30)
    app.wait_for("ready", 60)
    text = f"one {HOSTILE['clipboard']} {HOSTILE['bidi']} {HOSTILE['zero width']} end"
    # A paste that ends itself has its rest read as keys.
    app.child.send(PASTED.format(f"{text}\x1b[201~{HOSTILE['title']}" if ends_paste else text))
    app.wait_for(lambda: visible("\u200bb\u2060c\ufeff") in app.text)
    app.press("ctrl+s")
    app.wait_for("saved")
    app.press("ctrl+q")
    app.finish(30)
    assert sent_to(app) == []
    assert CANARY in (tmp_path / "song.txt").read_text(encoding="utf-8")


def test_settings_from_a_stranger_are_shown_as_symbols(terminal, home, tmp_path):
    hostile = (HOSTILE["title"] + HOSTILE["bidi"] + "[/Hook]").encode("unicode_escape").decode()
    hostile = hostile.replace("\\x", "\\u00")
    settings = home / "config" / "settings.toml"
    settings.write_text(
        f'theme = "{hostile}"\nmodel = "{hostile}"\nlock_word = "{hostile}"\nlocks = true\n'
        f'recent = ["{hostile}"]\n[keys]\n"{hostile}" = "{hostile}"\nsave = "{hostile}"\n'
    )
    app = terminal(tmp_path / "song.txt", columns=100, rows=40)
    app.wait_for("there is no theme", 60)
    app.child.send("\x1bt")
    app.wait_for("Ghost lines have to have")
    app.wait_for("␛]0;CANARY␇")
    close(app, "Ghost lines")
    app.press("ctrl+q")
    assert app.finish(30) == 0
    assert sent_to(app) == []
