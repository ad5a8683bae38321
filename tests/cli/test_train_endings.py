"""How a training process ends: early, asked to, without memory, without an editor."""

import json
import os
import resource
import signal
import subprocess
import sys
import time

import pytest
from conftest import QUICK

LONG = ("--epochs", "100000", "--patience", "0", "--hidden-size", "32", "--threads", "1")


def started(songs, *more, watched=True):
    """A training process of this one, and the kinds of events until it has begun."""
    command = [sys.executable, "-m", "lyricist", "train", str(songs), "--json", "--name", "c"]
    environment = dict(os.environ)
    if watched:
        environment["LYRICIST_PARENT"] = str(os.getpid())
    return subprocess.Popen(
        [*command, *LONG, *more], stdout=subprocess.PIPE, text=True, env=environment
    )


def wait_for(process, kind):
    for line in process.stdout:
        if json.loads(line)["event"] == kind:
            return
    raise AssertionError(f"no {kind}")


def test_before_anything_is_learnt_cancelling_ends_it_on_the_spot(songs, home):
    process = started(songs)
    wait_for(process, "alive")
    process.send_signal(signal.SIGTERM)
    events = [json.loads(line) for line in process.stdout]
    process.stdout.close()
    assert process.wait(30) == 0
    assert events[-1]["event"] == "cancelled" and events[-1]["model"] is None
    assert not (home / "data" / "models" / "c").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a file of Linux")
def test_the_system_ends_a_training_before_the_editor(songs, home):
    process = started(songs)
    wait_for(process, "alive")
    with open(f"/proc/{process.pid}/oom_score_adj", encoding="ascii") as file:
        assert int(file.read()) >= 500
    process.kill()
    process.wait(30)
    process.stdout.close()


def test_cancelled_in_the_middle_it_keeps_its_best_and_leaves_whole_files(songs, home):
    process = started(songs, watched=False)
    wait_for(process, "epoch")
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    events = [json.loads(line) for line in process.stdout]
    seconds = time.monotonic() - began
    process.stdout.close()
    assert process.wait(30) == 0
    print(f"cancelled, {seconds:.2f} s later it was gone")
    assert events[-1]["event"] == "cancelled" and events[-1]["model"] == "c"
    assert seconds < 60
    assert (home / "state" / "training" / "c" / "run.safetensors").is_file()
    assert [path.name for path in (home / "data" / "models").iterdir()] == ["c"]


def test_a_run_that_explodes_twice_exits_with_one_line_and_nothing_stored(lyricist, songs, home):
    result = lyricist("train", songs, "--lr", "1e6", "--json", *QUICK)
    assert result.status == 1
    assert "lower --lr" in result.err and result.err.count("\n") == 1
    kinds = [event["event"] for event in result.objects]
    assert "remark" in kinds and kinds[-1] == "failed"
    assert not list((home / "data").rglob("*.safetensors"))
    assert not (home / "state" / "training" / "songs").exists()


@pytest.mark.parametrize("content", [b"a", b"\n", "啊".encode()])
def test_a_single_character_is_no_corpus(lyricist, tmp_path, content):
    path = tmp_path / "one.txt"
    path.write_bytes(content)
    result = lyricist("train", path, *QUICK)
    assert result.status == 1
    assert result.err.count("\n") == 1


def test_a_full_disk_is_told_in_one_line_and_a_retry_works(lyricist, songs, home):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, hard))
    try:
        result = lyricist("train", songs, "--name", "m", *QUICK)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert result.status == 1
    assert "cannot be written" in result.err and "free some space" in result.err
    assert result.err.count("\n") == 1 and "the training goes on" in result.out
    left = [path for path in home.rglob("*") if path.is_file()]
    assert not left
    assert lyricist("train", songs, "--name", "m", *QUICK).status == 0


MEMORY = """
import resource, sys
import lyricist.training.run, lyricist.training.run_plan as run_plan, lyricist.training.worker
from lyricist.cli import main
if sys.argv[1] == "unchecked":
    run_plan.check_memory = lambda *anything: None
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 400_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
sys.argv = ["lyricist", "train", *sys.argv[2:]]
main()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(
    ("checked", "complaint"), [("checked", "0.4 GB are free"), ("unchecked", "ran out of memory")]
)
def test_without_memory_it_names_the_setting_to_lower(songs, home, tmp_path, checked, complaint):
    more = tmp_path / "more.txt"
    lines = (f"the rain {n} came down on line {n % 7} of the song\n" for n in range(2000))
    more.write_text("".join(lines), encoding="utf-8")
    sizes = ("--hidden-size", "512", "--batch-size", "512", "--num-steps", "64")
    command = [sys.executable, "-c", MEMORY, checked, str(more), *sizes, "--threads", "1"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1
    assert complaint in result.stderr and "lower --batch-size from 512 to" in result.stderr
    assert result.stderr.count("\n") == 1


def test_another_time_limit_does_not_keep_a_run_from_being_resumed(lyricist, songs, monkeypatch):
    from lyricist.training import recipes

    # As if these songs were a large collection, where the limit decides the size of the network.
    monkeypatch.setattr(recipes, "_MANY_CHARACTERS", 100)
    monkeypatch.setattr(recipes, "_FEW_CHARACTERS", 10)

    def collection(distinct, time_budget):
        longer = time_budget is not None and time_budget >= recipes.LONG_SECONDS
        return recipes.Recipe("scratch", hidden_size=24 if longer else 16, epochs=2)

    monkeypatch.setattr(recipes, "_collection", collection)
    import lyricist.training.run as run

    monkeypatch.setattr(run, "forget_run", lambda path: None)
    options = ("--name", "m", "--json")
    assert lyricist("train", songs, *options, "--time-budget", "200s").status == 0
    result = lyricist("train", songs, *options, "--resume", "--time-budget", "10m")
    assert result.status == 0, result.err
    shown = lyricist("models", "show", "m", "--json").objects[0]
    assert shown["architecture"]["hidden_size"] == 16
