"""Scores of songs: whatever the chunks, new and repeated lines apart, compared in pairs."""

import math

import pytest
import torch

from lyricist.evaluation.adaptation import adapted
from lyricist.evaluation.bootstrap import paired_ratio
from lyricist.evaluation.keystrokes import Keystrokes, simulate
from lyricist.evaluation.network_scores import score_songs
from lyricist.evaluation.score import SongScores, line_scores
from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.suggest.protocol import Answer, Candidate
from lyricist.text.spelling import Spelling, spelling_nats
from lyricist.text.vocabulary import BOUNDARY_INDEX, Vocabulary

SONGS = ["ab\nba雪\nab", "b", "aabbaabb\n\nab"]


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary("\nab")


@pytest.fixture(scope="module")
def model(vocabulary):
    torch.manual_seed(1)
    return CharRNN(ModelConfig(len(vocabulary), hidden_size=16, embedding_size=8)).eval()


def scored(text: str, nats: float) -> SongScores:
    return SongScores(text, [-nats] * len(text), [False] * len(text))


@pytest.mark.parametrize("num_steps", [1, 3, 7, 1000])
def test_scores_do_not_depend_on_the_chunks(model, vocabulary, num_steps):
    spelling = Spelling(0.01)
    expected = list(score_songs(model, vocabulary, SONGS, spelling))
    found = list(score_songs(model, vocabulary, SONGS, spelling, num_steps=num_steps))
    for one, other in zip(expected, found, strict=True):
        assert other.log_probs == pytest.approx(one.log_probs, abs=1e-5)
    mixed = [s.log_probs for s in adapted(expected)]
    assert [s.log_probs for s in adapted(found)] == [pytest.approx(m, abs=1e-4) for m in mixed]


def test_the_state_is_carried_and_unknown_characters_are_paid_for(model, vocabulary):
    spelling = Spelling(0.01)
    state, expected = model.begin_state(1), []
    for text in SONGS:
        previous = BOUNDARY_INDEX
        for character in text:
            logits, state = model(torch.tensor([[previous]]), state)
            log_probs = logits[0, 0].log_softmax(-1)
            previous = vocabulary.index(character)
            own = log_probs[previous].item()
            known = character in vocabulary
            expected.append(spelling.known(own) if known else spelling.unknown(own, character))
        _, state = model(torch.tensor([[previous]]), state)
    found = list(score_songs(model, vocabulary, SONGS, spelling))
    assert [p for song in found for p in song.log_probs] == pytest.approx(expected, abs=1e-5)
    assert sum(song.score().unknown for song in found) == 1
    assert -min(found[0].log_probs) > spelling_nats("雪")


def test_lines_that_stood_there_before_are_told_apart():
    lines = line_scores([scored("ab\ncd\nab", 1.0), scored("cd", 3.0)])
    assert (lines.lines, lines.repeated_lines) == (4, 2)
    assert lines.repeated.characters == 2 + 2 and lines.repeated.nats == pytest.approx(8)
    assert lines.total.characters == 10 and lines.total.nats == pytest.approx(14)
    assert lines.new.perplexity == pytest.approx(math.e)


def test_remembered_songs_help_and_forgotten_ones_do_not():
    song = scored("雨落在空房子\n我还在等你", 6.0)
    remembered = list(adapted([song, song]))
    forgotten = list(adapted([song, song], remember=False))
    assert remembered[1].score().nats < 0.6 * remembered[0].score().nats
    assert forgotten[1].log_probs == forgotten[0].log_probs
    known = list(adapted([song], known=song.text))
    assert known[0].score().nats < 0.6 * remembered[0].score().nats


def test_a_long_collection_is_indexed_as_it_grows():
    songs = [scored("".join(chr(0x4E00 + 97 * n + i) for i in range(90)), 8.0) for n in range(60)]
    *_, last = adapted([*songs, songs[0]])
    assert last.score().nats < 0.5 * songs[0].score().nats


def test_a_paired_comparison_knows_what_is_clear():
    first = [scored("abcd" * 5, 2.0 + n % 3) for n in range(30)]
    better = [scored(s.text, 1.9 + n % 3) for n, s in enumerate(first)]
    mixed = [scored(s.text, 2.0 + n % 3 + (0.3 if n % 2 else -0.3)) for n, s in enumerate(first)]
    clear = paired_ratio(first, better)
    assert clear.low <= clear.ratio <= clear.high < 1
    assert clear.ratio == pytest.approx(math.exp(-0.1))
    doubtful = paired_ratio(first, mixed)
    assert doubtful.low < 1 < doubtful.high
    assert paired_ratio(first, first).ratio == 1.0


def test_a_single_song_is_resampled_by_lines():
    text = "\n".join(["abcdefg"] * 64)
    assert paired_ratio([scored(text, 2.0)], [scored(text, 1.0)]).pieces == 8


def answers(*texts: str) -> Answer:
    candidates = tuple(Candidate(text, -1.0, 0.5) for text in texts)
    return Answer(1, candidates, (), None, 0, 0.0)


def test_the_simulated_writer_takes_only_what_is_right():
    def answer(request):
        if request.prefix == "":
            return answers("雨落", "雨停了")
        if request.prefix == "雨停了\n":
            return answers("hello world", "no")
        return answers("错")

    [found] = simulate(answer, ["雨停了\nhello"])
    # Candidate 2, the line feed typed, then the word hello of the ghost text.
    assert found == Keystrokes(
        characters=9, unaided=9, keys=3, looks=3, shown=3, accepted=2, inserted=8
    )
    assert found.saved == pytest.approx(1 - 3 / 9)


def test_what_is_not_shown_saves_nothing_but_by_its_number():
    def answer(request):
        return answers("ab c")

    [hidden] = simulate(answer, ["ab d"], is_shown=lambda candidate: False)
    assert hidden == Keystrokes(characters=4, unaided=4, keys=4, looks=4)
    [shown] = simulate(answer, ["ab d"])
    assert shown.keys == 3 and shown.inserted == 2


def test_without_suggestions_every_character_is_a_key():
    [found] = simulate(lambda request: None, ["abc"])
    assert found.saved == 0 and found.keys == 3 and found.accepted_rate == 0
