"""Going on from a base: better on the writer's songs, or the base stays; never worse, no crash."""

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch

from lyricist.network.card import read_card
from lyricist.network.checkpoint import load_model
from lyricist.network.passage_hashes import hashes_of
from lyricist.network.training_index import load_index
from lyricist.training.events import Cancelled, Finished, Progress, Started
from lyricist.training.finetuning import FineTuning, load_base
from lyricist.training.run import train
from lyricist.training.run_options import RunOptions
from lyricist.training.seen_texts import seen_texts
from lyricist.training.time_limit import seconds_for

QUIET = ("night", "rain", "window", "street", "lamp", "river", "slow", "home")
LOUD = ("drum", "fire", "jump", "quick", "beat", "shout", "gold", "zoom")
HAN = "雨夜街灯河慢家窗风雪山月花"
SMALL = {"hidden_size": 32, "embedding_size": 16, "num_steps": 16, "batch_size": 8}
TUNE = {"num_steps": 16, "batch_size": 8, "epochs": 6, "lr": 5e-3}


def song(words, seed, separator=" "):
    source = random.Random(seed)
    lines = [separator.join(source.choices(words, k=4)) for _ in range(6)]
    return "\n".join(["the " + line if separator else line for line in lines])


def write(folder, texts):
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return str(folder)


@dataclass
class Ran:
    """What a run told, and what it left behind."""

    end: Finished | Cancelled
    events: list = field(default_factory=list)

    @property
    def best(self):
        return self.end.best

    @property
    def warnings(self):
        return " | ".join(next(e for e in self.events if isinstance(e, Started)).warnings)


