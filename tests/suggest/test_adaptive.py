"""The mixture of network, song and writer: a distribution, exact under edits, and never far off."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lyricist.suggest.adaptive import AdaptiveModel, Reading
from lyricist.suggest.suffix_index import SuffixIndex

LETTERS = "abc\n你我"
NETWORK = dict(zip(LETTERS, (0.3, 0.2, 0.1, 0.1, 0.2, 0.1), strict=True))
TEXTS = st.text(alphabet=LETTERS, max_size=60)
CHORUS = "雨落在空房子\n我还在等你\n把灯留一盏\n"


def follow(model: AdaptiveModel, text: str) -> None:
    model.move_to(text, lambda position: NETWORK[text[position]])


def state(model: AdaptiveModel):
    counts = {context: dict(found) for context, found in model._song._following.items()}
    return model.text, model.reading, model.weights.counts(), counts


def uniform_nats(text: str, writer=None, size: int = 1000) -> tuple[float, float]:
    """(nats of the mixture, nats of a network that knows nothing)."""
    model = AdaptiveModel(writer)
    mixed = [model.read(character, 1 / size) for character in text]
    return -math.fsum(map(math.log, mixed)), len(text) * math.log(size)


@given(TEXTS, TEXTS, TEXTS)
@settings(deadline=None)
def test_what_may_come_next_has_probability_one(text, drawn, others):
    model = AdaptiveModel(SuffixIndex(others))
    follow(model, text)
    model.set_after(others[::-1])
    mixture = model.mixture(drawn, Reading(0.7, 2))
    total = math.fsum(mixture.probability(c, p) for c, p in NETWORK.items())
    assert total == pytest.approx(1.0, abs=1e-9)


@given(TEXTS, st.sampled_from(LETTERS))
@settings(deadline=None)
def test_reading_a_character_returns_what_the_mixture_gave_it(text, character):
    model = AdaptiveModel()
    follow(model, text)
    expected = model.mixture().probability(character, NETWORK[character])
    assert model.read(character, NETWORK[character]) == pytest.approx(expected, rel=1e-9)


@given(st.lists(TEXTS, min_size=1, max_size=6))
@settings(deadline=None)
def test_after_any_edits_it_is_as_if_the_text_had_been_read_afresh(texts):
    edited, fresh = AdaptiveModel(SuffixIndex("abcabc")), AdaptiveModel(SuffixIndex("abcabc"))
    for text in texts:
        follow(edited, text)
    follow(fresh, texts[-1])
    assert state(edited) == state(fresh)


def test_deleting_a_line_unlearns_it():
    model = AdaptiveModel()
    verse = "aab\n"
    follow(model, verse)
    before = state(model)
    unlearned = model.mixture("你我").probability("你", 0.01)
    follow(model, verse + "你我你我你我\n你我")
    assert model.mixture().probability("你", 0.01) > 10 * unlearned
    follow(model, verse)
    assert state(model) == before


def test_a_probability_that_comes_late_is_learned_then():
    late, fresh = AdaptiveModel(), AdaptiveModel()
    text = "abcabcab"
    late.move_to(text, lambda position: None if position < 5 else NETWORK[text[position]])
    assert not late.is_exact
    follow(late, text)
    follow(fresh, text)
    assert late.is_exact and state(late) == state(fresh)


def test_a_repeated_chorus_costs_next_to_nothing():
    verse = "街口的灯亮着谁的影子走过\n"
    once, _ = uniform_nats(verse + CHORUS)
    twice, _ = uniform_nats(verse + CHORUS + verse[::-1] + CHORUS)
    without, _ = uniform_nats(verse + CHORUS + verse[::-1])
    new = once - uniform_nats(verse)[0]
    assert twice - without < 0.25 * new


def test_a_song_that_repeats_nothing_loses_next_to_nothing():
    text = "".join(chr(0x4E00 + n) for n in range(800))
    mixed, network = uniform_nats(text)
    assert mixed < network + 0.02 * len(text)


def test_the_writers_other_songs_are_known():
    alone, _ = uniform_nats(CHORUS)
    known, _ = uniform_nats(CHORUS, SuffixIndex("别的歌\n" + CHORUS))
    assert known < 0.7 * alone


def test_what_stands_after_the_cursor_is_part_of_the_song():
    model = AdaptiveModel()
    follow(model, "abc\nab")
    without = model.mixture().probability("你", 0.01)
    model.set_after("\nab你\nab你\n")
    assert model.mixture().probability("你", 0.01) > 2 * without
    model.set_after("")
    assert model.mixture().probability("你", 0.01) == without


def test_the_parts_of_a_probability_say_where_it_comes_from():
    model = AdaptiveModel(SuffixIndex("cab你" * 3))
    follow(model, "我我cab")
    network, writer, song = model.mixture().parts("你", 0.01)
    assert writer > network > 0 and song == 0


def test_a_text_whose_beginning_has_moved_on_is_still_the_same_song():
    model = AdaptiveModel()
    lines = [f"{chr(0x4E00 + n)}ab\n" * 3 for n in range(150)]
    text = "".join(lines)
    model.move_to(text, lambda position: 0.01)
    window = text[len(lines[0]) :] + "new\n"
    reads = []
    model.move_to(window, lambda position: reads.append(position) or 0.01)
    assert len(reads) == 4 and model.text == text + "new\n"
    assert model.mixture("一a").probability("b", 0.01) > 0.3


def test_deleting_the_first_lines_unlearns_them_too():
    lines = [f"{chr(0x4E00 + n)}ab\n" * 3 for n in range(30)]
    edited, fresh = AdaptiveModel(), AdaptiveModel()
    edited.move_to("".join(lines), lambda position: 0.01)
    for model in (edited, fresh):
        model.move_to("".join(lines[1:]), lambda position: 0.01)
    assert state(edited) == state(fresh)


def test_an_unread_character_leaves_nothing_behind():
    model = AdaptiveModel()
    follow(model, "abcab")
    before = state(model)
    model.read("c", 0.1)
    model.unread()
    assert state(model) == before
