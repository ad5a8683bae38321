"""How many characters of hand-checked phrases are read right in context."""

from __future__ import annotations

from pathlib import Path

from lyricist.craft.mandarin.pinyin import parsed
from lyricist.craft.mandarin.readings import Reading, read_line

REQUIRED = 0.97
_ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "polyphones.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_phrases_are_read_as_a_speaker_reads_them(capsys):
    wrong = [
        f"{phrase}: {' '.join(r.pinyin if r else '-' for r in read_line(phrase))} ({reason})"
        for phrase, expected, reason in _ROWS
        if not _is_read_as(phrase, expected)
    ]
    agreement = 1 - len(wrong) / len(_ROWS)
    with capsys.disabled():
        print(f"\n{len(_ROWS)} phrases with polyphones, read right: {agreement:.1%}")
    assert len(_ROWS) >= 130
    assert agreement >= REQUIRED, "\n".join(wrong)


def test_the_phrases_the_issue_trackers_name_are_read_right():
    named = ("重来", "银行行长", "了不起", "长大以后", "洗发水", "我不了解", "長大以後", "銀行")
    expected = {phrase: pinyin for phrase, pinyin, _ in _ROWS}
    assert [phrase for phrase in named if not _is_read_as(phrase, expected[phrase])] == []


def _is_read_as(phrase: str, expected: str) -> bool:
    """Whether each syllable is one of those accepted for it (`fa5|fa4`: both are said)."""
    readings = read_line(phrase)
    accepted = [one.split("|") for one in expected.split()]
    assert len(accepted) == len(phrase), phrase
    return all(_is_one_of(r, pinyins) for r, pinyins in zip(readings, accepted, strict=True))


def _is_one_of(reading: Reading | None, pinyins: list[str]) -> bool:
    if reading is None:
        return False
    sounds = [(s.initial, s.final, s.tone) for s in map(parsed, pinyins)]
    return (reading.initial, reading.final, reading.tone) in sounds
