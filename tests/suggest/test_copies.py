"""A network that knows its few songs by heart: its copies are marked, or others are proposed."""

import shutil

import pytest

from lyricist.library.paths import paths
from lyricist.network.decoder import load_decoder
from lyricist.network.verbatim import Limits, verbatim_spans
from lyricist.suggest.copy_guard import guard_of
from lyricist.suggest.engine import SuggestionEngine
from lyricist.suggest.protocol import CopyRules, Lock, Request, SamplingSettings
from lyricist.suggest.service import Models
from lyricist.training.run import train
from lyricist.training.run_options import RunOptions

SONGS = (
    "窗外的雨一直没有停过\n桌上的茶凉了又再热过\n他们说远方有座空的车站\n我把没寄的信都折成船",
    "the kitchen light is on again tonight and no one came\n"
    "i counted every step between the river and your name",
)

NO_LOCK = Lock()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("copies")
        patch.setenv("LYRICIST_HOME", str(home))
        (home / "songs.txt").write_text("\n\n\n".join(SONGS), encoding="utf-8")
        small = {"hidden_size": 96, "embedding_size": 32, "num_steps": 32, "batch_size": 2}
        more = {"epochs": 70, "lr": 0.01, "held_out": 0.0, "patience": 0}
        overrides = {**small, **more, "dropout_in": 0.0, "dropout_out": 0.0, "weight_drop": 0.0}
        songs = str(home / "songs.txt")
        options = RunOptions([songs], name="heart", seed=1, num_threads=1, overrides=overrides)
        train(options, lambda event: None)
        return paths().models / "heart"


@pytest.fixture(scope="module")
def engine(folder):
    decoder, stored = load_decoder(folder)
    guard, unguarded = guard_of(folder, stored.card)
    assert unguarded == ""
    return SuggestionEngine(
        decoder, stored.vocabulary, stored.card.has_boundaries, stored.card.novelty, guard=guard
    )


def places():
    """Every fourth place in the songs, with its line so far and the line above."""
    for song in SONGS:
        lines = song.split("\n")
        for number, line in enumerate(lines):
            above = lines[number - 1] + "\n" if number else ""
            yield from (above + line[:end] for end in range(2, len(line), 4))


def asked(engine, prefix, mode, lock=NO_LOCK, adapt=False):
    sampling = SamplingSettings(seed=2, temperature=1.0)
    rules = CopyRules(mode)
    answer = engine.answer(
        Request(1, prefix, sampling, asked=True, adapt=adapt, lock=lock, copies=rules)
    )
    assert answer is not None
    return answer


def runs(engine, prefix, text):
    """Runs that the candidate has a part in, by the whole text rather than by the guard."""
    spans = verbatim_spans(prefix + text, engine.guard._index, Limits())
    return [span for span in spans if span.end > len(prefix)]


def test_copies_are_marked_and_nothing_else(engine):
    marked = unmarked = 0
    for prefix in places():
        for candidate in asked(engine, prefix, "mark").candidates:
            found = runs(engine, prefix, candidate.text)
            assert (candidate.copied is not None) == bool(found), (prefix, candidate)
            if found:
                assert candidate.copied in [span.length for span in found]
            marked += bool(found)
            unmarked += not found
    assert marked > 20 and unmarked > 20


def test_no_copy_is_proposed_where_they_are_withheld(engine):
    before = after = 0
    for prefix in places():
        loud, quiet = asked(engine, prefix, "allow"), asked(engine, prefix, "withhold")
        assert all(candidate.copied is None for candidate in loud.candidates)
        before += sum(bool(runs(engine, prefix, c.text)) for c in loud.candidates)
        after += sum(bool(runs(engine, prefix, c.text)) for c in quiet.candidates)
        assert quiet.candidates or quiet.reason == "all lines ran as in the training text"
    print(f"candidates that copy: {before} allowed, {after} withheld")
    assert before > 20 and after == 0


def test_lines_under_a_lock_obey_as_well(engine):
    prefix = SONGS[0].split("\n")[0] + "\n桌上的茶"
    lock = Lock(syllables=10)
    loud = asked(engine, prefix, "mark", lock)
    quiet = asked(engine, prefix, "withhold", lock)
    assert any(candidate.copied for candidate in loud.candidates)
    assert not any(runs(engine, prefix, candidate.text) for candidate in quiet.candidates)


def test_lines_drawn_ahead_are_looked_at_too(engine):
    prefix = "窗外的雨一直没有停过\n桌上的茶凉了又"
    sampling = SamplingSettings(temperature=0.7)
    rules = CopyRules("withhold")
    request = Request(1, prefix, sampling, asked=True, adapt=False, copies=rules)
    engine.answer(request)
    while engine.draw_ahead(lambda: False):
        pass
    following = Request(2, prefix + "再", sampling, asked=True, adapt=False, copies=rules)
    assert engine._ahead.take(following) is not None
    answer = engine.answer(following)
    assert not any(runs(engine, following.prefix, c.text) for c in answer.candidates)


def test_the_writers_own_song_may_repeat_itself(engine):
    first, second = SONGS[0].split("\n")[:2]
    unknown = f"{first}\n桌上的茶"
    known = f"{first}\n{second}\n\n{first}\n桌上的茶"
    copied = [c.text for c in asked(engine, unknown, "mark").candidates if c.copied]
    assert "凉了又再热过" in copied
    again = asked(engine, known, "mark", adapt=True).candidates
    assert [c.copied for c in again if c.text == "凉了又再热过"] == [None]


def test_the_service_guards_and_says_where_it_cannot(folder, tmp_path):
    engine, ready = Models().load(str(folder))
    assert engine.guard is not None and ready.unguarded == ""
    damaged = tmp_path / "damaged"
    shutil.copytree(folder, damaged)
    (damaged / "model.index").write_bytes(b"\0" * 100)
    engine, ready = Models().load(str(damaged))
    assert engine.guard is None and "is damaged" in ready.unguarded
    assert asked(engine, SONGS[0][:12], "withhold").candidates
