"""`lyricist train`: events, names, resuming, cancelling, and everything that can be wrong."""

import os
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from conftest import QUICK

from lyricist.training.events import Cancelled, Epoch, Finished, Started, from_line


def test_events_follow_the_contract(lyricist, songs):
    result = lyricist("train", songs, "--json", *QUICK, "--prefix", "分开", "--prefix", "the rain")
    assert result.status == 0
    kinds = [event["event"] for event in result.objects]
    assert kinds[0] == "started" and kinds[-1] == "finished"
    assert kinds.count("epoch") == 2 and kinds.count("sample") == 4
    events = [from_line(line) for line in result.out.splitlines()]
    started, finished = events[0], events[-1]
    assert isinstance(started, Started) and isinstance(finished, Finished)
    assert started.corpus["songs"] == 30
    assert started.corpus["training_songs"] + started.corpus["held_out_songs"] == 30
    for epoch in (event for event in events if isinstance(event, Epoch)):
        assert epoch.train_perplexity > 1 and epoch.held_out_perplexity > 1
        assert epoch.tokens > 0 and epoch.tokens_per_second > 0
    assert finished.model == "songs"
    assert os.path.isfile(os.path.join(finished.path, "model.safetensors"))


def test_the_same_seed_trains_the_same_model(lyricist, songs):
    perplexities = []
    for name in ("a", "b"):
        result = lyricist("train", songs, "--json", "--name", name, *QUICK)
        perplexities.append(result.objects[-1]["best"])
    assert perplexities[0] == perplexities[1]


def test_without_a_name_no_model_is_replaced(lyricist, songs):
    names = [lyricist("train", songs, "--json", *QUICK).objects[-1]["model"] for _ in range(3)]
    assert names == ["songs", "songs-2", "songs-3"]


def test_dropout_is_chosen_at_each_place(lyricist, songs):
    rates = ("--dropout-in", "0.1", "--dropout-hidden", "0.2", "--dropout", "0.3")
    lyricist("train", songs, *QUICK, "--num-layers", "2", *rates, "--weight-drop", "0.4")
    shape = lyricist("models", "show", "songs", "--json").objects[0]["architecture"]
    kept = [shape[name] for name in ("dropout_in", "dropout_hidden", "dropout_out", "weight_drop")]
    assert kept == [0.1, 0.2, 0.3, 0.4]


def test_fine_tuning_learns_new_characters_and_keeps_the_base(lyricist, songs, model, tmp_path):
    new = tmp_path / "new.txt"
    new.write_text(
        "\n\n\n".join(f"雪花飘过第{n}座桥\n鹤唳鹤唳" for n in range(20)), encoding="utf-8"
    )
    options = ("--epochs", "3", "--no-compare-scratch", "--json", "--name", "tuned")
    result = lyricist("train", new, "--base", model, *options)
    assert result.status == 0, result.err
    started = result.objects[0]
    assert started["recipe"] == "finetune" and started["base"] == model
    assert started["corpus"]["unknowns"] > 0
    text = lyricist("complete", "鹤", "--model", "tuned", "--greedy", "--length", "3").out
    assert text.startswith("鹤")
    assert lyricist("complete", "the", "--model", "tuned", "--length", "3").status == 0


def test_the_end_of_a_fine_tuning_tells_what_was_kept(lyricist, songs, model, tmp_path):
    new = tmp_path / "new.txt"
    new.write_text("\n\n\n".join(f"鹤唳第{n}声\n雪花飘过" for n in range(40)), encoding="utf-8")
    options = ("--base", model, "--epochs", "2", "--replay", songs, "--ema", "0.9", "--forget")
    finished = lyricist("train", new, *options, "--compare-scratch", "--json").objects[-1]
    best = finished["best"]
    scores = (best[f"{kind}_held_out_perplexity"] for kind in ("base", "scratch"))
    assert best["kept"] in ("tuned", "base", "scratch")
    assert best["held_out_perplexity"] <= min(scores)
    told = lyricist("train", new, *options, "--no-compare-scratch").out
    assert "kept" in told.splitlines()[-1]


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_cells_and_layers_are_options(lyricist, songs, cell):
    result = lyricist("train", songs, "--cell", cell, "--num-layers", "2", "--json", *QUICK)
    assert result.status == 0
    shown = lyricist("models", "show", "songs", "--json").objects[0]
    assert shown["architecture"]["cell"] == cell
    assert shown["architecture"]["num_layers"] == 2


