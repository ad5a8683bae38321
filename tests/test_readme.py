"""The README keeps its word: commands run, links and pictures lead somewhere, twice."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from terminal_command import installed_command

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def shell_lines(name):
    """Lines of the `sh` blocks: those that a reader is asked to run."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text_of(name), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def commands(name):
    return [line for line in shell_lines(name) if line.startswith("lyricist ")]


def set_up_lines(name):
    return [line for line in shell_lines(name) if line.startswith("python3 -m venv")]


def test_there_are_exactly_two_set_up_commands_and_they_are_the_same_in_both():
    for name in READMES:
        first, second = set_up_lines(name)
        assert first.endswith("&& .venv/bin/lyricist")
        assert second.endswith("&& .venv/bin/pytest")
    assert set_up_lines(READMES[0]) == set_up_lines(READMES[1])


def test_ci_runs_the_test_command_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text()
    pattern = re.search(r"grep -m 1 -E '([^']+)' README.md", script)[1]
    found = [line for line in text_of("README.md").splitlines() if re.match(pattern, line)]
    assert found[0] == set_up_lines("README.md")[1]


def test_commands_run_in_the_order_given(tmp_path):
    environment = {**os.environ, "LYRICIST_HOME": str(tmp_path / "home")}
    assert all(len(commands(name)) >= 3 for name in READMES)
    for line in dict.fromkeys(line for name in READMES for line in commands(name)):
        arguments = shlex.split(line, comments=True)[1:]
        result = subprocess.run(
            [installed_command(), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert result.returncode == 0, f"{line}\n{result.stderr}"
        assert result.stdout.strip(), line


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
def test_links_and_pictures_lead_somewhere(name):
    targets = re.findall(r"\]\(([^)]+)\)", text_of(name))
    assert targets
    for target in targets:
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        assert (ROOT / path).exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", text_of(path or name), re.MULTILINE)
            assert anchor in {h.lower().replace(" ", "-") for h in headings}, target


@pytest.mark.parametrize("name", READMES)
def test_every_key_of_the_table_is_a_key_of_the_app(name):
    from lyricist.app.keys import KEYS

    # The command palette's key is Textual's own.
    known = {part.strip() for key in KEYS for part in key.shown.split("/")} | {"Ctrl+P"}
    rows = re.findall(
        r"^\| ([^|]*(?:Tab|Ctrl|Alt|Esc|F\d|Right)[^|]*) \|", text_of(name), re.MULTILINE
    )
    assert len(rows) >= 10
    for row in rows:
        for key in re.findall(r"(?:Ctrl|Alt)\+\w+|(?:Ctrl|Alt)\+[\][]|\bF\d+|Tab|Esc", row):
            assert key.replace("Right", "→") in known, f"{key} in {row!r}"
