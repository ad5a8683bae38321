"""complete, evaluate, models, doctor, bench, completion, help."""

import io
import json
import math
import subprocess
import sys

import pytest


def test_complete_is_reproducible_and_json_has_its_fields(lyricist, model):
    command = ("complete", "分开", "--model", model, "--length", "20", "--count", "3")
    first = lyricist(*command, "--seed", "5", "--json")
    assert first.status == 0
    assert [set(o) for o in first.objects] == [{"text", "log_prob"}] * 3
    assert all(len(o["text"]) == 20 and o["log_prob"] < 0 for o in first.objects)
    assert lyricist(*command, "--seed", "5", "--json").out == first.out
    assert lyricist(*command, "--seed", "6", "--json").out != first.out


def test_greedy_needs_no_seed(lyricist, model):
    command = ("complete", "the rain", "--model", model, "--greedy", "--length", "15")
    assert lyricist(*command).out == lyricist(*command).out


def test_complete_reads_standard_input(lyricist, model, monkeypatch):
    data = io.TextIOWrapper(io.BytesIO("分开\r\n".encode()))
    monkeypatch.setattr(sys, "stdin", data)
    result = lyricist("complete", "-", "--model", model, "--length", "5", "--greedy")
    assert result.status == 0
    assert result.out.startswith("分开")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("complete", ""), 2),
        (("complete", "☃☃"), 1),
        (("complete", "分", "--temperature", "-1"), 2),
        (("complete", "分", "--top-p", "0"), 2),
        (("complete", "分", "--length", "0"), 2),
        (("complete", "分", "--nonsense"), 2),
        (("evaluate", "/nowhere/at/all"), 1),
        (("models", "show", "nobody"), 1),
        (("models", "remove", "nobody", "--yes"), 1),
        (("bench", "nonsense"), 2),
    ],
)
def test_mistakes_are_one_line_and_the_right_status(lyricist, model, arguments, status):
    if arguments[0] in ("complete", "evaluate"):
        arguments = (*arguments, "--model", model)
    result = lyricist(*arguments)
    assert result.status == status, result.err
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err


def test_evaluate_reports_the_contract_fields(lyricist, model, songs):
    result = lyricist("evaluate", songs / "3.txt", "--model", model, "--json")
    fields = result.objects[0]
    assert {"characters", "unknown", "perplexity", "bits_per_character"} <= set(fields)
    assert fields["perplexity"] == pytest.approx(2 ** fields["bits_per_character"], rel=1e-6)
    assert math.isfinite(fields["perplexity"])


def test_models_are_listed_exported_imported_renamed_removed(lyricist, model, tmp_path):
    listed = {o["name"]: o for o in lyricist("models", "list", "--json").objects}
    assert not listed[model]["shipped"] and listed[model]["problem"] is None
    assert lyricist("models", "export", model, tmp_path / "m.zip").status == 0
    assert lyricist("models", "import", tmp_path / "m.zip", "--name", "copy").status == 0
    assert lyricist("models", "rename", "copy", "副本").status == 0
    assert "副本" in lyricist("models", "list").out
    assert lyricist("complete", "分", "--model", "副本", "--length", "3").status == 0
    assert lyricist("models", "remove", "副本", "--yes").status == 0
    assert "副本" not in lyricist("models", "list").out


def test_a_card_of_escapes_is_shown_not_obeyed(lyricist, model, home):
    card = home / "data" / "models" / model / "model.toml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace('notes = ""', 'notes = "\\u001b]0;owned\\u0007"'), "utf-8")
    result = lyricist("models", "show", model)
    assert result.status == 0
    assert "\x1b" not in result.out and "␛" in result.out


def test_doctor_finds_the_installation_sound_and_a_broken_model_not(lyricist, model, home):
    findings = lyricist("doctor", "--json").objects
    assert {"torch", "settings", "model"} <= {f["subject"] for f in findings}
    (home / "data" / "models" / model / "model.safetensors").write_bytes(b"x")
    broken = lyricist("doctor")
    assert broken.status == 1
    assert "PROBLEM" in broken.out and model in broken.out


def test_bench_prints_the_contract_fields(lyricist, model):
    objects = lyricist("bench", "decode", "--model", model, "--json").objects
    wanted = {"name", "value", "unit", "baseline", "ratio", "goal", "limit", "share_of_limit"}
    assert len(objects) == 5
    assert [set(o) for o in objects] == [wanted] * len(objects)
    table = lyricist("bench", "decode", "--model", model).out.splitlines()
    assert table[0].split() == ["figure", "value", "baseline", "ratio", "goal", "limit", "share"]
    assert len(table) == len(objects) + 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_command(lyricist, shell):
    result = lyricist("completion", shell)
    assert result.status == 0
    assert "_LYRICIST_COMPLETE" in result.out


def test_every_command_has_help_with_an_example(lyricist):
    commands = "train complete rhyme analyze evaluate models doctor bench completion"
    for command in commands.split():
        result = lyricist(command, "--help")
        assert result.status == 0
        assert f"lyricist {command}" in result.out


def test_help_and_model_lists_never_import_torch(model, home):
    for arguments in (
        ["--help"],
        ["models", "list"],
        ["train", "--help"],
        ["complete", "the road", "--length", "5"],
        ["complete", "the road", "--syllables", "6", "--rhyme", "night", "--seed", "1"],
        ["rhyme", "月光", "--limit", "2"],
        ["rhyme", "night", "--with", "light"],
        ["analyze", "README.md"],
    ):
        code = (
            f"import sys; sys.argv = ['lyricist', *{arguments!r}]\n"
            "from lyricist.cli import main\n"
            "try: main()\n"
            "except SystemExit as stopped: assert not stopped.code\n"
            "assert 'torch' not in sys.modules and 'textual' not in sys.modules\n"
        )
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_editor_needs_a_terminal():
    result = subprocess.run(
        [sys.executable, "-m", "lyricist"], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1 and "terminal" in result.stderr


def test_a_closed_pipe_is_no_traceback(model, home):
    result = subprocess.run(
        f"{sys.executable} -m lyricist models list | head -c 0", shell=True, capture_output=True
    )
    assert b"Traceback" not in result.stderr


def test_json_lines_are_plain_json(lyricist, model):
    for line in lyricist("models", "list", "--json").out.splitlines():
        json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
