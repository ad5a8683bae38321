"""The packaged songs, as texts."""

from itertools import pairwise

from lyricist.library.paths import songbook
from lyricist.library.songbook import songbook_texts


def test_some_songs_are_taken_evenly_from_the_whole_book():
    every = [file.read_text("utf-8") for file in sorted((songbook() / "zh").glob("*.txt"))]
    assert songbook_texts("zh", at_most=len(every)) == every
    some = songbook_texts("zh", at_most=20)
    assert 10 <= len(some) <= 20
    places = [every.index(text) for text in some]
    gaps = {after - before for before, after in pairwise(places)}
    assert len(gaps) == 1 and places[-1] >= len(every) - gaps.pop()


def test_no_two_songs_share_a_line():
    # Refrains that stand in several songs would be learned as if everyone sang them.
    for language in ("zh", "en"):
        where = {}
        for file in sorted((songbook() / language).glob("*.txt")):
            for line in set(file.read_text("utf-8").split("\n")):
                if len(line) >= 5 and line[0] not in "#[【":
                    assert where.setdefault(line, file.name) == file.name, line