def ran(corpus, should_stop=lambda: False, **options):
    events = []
    options = {"seed": 1, "num_threads": 1, **options}
    end = train(RunOptions([corpus], **options), events.append, should_stop)
    assert events[-1] is end
    return Ran(end, events)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A base that knows quiet songs, and these songs."""
    folder = tmp_path_factory.mktemp("base")
    patch = pytest.MonkeyPatch()
    patch.setenv("LYRICIST_HOME", str(folder / "home"))
    known = write(folder / "quiet", [song(QUIET, n) for n in range(60)])
    end = ran(known, name="base", overrides={**SMALL, "epochs": 15, "lr": 1e-2}).end
    patch.undo()
    return end.path, known


@pytest.fixture
def tuned(made):
    """Fine-tune the base on a corpus."""
    base, known = made

    def call(corpus, should_stop=lambda: False, **options):
        options.setdefault("overrides", TUNE)
        defaults = {"base": base, "recipe": "finetune", "name": "mine", "replay": [known]}
        return ran(corpus, should_stop, **{**defaults, **options})

    return call


def weights_of(folder):
    return load_model(folder)[0].state_dict()


def test_songs_like_the_bases_with_new_words_make_it_better(tuned, tmp_path):
    words = QUIET + LOUD[:4]
    run = tuned(write(tmp_path / "loud", [song(words, n) for n in range(60)]))
    best, card = run.best, read_card(Path(run.end.path))
    assert best["kept"] == "tuned" and best["alpha"] > 0
    assert best["held_out_perplexity"] < 0.8 * best["base_held_out_perplexity"]
    assert best["forgotten"] <= 0.05
    assert "tuned model is kept" in run.end.remark
    assert card.training["kept"] == "tuned" and 0 < card.novelty < 0.5
    assert set("jf") <= set(card.characters)


def test_what_is_kept_reads_the_held_out_songs_as_it_was_told(tuned, made, tmp_path):
    texts = [song(LOUD, n) for n in range(60)]
    run = tuned(
        write(tmp_path / "loud", texts[:50]), held_out_file=write(tmp_path / "h", texts[50:])
    )
    tuning = FineTuning(load_base(made[0], torch.device("cpu")), texts[:50], texts[50:])
    network, vocabulary, card = load_model(Path(run.end.path))
    found = tuning.measured("tuned", network, vocabulary, card.novelty).held_out_perplexity
    # Weights are stored in half precision.
    assert found == pytest.approx(run.best["held_out_perplexity"], rel=1e-2)
    assert found < tuning.as_is.held_out_perplexity


def test_where_nothing_learnt_helps_the_base_is_kept_unchanged(tuned, made, tmp_path):
    noise = ["".join(random.Random(n).choices("etaoinshr \n", k=150)) for n in range(30)]
    held_out = write(tmp_path / "quiet", [song(QUIET, n) for n in range(500, 510)])
    run = tuned(
        write(tmp_path / "noise", noise), held_out_file=held_out, replay=(), may_forget=True
    )
    assert run.best["kept"] == "base"
    assert run.best["held_out_perplexity"] == run.best["base_held_out_perplexity"]
    assert "is kept" in run.end.remark
    kept, base = weights_of(Path(run.end.path)), weights_of(Path(made[0]))
    assert all(torch.equal(kept[name], base[name]) for name in base)


def test_forgetting_is_limited_unless_it_is_asked_for(tuned, tmp_path):
    corpus = write(tmp_path / "loud", [song(LOUD, n) for n in range(60)])
    harsh = {**TUNE, "epochs": 8, "lr": 3e-2, "replay": 0.0, "anchor": 0.0}
    careful, careless = (
        tuned(corpus, overrides=harsh, may_forget=forget, compare_scratch=False)
        for forget in (False, True)
    )
    assert careful.best["forgotten"] is None or careful.best["forgotten"] <= 0.05
    assert careless.best["forgotten"] > 0.05
    assert careless.best["held_out_perplexity"] <= careful.best["held_out_perplexity"]


def test_another_language_is_told_of_and_a_new_network_is_tried(tuned, tmp_path):
    corpus = write(tmp_path / "han", [song(HAN, n, "") for n in range(60)])
    run = tuned(corpus)
    assert "no better than one that counts" in run.warnings and "start from zh?" in run.warnings
    assert "of the characters are new" in run.warnings
    best = run.best
    assert best["scratch_held_out_perplexity"] is not None
    assert best["held_out_perplexity"] <= best["scratch_held_out_perplexity"]
    assert best["held_out_perplexity"] < best["base_held_out_perplexity"]


def test_a_new_network_is_trained_only_where_it_could_win_or_is_asked_for(tuned, tmp_path):
    corpus = write(tmp_path / "quiet", [song(QUIET, n) for n in range(100, 130)])
    short = {**TUNE, "epochs": 1}
    unasked, asked = (
        tuned(corpus, overrides=short, compare_scratch=wish, time_budget=20.0)
        for wish in (None, True)
    )
    assert unasked.best["scratch_held_out_perplexity"] is None
    assert asked.best["scratch_held_out_perplexity"] > 1
    tokens = [event.tokens for event in asked.events if isinstance(event, Progress)]
    assert tokens == sorted(tokens)


def not_worse(run):
    """The promise: what is kept reads the held-out songs at least as well as the base."""
    best = run.best
    if best["held_out_perplexity"] is None:
        return "nobody can tell" in run.end.remark or best["kept"] == "base"
    return best["held_out_perplexity"] <= best["base_held_out_perplexity"]


def test_five_hundred_characters(tuned, tmp_path):
    texts = [song(LOUD, n)[:120] for n in range(4)]
    run = tuned(write(tmp_path / "few", texts))
    assert "tiny" in run.warnings
    assert not_worse(run)


def test_one_song_a_thousand_times_is_one_song(tuned, tmp_path):
    path = tmp_path / "same.txt"
    path.write_text("\n\n\n".join([song(LOUD, 1)] * 1000), encoding="utf-8")
    run = tuned(str(path))
    assert "only one song" in run.warnings and "repeat" in run.warnings
    assert run.best["held_out_perplexity"] is None
    assert "no songs were held out" in run.end.remark
    assert run.best["forgotten"] <= 0.05


def test_every_character_different(tuned, tmp_path):
    texts = ["".join(chr(0x4E00 + 60 * n + k) for k in range(60)) for n in range(20)]
    run = tuned(write(tmp_path / "all", texts))
    assert "100% of the characters are new" in run.warnings
    assert not_worse(run)


def test_cancelling_keeps_nothing_worse_and_resuming_goes_on(tuned, tmp_path):
    corpus = write(tmp_path / "loud", [song(LOUD, n) for n in range(60)])
    calls = iter(range(10_000))
    cancelled = tuned(corpus, should_stop=lambda: next(calls) > 30)
    assert isinstance(cancelled.end, Cancelled) and not_worse_cancelled(cancelled)
    resumed = tuned(corpus, resume=True)
    assert isinstance(resumed.end, Finished) and not_worse(resumed)
    straight = tuned(corpus, name="other")
    assert resumed.best == straight.best


def not_worse_cancelled(run):
    return run.best["held_out_perplexity"] <= run.best["base_held_out_perplexity"]


def test_the_time_allowed_grows_with_the_corpus_up_to_ten_minutes():
    assert seconds_for(1_000) == seconds_for(50_000) < 120
    assert seconds_for(50_000) < seconds_for(300_000) < seconds_for(10**6) < 600
    assert seconds_for(10**8) < 600


def test_a_tuned_model_knows_what_it_and_its_base_learnt(tuned, made, tmp_path):
    known = [song(QUIET, n) for n in range(60)]
    texts = [song(QUIET + LOUD[:4], n) for n in range(100, 160)]
    held_out = [song(QUIET + LOUD[:4], n) for n in range(200, 210)]
    run = tuned(write(tmp_path / "loud", texts), held_out_file=write(tmp_path / "h", held_out))
    folder, base = Path(run.end.path), Path(made[0])
    index = load_index(folder, read_card(folder).originality)
    assert run.best["kept"] == "tuned" and index.complete
    assert len(index.layers) == 2
    assert (
        index.layers[0].data == load_index(base, read_card(base).originality).layers[0].data
    ).all()
    # Some of the base's songs were held out when it was trained, so that it does not know these.
    assert index.has(hashes_of(texts)).all() and index.has(hashes_of(known)).mean() > 0.9
    assert index.has(hashes_of(held_out)).mean() < 0.1


def test_what_is_kept_decides_what_the_index_holds(made):
    base = load_base(made[0], torch.device("cpu"))
    mine, theirs = ["one song of mine that nobody knew"], hashes_of([song(QUIET, 1)])
    tuning = FineTuning(base, mine, [])
    assert seen_texts(mine, tuning, "tuned").has(theirs).all()
    assert seen_texts(mine, tuning, "tuned").has(hashes_of(mine)).all()
    assert not seen_texts(mine, tuning, "scratch").has(theirs).any()
    assert not seen_texts(mine, tuning, "base").has(hashes_of(mine)).any()
    assert len(seen_texts(mine, None, "tuned").layers) == 1


def test_on_a_base_without_an_index_the_new_one_says_that_it_is_not_whole(made, tmp_path):
    folder = tmp_path / "old"
    shutil.copytree(made[0], folder)
    (folder / "model.index").unlink()
    card = folder / "model.toml"
    card.write_text(card.read_text(encoding="utf-8").split("[originality]")[0], encoding="utf-8")
    mine = ["one song of mine that nobody knew"]
    tuning = FineTuning(load_base(str(folder), torch.device("cpu")), mine, [])
    index = seen_texts(mine, tuning, "tuned")
    assert not index.complete and index.has(hashes_of(mine)).all()
    assert seen_texts(mine, tuning, "base") is None
