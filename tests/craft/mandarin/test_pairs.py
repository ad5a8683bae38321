"""How far rhyme grades agree with hand-checked pairs of words and line ends."""

from __future__ import annotations

from pathlib import Path

from lyricist.craft.mandarin.readings import Reading, read_line
from lyricist.craft.mandarin.rhyme import rhyme_grade, rhyming_end

REQUIRED = 0.98
_ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "pairs.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_there_are_enough_pairs_and_none_twice():
    assert len({(a, b) for a, b, *_ in _ROWS}) == len(_ROWS) >= 320


def test_thirteen_tracks_agree_with_the_pairs(capsys):
    _agrees(capsys, "十三辙", [(a, b, strict, "thirteen", False) for a, b, strict, *_ in _ROWS])


def test_loose_rhymes_agree_with_the_pairs(capsys):
    _agrees(capsys, "十三辙, 通押", [(a, b, near, "thirteen", True) for a, b, _, near, *_ in _ROWS])


def test_new_rhymes_agree_with_the_pairs(capsys):
    _agrees(
        capsys,
        "中华新韵",
        [(a, b, strict if new == "=" else new, "new", False) for a, b, strict, _, new, _ in _ROWS],
    )


def _agrees(capsys, name, cases):
    wrong = []
    for a, b, expected, system, loose in cases:
        grade = rhyme_grade(_last(a), _last(b), system, loose) or "none"
        if grade != expected:
            wrong.append(f"{a} ({_last(a).pinyin}) / {b} ({_last(b).pinyin}): {grade}, {expected}")
    agreement = 1 - len(wrong) / len(cases)
    with capsys.disabled():
        print(f"\n{len(cases)} pairs, {name}: {agreement:.1%} agree")
    assert agreement >= REQUIRED, "\n".join(wrong)


def _last(line: str) -> Reading:
    return rhyming_end(line, read_line(line))[-1]
