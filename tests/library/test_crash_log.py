"""What is kept of a crash says where it happened, and nothing of a song."""

import stat

from lyricist.errors import LyricistError
from lyricist.library.crash_log import crash_cause, write_crash
from lyricist.text.display import visible
from lyricist.text.lines import cut_to_cells

CANARY = "the copper canary of line nine"


def crash():
    """An error in ours, from one that quotes the song in its message, its notes and its cause."""
    line = CANARY
    try:
        try:
            {}[line]
        except KeyError as error:
            error.add_note(line)
            raise LyricistError(f"bad line: {line}", line) from error
    except LyricistError:
        try:
            cut_to_cells(line, line)
        except TypeError as error:
            return error
    raise AssertionError


def test_a_report_has_the_places_and_no_word_of_the_song(home):
    file = write_crash(crash())
    report = file.read_text()
    for word in ("copper", "canary", "nine"):
        assert word not in report
    assert "builtins.TypeError" in report
    assert "lines.py, line" in report and "in cut_to_cells" in report
    assert "lyricist.errors.LyricistError" in report and "builtins.KeyError" in report
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_group_of_errors_names_each(home):
    group = ExceptionGroup(CANARY, [ValueError(CANARY), KeyError(CANARY)])
    report = write_crash(group).read_text()
    assert "copper" not in report
    assert "builtins.ValueError" in report and "builtins.KeyError" in report


def test_the_cause_in_one_line_names_our_innermost_place():
    cause = crash_cause(crash())
    assert cause.startswith("TypeError in lines.py, line ")
    assert crash_cause(ValueError(CANARY)) == "ValueError"
    assert visible(cause) == cause


def test_reports_do_not_pile_up(home):
    files = {write_crash(ValueError()) for _ in range(30)}
    assert len(files) == 30
    assert len(list((home / "state" / "log").iterdir())) == 20


def test_a_disk_that_refuses_is_no_second_crash(home):
    (home / "state").write_text("in the way")
    assert write_crash(ValueError()) is None
