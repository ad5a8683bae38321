"""Lines of the writer's other songs that rhyme with one."""

from __future__ import annotations

from lyricist.craft.line import Unit, kind_of, sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import LineRhyme, ending_rhyme
from lyricist.library.own_songs import own_songs

# As many lines are read in a second or so; those of the songs opened last come first.
MOST_READ = 2500
_MOST_SHOWN = 30


def own_lines_that_rhyme(
    ending: tuple[Unit, ...], rules: RhymeRules, except_for: str = ""
) -> tuple[str, ...]:
    """Return lines of the writer's songs and corpus that rhyme, the best rhymes first.

    Lines that end on the very same word are left out, for they repeat rather than rhyme.

    Args:
        ending: Of the line to rhyme with, see `SungLine.ending`.
        rules: How rhymes are judged.
        except_for: Path of the song being written.
    """
    return lines_that_rhyme(own_songs(except_for).split("\n"), ending, rules)


def lines_that_rhyme(
    lines: list[str], ending: tuple[Unit, ...], rules: RhymeRules
) -> tuple[str, ...]:
    """Return those of some lines that rhyme, the best rhymes first."""
    lyrics = [line.strip() for line in dict.fromkeys(lines) if kind_of(line) == "lyric"]
    found: list[tuple[LineRhyme, str]] = []
    for line in dict.fromkeys(lyrics[:MOST_READ]):
        rhyme = ending_rhyme(ending, sung_line(line).ending, rules)
        if rhyme is not None and rhyme.grade != "same":
            found.append((rhyme, line))
    best = sorted(found, key=lambda pair: _worth(pair[0]), reverse=True)
    return tuple(line for _, line in best[:_MOST_SHOWN])


def _worth(rhyme: LineRhyme) -> tuple[float, int]:
    return rhyme.strength, rhyme.syllables
