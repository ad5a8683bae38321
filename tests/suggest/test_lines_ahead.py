"""Lines drawn before they are asked for are those that would have been drawn when asked."""

from dataclasses import replace

import pytest

from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.line_source import Drawn
from lyricist.suggest.lines_ahead import LinesAhead
from lyricist.suggest.protocol import NextCharacter, Request, SamplingSettings
from lyricist.suggest.suffix_index import SuffixIndex

SONG = "ab cd\nab ce\n我们在雨夜\n我们"
SAMPLING = SamplingSettings(seed=3)


def never():
    return False


@pytest.fixture
def engine(decoder, vocabulary):
    return SuggestionEngine(decoder, vocabulary)


def answered(engine, request, ahead):
    """The answer to a request after the song, with or without lines drawn ahead of it."""
    engine.answer(replace(request, prefix=SONG))
    while ahead and engine.draw_ahead(never):
        pass
    taken = engine._ahead.take(request) is not None
    return engine.answer(request), taken


@pytest.mark.parametrize("adapt", [True, False])
@pytest.mark.parametrize("suffix", ["", "\n雨夜分开\n"])
def test_the_answer_is_the_same(decoder, vocabulary, adapt, suffix):
    request = Request(7, SONG, SAMPLING, suffix=suffix, adapt=adapt)
    likely = SuggestionEngine(decoder, vocabulary).answer(request).next_characters
    checked = 0
    for character in [n.character for n in likely if n.probability >= 0.02]:
        after = replace(request, prefix=SONG + character)
        with_lines, taken = answered(SuggestionEngine(decoder, vocabulary), after, ahead=True)
        without, _ = answered(SuggestionEngine(decoder, vocabulary), after, ahead=False)
        assert with_lines.candidates == without.candidates
        assert with_lines.next_characters == without.next_characters
        assert with_lines.perplexity == without.perplexity
        checked += taken
    assert checked


def test_drawing_ahead_leaves_no_trace(engine):
    request = Request(1, SONG, SAMPLING)
    engine.answer(request)
    before = engine.states.text, engine.states.steps, engine.adaptive.text
    weights = engine.adaptive.weights.counts()
    while engine.draw_ahead(never):
        pass
    assert (engine.states.text, engine.states.steps, engine.adaptive.text) == before
    assert engine.adaptive.weights.counts() == weights


def test_it_stops_as_soon_as_there_is_news(engine):
    engine.answer(Request(1, SONG, SAMPLING))
    assert not engine.draw_ahead(lambda: True)
    calls = iter(range(100))
    assert not engine.draw_ahead(lambda: next(calls) > 2)
    assert engine.adaptive.text == SONG
    assert engine.draw_ahead(never)


def test_new_songs_of_the_writer_are_not_answered_with_old_lines(engine):
    engine.answer(Request(1, SONG, SAMPLING))
    while engine.draw_ahead(never):
        pass
    assert engine._ahead._drawn
    engine.know_songs(SuffixIndex("雨夜分开我们"))
    assert not engine._ahead._drawn
    assert not engine.draw_ahead(never)


def prepared():
    ahead = LinesAhead()
    likely = [NextCharacter("a", 0.5), NextCharacter("b", 0.4), NextCharacter("c", 0.01)]
    ahead.begin(Request(1, "x", SAMPLING), likely)
    asked = []
    while (request := ahead.next_request()) is not None:
        asked.append(request.prefix)
        ahead.keep(Drawn([request.prefix]))
    assert asked == ["xa", "xb"]
    return ahead


def test_only_the_same_request_one_character_on_is_answered():
    ahead = prepared()
    assert ahead.take(Request(9, "xa", SAMPLING)) == Drawn(["xa"])
    assert ahead.take(Request(9, "xb", SAMPLING, asked=True)) == Drawn(["xb"])
    for other in (
        Request(9, "xc", SAMPLING),
        Request(9, "x", SAMPLING),
        Request(9, "ya", SAMPLING),
        Request(9, "xab", SAMPLING),
        Request(9, "xa", SAMPLING, suffix="z"),
        Request(9, "xa", SAMPLING, adapt=False),
        Request(9, "xa", SamplingSettings(seed=4)),
        Request(9, "xa", SAMPLING, path="/other"),
    ):
        assert ahead.take(other) is None


def test_where_nothing_is_to_be_proposed_nothing_is_kept():
    ahead = LinesAhead()
    ahead.begin(Request(1, "x", SAMPLING), [NextCharacter("a", 0.5)])
    assert ahead.next_request().prefix == "xa"
    ahead.keep(Drawn([]))
    assert ahead.next_request() is None
    assert ahead.take(Request(2, "xa", SAMPLING)) is None
