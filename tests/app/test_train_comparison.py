import json
import sys

import pytest

from lyricist.app.comparison import Comparison, Side, compare
from lyricist.text.corpus import read_corpus
from lyricist.text.split import split_by_song

# Answers as the command line does, and writes down how it was called.
PROGRAM = """
import json, sys
from lyricist.text.corpus import read_corpus
args = sys.argv[1:]
models = [a for a in args if a.startswith("--model=")]
options = dict(a.lstrip("-").split("=", 1) for a in args if a.startswith("--") and "=" in a)
argument = args[args.index("--") + 1]
with open({log!r}, "a") as log:
    log.write(json.dumps([args[0], options, argument]) + "\\n")
if options["model"] == "broken":
    sys.exit("lyricist: model is damaged \\x1b[31m; take another")
if args[0] == "evaluate":
    songs = [song.text for song in read_corpus([argument]).songs]
    perplexity = {{"old": 40.0, "new": 30.0, "worse": 50.0}}[options["model"]]
    unknown = sum(map(len, songs)) // 4 if options["model"] == "old" else 0
    answer = {{"characters": sum(map(len, songs)), "unknown": unknown,
              "perplexity": perplexity, "bits_per_character": 1.0}}
    if len(models) > 1:
        print(json.dumps(answer))
        answer |= {{"ratio": 0.75, "ratio_low": 0.7, "ratio_high": 0.8}}
else:
    answer = {{"text": options["model"] + " goes on\\nand on", "log_prob": -1.0}}
print(json.dumps(answer))
"""


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def program(tmp_path, log):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM.format(log=str(log)))
    return [sys.executable, str(script)]


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "songs.txt"
    path.write_text("\n\n\n".join(f"夜里第{n}首\n\n还在唱 [/Hook]" for n in range(40)))
    return [str(path)]


def calls(log):
    return [json.loads(line) for line in log.read_text().splitlines()]


async def test_both_models_read_exactly_the_held_out_songs(program, corpus, log):
    comparison = await compare("old", "new", corpus, "夜里", program=program)
    held_out = split_by_song(read_corpus(corpus).songs)[1]
    characters = sum(len(song.text) for song in held_out)
    assert comparison.songs == len(held_out) > 0
    assert comparison.new == Side("new", 30.0, 0.0, "new goes on\nand on")
    assert comparison.old.perplexity == 40.0
    assert comparison.old.unknown == pytest.approx((characters // 4) / characters)
    assert comparison.interval == (0.7, 0.8)
    kinds = [(kind, options["model"]) for kind, options, _ in calls(log)]
    assert sorted(kinds) == [
        ("complete", "new"),
        ("complete", "old"),
        ("evaluate", "new"),
        ("evaluate", "new"),
        ("evaluate", "old"),
    ]


async def test_both_go_on_from_the_same_text_with_the_same_seed(program, corpus, log):
    await compare("old", "new", corpus, "-夜里", program=program)
    asked = [(o["length"], o["seed"], text) for kind, o, text in calls(log) if kind == "complete"]
    assert asked == [("40", "1", "-夜里")] * 2


async def test_without_a_prefix_a_line_of_the_songs_is_taken(program, corpus):
    comparison = await compare("old", "new", corpus, "", program=program)
    assert comparison.prefix.startswith("夜里第")
    assert "\n" not in comparison.prefix
    assert comparison.new.continuation


async def test_a_run_that_held_nothing_out_is_not_measured(program, corpus, log):
    comparison = await compare("old", "new", corpus, "夜", held_out=False, program=program)
    assert comparison.songs == 0 and comparison.new.perplexity is None
    assert {kind for kind, *_ in calls(log)} == {"complete"}
    assert "your ear" in comparison.verdict


async def test_songs_that_have_gone_leave_the_continuations(program, tmp_path):
    comparison = await compare("old", "new", [str(tmp_path / "gone")], "夜", program=program)
    assert comparison.songs == 0
    assert comparison.new.continuation == "new goes on\nand on"


async def test_a_model_that_cannot_be_measured_says_why_in_one_harmless_line(program, corpus):
    comparison = await compare("broken", "new", corpus, "夜", program=program)
    assert comparison.old.problem == "model is damaged ␛[31m; take another"
    assert comparison.old.perplexity is None
    assert comparison.new.perplexity == 30.0
    assert "nothing to compare" in comparison.verdict


async def test_a_program_that_is_not_there_is_a_problem_and_no_crash(corpus):
    comparison = await compare("old", "new", corpus, "夜", program=["/nowhere/lyricist"])
    assert comparison.new.problem


def verdict(old, new, songs=6, unknown=0.0):
    return Comparison(Side("old", old, unknown), Side("new", new), songs, "").verdict


def test_a_difference_that_other_songs_might_turn_is_not_called_one():
    comparison = Comparison(Side("old", 40.0), Side("new", 38.0), 6, "", (0.9, 1.05))
    assert "cannot tell" in comparison.verdict and "10% lower or 5% higher" in comparison.verdict
    clear = Comparison(Side("old", 40.0), Side("new", 38.0), 6, "", (0.9, 0.99))
    assert "better (5% lower)" in clear.verdict


def test_a_better_model_is_called_better():
    assert verdict(40.0, 30.0) == "The new model reads your held-out songs better (25% lower)."


def test_a_worse_model_is_called_worse():
    text = verdict(40.0, 50.0)
    assert "worse" in text and "25% higher" in text
    assert "Keeping the old one" in text


def test_a_hair_of_difference_is_none():
    assert "equally well" in verdict(40.0, 40.2)


def test_a_single_song_is_said_to_be_a_small_measure_and_unknown_characters_are_told_of():
    assert "small measure" in verdict(40.0, 30.0, songs=1)
    assert "10% are unknown to old" in verdict(40.0, 30.0, unknown=0.1)