def test_a_held_out_file_is_used(lyricist, songs, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("雨落在街 灯还亮着\n我数过每一扇窗\n" * 3, encoding="utf-8")
    result = lyricist("train", songs, "--held-out", other, "--json", *QUICK)
    assert result.objects[0]["corpus"]["held_out_songs"] >= 1
    assert result.objects[0]["corpus"]["training_songs"] == 30


def test_a_tiny_corpus_warns_and_still_works(lyricist, tmp_path):
    tiny = tmp_path / "tiny.txt"
    tiny.write_text("分开 分开\n我们分开\n", encoding="utf-8")
    result = lyricist("train", tiny, "--json", *QUICK)
    assert result.status == 0
    assert any("tiny" in warning for warning in result.objects[0]["warnings"])


def test_a_zip_and_an_old_encoding_are_corpora_too(lyricist, tmp_path):
    archive = tmp_path / "songs.zip"
    text = "我们在雨夜里分开 街灯还亮着\n数到第一百盏 你没有回头\n" * 30
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", text.encode("gb18030"))
    result = lyricist("train", archive, "--json", *QUICK)
    assert result.status == 0, result.err
    assert result.objects[0]["corpus"]["characters"] > 100


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty|nothing|no song|no text"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 20, "not text|binary"),
        ("啊啊啊啊啊\n啊啊啊".encode(), "one distinct character"),
    ],
)
def test_unusable_corpora_are_refused_in_one_line(lyricist, tmp_path, content, complaint):
    import re

    path = tmp_path / "corpus.txt"
    path.write_bytes(content)
    result = lyricist("train", path, *QUICK)
    assert result.status == 1
    assert re.search(complaint, result.err), result.err
    assert result.err.count("\n") == 1


def test_a_missing_corpus_is_named_with_its_escapes_drawn(lyricist, tmp_path):
    result = lyricist("train", tmp_path / "no\x1b]0;owned\x07such.txt")
    assert result.status == 1
    assert "\x1b" not in result.err and "␛" in result.err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--lr", "0"),
        ("--lr", "nan"),
        ("--clip", "-1"),
        ("--held-out", "1.5"),
        ("--time-budget", "soon"),
        ("--recipe", "finetune"),
        ("--base", "zh", "--from-scratch"),
        ("--cell", "transformer"),
        ("--epochs", "0"),
        ("--name", "../.."),
        ("--hidden-size", "x"),
    ],
)
def test_wrong_usage_exits_with_2_and_one_line(lyricist, songs, wrong):
    result = lyricist("train", songs, *wrong)
    assert result.status == 2, result.err
    assert result.err.count("\n") == 1


def test_absurd_sizes_and_missing_bases_fail_with_1(lyricist, songs):
    for wrong in (("--hidden-size", "1000000"), ("--base", "nobody")):
        result = lyricist("train", songs, *wrong)
        assert result.status == 1
        assert result.err.count("\n") == 1


def test_a_gpu_that_is_not_there_is_an_error(lyricist, songs):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    result = lyricist("train", songs, "--device", "cuda", "--json")
    assert result.status == 1
    assert "not available" in result.err
    assert result.objects[-1]["event"] == "failed"


def test_a_prefix_of_unknown_characters_is_refused(lyricist, songs):
    result = lyricist("train", songs, "--prefix", "☃", *QUICK)
    assert result.status == 1
    assert "none of the prefix" in result.err


def test_terminate_cancels_keeps_the_best_and_resume_goes_on(songs, home):
    command = [sys.executable, "-m", "lyricist", "train", str(songs), "--json", "--name", "c"]
    command += ["--epochs", "100000", "--patience", "0", "--hidden-size", "32"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    lines = []
    for line in child.stdout:
        lines.append(from_line(line))
        if sum(isinstance(event, Epoch) for event in lines) == 3:
            child.send_signal(signal.SIGTERM)
    assert child.wait(30) == 0
    cancelled = lines[-1]
    assert isinstance(cancelled, Cancelled) and cancelled.model == "c"
    before = max(event.epoch for event in lines if isinstance(event, Epoch))
    resumed = subprocess.Popen([*command, "--resume"], stdout=subprocess.PIPE, text=True)
    first = next(event for event in map(from_line, resumed.stdout) if isinstance(event, Epoch))
    resumed.send_signal(signal.SIGTERM)
    resumed.communicate(timeout=30)
    assert first.epoch > before


def test_a_reader_that_goes_away_ends_the_run_with_the_best_kept(songs, home):
    command = [sys.executable, "-m", "lyricist", "train", str(songs), "--json", "--name", "c"]
    command += ["--epochs", "100000", "--patience", "0", "--hidden-size", "32"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not isinstance(from_line(child.stdout.readline()), Epoch):
        pass
    child.stdout.close()
    assert child.wait(30) == 0
    assert "Traceback" not in child.stderr.read()
    child.stderr.close()
    assert (home / "data" / "models" / "c" / "model.safetensors").is_file()


def test_the_death_of_the_editor_ends_the_run(songs, home):
    """The editor names itself in the environment; when it is gone, the run ends."""
    if not os.path.isdir("/proc/self"):
        pytest.skip("needs /proc to see whether a process is there")
    program = (
        "import os, subprocess, sys; os.environ['LYRICIST_PARENT'] = str(os.getpid()); "
        "child = subprocess.Popen([sys.executable, '-m', 'lyricist', *sys.argv[1:]]); "
        "print(child.pid, flush=True); sys.stdin.read()"
    )
    arguments = ["train", str(songs), "--name", "c", "--epochs", "100000", "--patience", "0"]
    parent = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(parent.stdout.readline())
    while "epoch" not in parent.stdout.readline():
        pass
    parent.kill()
    parent.wait()
    end = time.monotonic() + 10
    while time.monotonic() < end and os.path.exists(f"/proc/{pid}"):
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{pid}")
    assert (home / "data" / "models" / "c" / "model.safetensors").is_file()
