"""lyricist analyze --originality, models index, complete --copies: what is copied is told."""

import pytest

from lyricist.library.models import find_model
from lyricist.library.paths import held_out_songs, paths, songbook
from lyricist.network.card import ModelCard, read_card
from lyricist.network.checkpoint import save_model
from lyricist.network.config import ModelConfig
from lyricist.network.model import CharRNN
from lyricist.text.vocabulary import Vocabulary

SONG = """[Verse]
i never heard of any of this
The rain came down on number SEVEN, and washed
the colour from the street!
分开以后，我们还在同一场雨里。一行自己的
"""


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.txt"
    path.write_text(SONG, encoding="utf-8")
    return path


@pytest.fixture
def made(tmp_path):
    """A model of fresh weights, without an index."""
    vocabulary = Vocabulary("\n abcdefghijklmnopqrstuvwxyz")
    network = CharRNN(ModelConfig(len(vocabulary), hidden_size=24, embedding_size=12))
    save_model(tmp_path / "fresh", network, vocabulary, ModelCard("fresh", {}, ""))
    return tmp_path / "fresh"


@pytest.fixture
def indexed(lyricist, tmp_path, made):
    """The same with an index of one song."""
    path = tmp_path / "heard.txt"
    path.write_text(
        "the rain came down on number seven\nand washed the colour from the street\n\n\n"
        "分开以后 我们还在同一场雨里\n",
        encoding="utf-8",
    )
    before = (made / "model.safetensors").read_bytes()
    result = lyricist("models", "index", made, path)
    assert result.status == 0, result.err
    assert (made / "model.safetensors").read_bytes() == before
    return made


def test_runs_are_told_by_line_with_their_length_and_share(lyricist, song, indexed):
    result = lyricist("analyze", song, "--originality", "--model", indexed)
    assert result.status == 0, result.err
    first, second, share, mistakes = result.out.splitlines()
    assert first == (
        "lines 3-4    14 words: The rain came down on number SEVEN, and washed / "
        "the colour from the street"
    )
    assert second == "line 5       13 characters: 分开以后，我们还在同一场雨里"
    assert share.startswith("66% of the song runs as in the training text of ")
    assert share.endswith("(12 characters or 6 words and more)")
    assert mistakes.startswith("taken for seen by mistake: one passage of 8 characters or 5 words")


def test_json_has_the_documented_fields(lyricist, song, indexed):
    result = lyricist("analyze", song, "--originality", "--model", indexed, "--json")
    (found,) = result.objects
    assert set(found) == {"model", "spans", "share", "false_positive_rate", "complete"}
    assert found["spans"][0] == {
        "line": 3,
        "column": 1,
        "end_line": 4,
        "end_column": 26,
        "characters": 0,
        "words": 14,
        "text": "The rain came down on number SEVEN, and washed\nthe colour from the street",
    }
    assert found["complete"] is True and 0 < found["false_positive_rate"] < 0.01
    lines = SONG.split("\n")
    span = found["spans"][1]
    assert lines[span["line"] - 1][span["column"] - 1 : span["end_column"]] == span["text"]


def test_settings_say_how_long_a_run_is(lyricist, song, indexed):
    paths().config.mkdir(parents=True)
    paths().settings_file.write_text("copy_words = 20\ncopy_characters = 14\n")
    result = lyricist("analyze", song, "--originality", "--model", indexed)
    assert result.out.startswith("nothing runs as in the training text")


def test_a_model_without_an_index_is_told_of(lyricist, song, made):
    result = lyricist("analyze", song, "--originality", "--model", made)
    assert result.status == 0
    assert "has no index of what it was trained on" in result.out
    (found,) = lyricist("analyze", song, "--originality", "--model", made, "--json").objects
    assert found["spans"] is found["share"] is found["complete"] is None


def test_a_damaged_index_is_one_clear_line(lyricist, song, indexed):
    path = indexed / "model.index"
    path.write_bytes(path.read_bytes()[:-1])
    result = lyricist("analyze", song, "--originality", "--model", indexed)
    assert result.status == 1
    assert "is damaged: it is not as long as it states" in result.err
    assert lyricist("complete", "the rain", "--model", indexed, "--length", 3).status == 0


def test_model_needs_originality(lyricist, song):
    result = lyricist("analyze", song, "--model", "en")
    assert result.status == 2 and "--originality" in result.err


def test_shipped_models_keep_their_index(lyricist, song):
    result = lyricist("models", "index", "en", song)
    assert result.status == 1 and "comes with lyricist" in result.err


@pytest.mark.parametrize("name", ["en", "zh"])
def test_shipped_models_are_within_their_size_and_know_the_songbook(lyricist, name):
    folder = find_model(name)
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 12_000_000
    stated = read_card(folder).originality
    assert stated["complete"] and stated["false_positive_rate_12_characters"] < 1e-6
    assert stated["command"].startswith(f"lyricist models index models/{name} ")
    for where, least in ((songbook(), 0.99), (held_out_songs(), 0.0)):
        for file in sorted((where / name).glob("*.txt"))[:5]:
            result = lyricist("analyze", file, "--originality", "--model", name, "--json")
            share = result.objects[0]["share"]
            assert share >= least if least else share < 0.2, (file, share)


def test_what_a_completion_copies_is_marked_or_withheld(lyricist, made, tmp_path):
    begun = "the rain came down "
    options = (begun, "--model", made, "--length", 60, "--seed", 7, "--temperature", 1)
    (free,) = lyricist("complete", *options, "--json").objects
    assert set(free) == {"text", "log_prob"}
    # Whatever it says is what it was trained on.
    path = tmp_path / "said.txt"
    path.write_text(begun + free["text"], encoding="utf-8")
    assert lyricist("models", "index", made, path).status == 0
    (marked,) = lyricist("complete", *options, "--json").objects
    assert marked.pop("copied")["words"] >= 6 and marked == free
    plain = lyricist("complete", *options)
    assert plain.out == begun + free["text"] + "\n"
    assert plain.err.startswith("lyricist: 1: ") and "as in the training text" in plain.err
    (allowed,) = lyricist("complete", *options, "--copies", "allow", "--json").objects
    assert allowed == free
    (other,) = lyricist("complete", *options, "--copies", "withhold", "--json").objects
    assert set(other) == {"text", "log_prob"} and other["text"] != free["text"]


def test_where_nothing_but_copies_comes_it_is_one_clear_line(lyricist, made, tmp_path):
    begun = "one two three four five six "
    options = (begun, "--model", made, "--length", 40, "--greedy")
    (free,) = lyricist("complete", *options, "--json").objects
    path = tmp_path / "said.txt"
    path.write_text(begun + free["text"], encoding="utf-8")
    assert lyricist("models", "index", made, path).status == 0
    result = lyricist("complete", *options, "--copies", "withhold")
    assert result.status == 1 and result.out == ""
    assert "every continuation ran as in the training text" in result.err
