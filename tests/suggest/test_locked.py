"""Candidates under a lock, drawn by the shipped networks: each obeys, or none is proposed."""

import pytest

from lyricist.craft.line import sung_line
from lyricist.craft.modes import RhymeRules
from lyricist.craft.rhyme import line_rhyme
from lyricist.errors import LyricistError
from lyricist.library.models import find_model
from lyricist.network.decoder import load_decoder
from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.locked_lines import LockedLine, Place, best_first, obeys
from lyricist.suggest.protocol import (
    FitRequest,
    Lock,
    Request,
    SamplingSettings,
    from_line,
    to_line,
)

CHINESE = "站台的灯一盏一盏暗下去\n你的围巾还绕在我手里\n"
ENGLISH = "I left my coat on the stairs and walked away\nThe river keeps a light for every boat\n"


def engine_of(name):
    decoder, stored = load_decoder(find_model(name))
    return SuggestionEngine(decoder, stored.vocabulary, stored.card.has_boundaries)


@pytest.fixture(scope="module")
def zh():
    return engine_of("zh")


@pytest.fixture(scope="module")
def en():
    return engine_of("en")


def answer(engine, prefix, seed=1, is_stale=lambda: False, **lock):
    sampling = SamplingSettings(seed=seed)
    request = Request(1, prefix, sampling, asked=True, lock=Lock(**lock))
    return engine.answer(request, is_stale)


def lines(engine, prefix, **lock):
    start = prefix[prefix.rfind("\n") + 1 :]
    return [start + candidate.text for candidate in answer(engine, prefix, **lock).candidates]


def rhymes(line, other, **rules):
    return line_rhyme(sung_line(other), sung_line(line), RhymeRules(**rules))


@pytest.mark.parametrize("syllables", [2, 5, 7, 13])
@pytest.mark.parametrize("rhyme", ["你的围巾还绕在我手里", "天上的月亮", "一朵花"])
def test_chinese_lines_have_length_and_rhyme(zh, syllables, rhyme):
    found = lines(zh, CHINESE, syllables=syllables, rhyme=rhyme)
    assert found and len(found) == len(set(found))
    for line in found:
        assert sung_line(line).syllables == syllables
        assert rhymes(line, rhyme).grade == "perfect"
        assert line[-1] != rhyme[-1]


@pytest.mark.parametrize("syllables", [4, 8, 11])
@pytest.mark.parametrize("rhyme", ["walked away", "for every boat", "the station"])
def test_english_lines_have_length_and_rhyme(en, syllables, rhyme):
    found = lines(en, ENGLISH, syllables=syllables, rhyme=rhyme)
    assert found and len(found) == len(set(found))
    for line in found:
        assert sung_line(line).syllables == syllables and sung_line(line).is_sure
        assert rhymes(line, rhyme).grade in ("perfect", "near")
        assert line.split()[-1].lower() != rhyme.split()[-1]


def test_a_line_that_was_begun_is_counted(zh, en):
    for line in lines(zh, CHINESE + "我把再见", syllables=9, rhyme="手里"):
        assert line.startswith("我把再见") and sung_line(line).syllables == 9
    for line in lines(en, ENGLISH + "The summer said it ne", syllables=10, rhyme="away"):
        assert line.startswith("The summer said it ne") and sung_line(line).syllables == 10


def test_a_word_that_was_begun_may_be_the_one_that_rhymes(en):
    found = lines(en, ENGLISH + "The summer said it never meant to st", syllables=10, rhyme="away")
    assert found
    assert all(line.split()[-1].startswith("st") for line in found)


def test_length_alone_and_rhyme_alone(zh, en):
    assert {sung_line(line).syllables for line in lines(zh, CHINESE, syllables=6)} == {6}
    assert {sung_line(line).syllables for line in lines(en, ENGLISH, syllables=6)} == {6}
    for engine, song, rhyme in ((zh, CHINESE, "手里"), (en, ENGLISH, "away")):
        found = lines(engine, song, rhyme=rhyme)
        assert found and all(rhymes(line, rhyme) for line in found)


def test_across_languages_the_sound_rhymes(zh, en):
    assert all(
        rhymes(line, "the sky").grade == "cross" for line in lines(zh, "我", rhyme="the sky")
    )
    found = lines(en, ENGLISH + "And I", rhyme="我的爱")
    assert found and all(rhymes(line, "我的爱").grade == "cross" for line in found)


