"""Settings that never stop the program."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.errors import SettingsError
from lyricist.library.paths import paths
from lyricist.library.settings import (
    MAX_RECENT,
    Settings,
    load_settings,
    remember_recent,
    save_settings,
)


def write(text):
    file = paths().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
all_settings = st.builds(
    Settings,
    theme=words.filter(bool),
    model=words,
    temperature=st.floats(0, 5),
    top_p=st.floats(0.01, 1),
    top_k=st.integers(0, 10_000),
    count=st.integers(1, 20),
    ime=st.sampled_from(["auto", "on", "off"]),
    ghost=st.booleans(),
    pane=st.booleans(),
    adapt=st.booleans(),
    eagerness=st.sampled_from(["quiet", "normal", "eager"]),
    recent=st.lists(words, max_size=MAX_RECENT),
    keys=st.dictionaries(words, words, max_size=4),
)


def test_without_a_file_the_defaults_hold():
    assert load_settings() == (Settings(), None)


@settings(deadline=None, max_examples=30)
@given(all_settings, all_settings)
def test_settings_come_back_as_they_were_saved(first, second):
    save_settings(first)
    save_settings(second)
    assert load_settings() == (second, None)


def test_comments_and_unknown_entries_stay():
    file = write('# mine\ntheme = "nord" # dark\nlater = 3\n\n[keys]\n# tab\naccept = "tab"\n')
    loaded, notice = load_settings()
    assert notice is None
    loaded.pane = False
    loaded.theme = "dracula"
    loaded.keys["next"] = "alt+n"
    save_settings(loaded)
    text = file.read_text(encoding="utf-8")
    for kept in ("# mine", '"dracula" # dark', "later = 3", "# tab"):
        assert kept in text
    assert load_settings() == (loaded, None)


@pytest.mark.parametrize("text", ["theme = ", "\0", "a = 1\na = 2", "x = [" * 5000])
def test_a_broken_file_is_moved_aside_and_the_defaults_hold(text):
    file = write(text)
    loaded, notice = load_settings()
    assert loaded == Settings()
    assert "settings.toml.corrupt-1" in notice
    assert "\n" not in notice
    assert (file.parent / "settings.toml.corrupt-1").read_text() == text
    assert load_settings() == (Settings(), None)
    write(text)
    assert "corrupt-2" in load_settings()[1]


def test_a_file_that_is_not_utf8_is_broken():
    write("").write_bytes(b'theme = "\xff"')
    assert "corrupt-1" in load_settings()[1]


@pytest.mark.parametrize(
    "line",
    [
        "temperature = -1",
        "temperature = nan",
        "temperature = true",
        "top_p = 0",
        "top_p = 1.5",
        "top_k = 1.5",
        "count = 0",
        "count = 1000000",
        'ime = "maybe"',
        "ghost = 1",
        "adapt = 1",
        'eagerness = "loud"',
        "eagerness = 1",
        'theme = ""',
        "model = 3",
        'recent = "x"',
        "recent = [1]",
        'device = "tpu"',
        'keys = ["x"]',
        "keys = {a = 1}",
    ],
)
def test_a_value_out_of_range_is_replaced_and_named(line):
    write(f"pane = false\n{line}\n")
    loaded, notice = load_settings()
    assert loaded == Settings(pane=False)
    assert line.split()[0] in notice
    assert "\n" not in notice


def test_whole_numbers_do_where_fractions_are_wanted():
    write("temperature = 1\n")
    assert load_settings() == (Settings(temperature=1.0), None)


def test_the_latest_document_comes_first_and_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chosen = Settings()
    for name in ("a", "b", "a"):
        chosen = remember_recent(chosen, name)
    assert chosen.recent == [str(tmp_path / "a"), str(tmp_path / "b")]
    for number in range(30):
        chosen = remember_recent(chosen, f"/songs/{number}")
    assert len(chosen.recent) == MAX_RECENT
    assert chosen.recent[0] == "/songs/29"


def test_a_name_that_is_not_unicode_is_not_remembered():
    assert remember_recent(Settings(), "/songs/\udcff").recent == []


def test_settings_that_cannot_be_saved_are_an_error_in_one_line():
    paths().config.parent.mkdir(parents=True, exist_ok=True)
    paths().config.write_text("in the way")
    with pytest.raises(SettingsError, match="cannot be saved"):
        save_settings(Settings())
    assert load_settings()[0] == Settings()


@pytest.mark.parametrize(
    "line", ["temperature = " + "9" * 400, "top_p = 0x" + "f" * 400, "temperature = nan"]
)
def test_a_number_beyond_all_limits_is_replaced_by_the_default(line):
    write(line + "\n")
    loaded, notice = load_settings()
    assert loaded == Settings()
    assert "must be a number" in notice


def test_a_value_of_the_wrong_kind_is_gone_once_the_settings_are_saved():
    write("ghost = 1\nadapt = 0\n")
    loaded, notice = load_settings()
    assert "true or false" in notice
    save_settings(loaded)
    assert load_settings() == (loaded, None)


@pytest.mark.parametrize("line", ["a" + ".a" * 60_000 + " = 1", "a = [" + "1," * 60_000 + "]"])
def test_settings_that_would_take_minutes_to_read_are_set_aside(line):
    file = write(line)
    loaded, notice = load_settings()
    assert loaded == Settings()
    assert "broken" in notice
    assert not file.exists()
