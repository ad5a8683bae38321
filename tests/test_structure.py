"""The house plan, held by a test: imports point down, and torch stays out of the UI process."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lyricist

PACKAGE = Path(lyricist.__file__).parent
BELOW = {
    "text": set(),
    "network": {"text"},
    "craft": {"text"},
    "library": {"craft", "network", "text"},
    "training": {"library", "network", "text"},
    "suggest": {"craft", "library", "network", "text"},
    "evaluation": {"suggest", "craft", "library", "network", "text"},
    "app": {"suggest", "training", "craft", "library", "network", "text"},
    "cli": {"app", "evaluation", "suggest", "training", "craft", "library", "network", "text"},
}
# The screens run in a process that never waits; suggestions start and step without torch.
TORCH_FREE = ("text", "craft", "library", "app", "cli", "suggest")
TORCH_FREE_FILES = (
    "training/choices.py",
    "training/events.py",
    "training/forecast.py",
    "training/recipes.py",
    "training/time_limit.py",
    "network/card.py",
    "network/config.py",
    "network/decoder.py",
    "network/numpy_decoder.py",
    "network/onnx_decoder.py",
    "network/onnx_graph.py",
    "network/precision.py",
    "network/prediction.py",
    "network/sampler.py",
    "network/weights.py",
)
FILES = sorted(PACKAGE.rglob("*.py"))


def imports_of(path):
    """Every module name that a file imports anywhere, functions included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module


def room_of(path):
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else None


def test_there_is_something_to_check():
    assert {room_of(path) for path in FILES} - {None} == set(BELOW)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path):
    room = room_of(path)
    if room is None:
        return
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "lyricist" and len(parts) > 1 and parts[1] in BELOW:
            assert parts[1] == room or parts[1] in BELOW[room], f"{room} imports {name}"


def test_what_every_room_may_use_lies_below_all_rooms():
    shared = [path for path in FILES if room_of(path) is None and path.stem != "__main__"]
    assert {path.stem for path in shared} > {"errors"}
    for path in shared:
        for name in imports_of(path):
            assert not name.startswith("lyricist."), f"{path} imports {name}"


def modules_of(wanted):
    """Names of the modules whose path below the package is wanted."""
    for path in FILES:
        relative = path.relative_to(PACKAGE)
        if wanted(relative):
            name = "lyricist." + ".".join(relative.with_suffix("").parts)
            yield name.removesuffix(".__init__")


def assert_never_imported(modules, heavy):
    code = f"import importlib, sys\nfor name in {list(modules)!r}: importlib.import_module(name)\n"
    code += f"assert not set({heavy!r}) & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_screens_and_suggestions_never_import_torch():
    wanted = modules_of(lambda path: path.parts[0] in TORCH_FREE or str(path) in TORCH_FREE_FILES)
    assert_never_imported(wanted, ["torch"])


def test_the_ui_process_never_imports_what_computes():
    wanted = modules_of(lambda path: path.parts[0] in ("text", "library", "app"))
    assert_never_imported(wanted, ["torch", "numpy", "onnxruntime", "onnx"])


def test_files_have_one_subject():
    for path in FILES:
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 420, f"{path} has {lines} lines: move a wall"