def test_the_same_word_only_where_it_may(zh):
    found = lines(zh, CHINESE, syllables=5, rhyme="口", repeat=True)
    assert all(obeys(line, Lock(5, "口", repeat=True)) for line in found)
    assert not obeys("走到门口", Lock(4, "口"))
    assert obeys("走到门口", Lock(4, "口", repeat=True))


@pytest.mark.parametrize(
    ("line", "lock", "reason"),
    [
        ("我们在门口等着你", {"syllables": 8}, "the line has its 8 syllables"),
        ("我们", {"syllables": 7, "rhyme": "💧"}, "ends on nothing that can be read"),
        ("Привет", {"syllables": 7}, "cannot be counted"),
        ("# note", {"syllables": 7}, "no lyric line"),
    ],
)
def test_where_nothing_can_obey_it_says_why(zh, line, lock, reason):
    found = answer(zh, CHINESE + line, **lock)
    assert found.candidates == ()
    assert reason in found.reason


def test_a_word_without_rhymes_is_named(en):
    found = answer(en, ENGLISH, syllables=8, rhyme="month")
    if not found.candidates:
        assert "month" in found.reason


def test_it_stops_when_there_is_news(zh, en):
    for engine, song in ((zh, CHINESE), (en, ENGLISH)):
        calls = iter(range(1000))
        wanted = {"syllables": 9, "rhyme": song.strip()}
        assert answer(engine, song, is_stale=lambda c=calls: next(c) > 3, **wanted) is None


def test_a_seed_makes_locked_lines_reproducible(en):
    wanted = {"syllables": 8, "rhyme": "away"}
    assert lines(en, ENGLISH, **wanted) == lines(en, ENGLISH, **wanted)
    assert lines(en, ENGLISH, **wanted) != lines(en, ENGLISH, seed=2, **wanted)


def test_greedy_settings_still_give_lines(zh):
    request = Request(1, CHINESE, SamplingSettings(temperature=0.0), True, lock=Lock(7, "手里"))
    assert zh.answer(request).candidates


def test_a_reading_that_was_picked_is_what_has_to_rhyme(zh):
    for reading, rhyme in (("hang2", "江"), ("xing2", "青")):
        found = lines(zh, CHINESE, syllables=6, rhyme="我的同行", reading=reading)
        assert found and all(rhymes(line, rhyme) for line in found)


def test_candidates_of_another_lock_are_not_kept_while_they_are_typed_along(zh):
    free = answer(zh, CHINESE)
    typed = CHINESE + free.candidates[0].text[0]
    found = answer(zh, typed, syllables=6, rhyme="手里")
    start = typed[typed.rfind("\n") + 1 :]
    assert found.candidates
    assert all(obeys(start + c.text, Lock(6, "手里")) for c in found.candidates)


def test_missing_pronunciations_are_one_line(zh, monkeypatch):
    def fail(*arguments):
        raise FileNotFoundError(2, "No such file")

    monkeypatch.setattr("lyricist.suggest.locked.draw_locked", fail)
    with pytest.raises(LyricistError, match="pronunciations are missing"):
        answer(zh, CHINESE, syllables=7)


def test_lines_of_the_song_are_not_said_again():
    place = Place(["我们在雨里"], "", None, None)
    found = best_first(
        [LockedLine("我们在雨里", (-1.0,)), LockedLine("他们在雨里", (-2.0,))], place, Lock(5)
    )
    assert [line.text for line in found] == ["他们在雨里"]


def test_locks_and_fits_cross_the_protocol():
    request = Request(3, "a", lock=Lock(7, "你", "new", True, True))
    assert from_line(to_line(request)) == request
    fit = FitRequest(3, "a", ("b", "c"))
    assert from_line(to_line(fit)) == fit


def test_fit_scores_are_those_of_each_text_alone(en):
    texts = ("stay", "away", "the moon", "")
    together = en.fit(FitRequest(1, ENGLISH + "The summer never meant to ", texts)).scores
    alone = [
        en.fit(FitRequest(1, ENGLISH + "The summer never meant to ", (text,))).scores[0]
        for text in texts
    ]
    # Side by side the activations are rounded together, hence the tolerance.
    assert together == pytest.approx(alone, abs=0.15)
    assert together[3] == 0
    assert all(score < 0 for score in together[:3])
    assert en.fit(FitRequest(1, ENGLISH, ())).scores == ()
