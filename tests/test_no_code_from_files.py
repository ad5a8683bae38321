"""No file can make the program run code: what could do so is not called anywhere in the package."""

import ast
from pathlib import Path

import pytest

import lyricist

PACKAGE = Path(lyricist.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {
    "pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "dbm",
    "jsonpickle", "yaml", "ruamel", "imp", "code", "codeop", "runpy", "torch.hub", "torch.package",
    "numpy.lib.format", "tarfile", "xmlrpc", "pandas",
}  # fmt: skip
CALLS = {
    "eval", "exec", "compile", "__import__", "builtins.eval", "builtins.exec", "os.system",
    "os.popen", "torch.load", "torch.save", "torch.jit.load", "torch.hub.load", "onnx.load",
    "torch.package.PackageImporter", "torch.serialization.load", "numpy.load", "numpy.fromfile",
    "numpy.save", "numpy.savez", "zipfile.ZipFile.extractall", "shutil.unpack_archive",
    "subprocess.getoutput", "subprocess.getstatusoutput", "onnx.load_model",
}  # fmt: skip
METHODS = {"extract", "extractall", "__reduce__", "__setstate__"}


def full_names(tree):
    """What each name in a module stands for, by its imports."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dangers(source):
    """What in a module could run what a file says."""
    tree = ast.parse(source)
    names = full_names(tree)
    found = [
        name
        for name in imported(tree)
        if {".".join(name.split(".")[:n]) for n in range(1, name.count(".") + 2)} & MODULES
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("eval", "exec", "__import__"):
            found.append(node.id)
        if not isinstance(node, ast.Call):
            continue
        written = ast.unparse(node.func)
        first, dot, rest = written.partition(".")
        called = names.get(first, first) + dot + rest
        if called in CALLS or (dot and written.rpartition(".")[2] in METHODS):
            found.append(called)
        for keyword in node.keywords:
            yes = isinstance(keyword.value, ast.Constant) and keyword.value.value is True
            if keyword.arg in ("shell", "allow_pickle", "trust_remote_code") and yes:
                found.append(f"{called} {keyword.arg}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_runs_what_a_file_says(path):
    assert dangers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib as j",
        "import torch\ntorch.load(f)",
        "import torch as t\nt.load(f, weights_only=True)",
        "from torch import load as read\nread(f)",
        "import torch\ntorch.jit.load(f)",
        "from torch import jit\njit.load(f)",
        "import numpy as np\nnp.load(f)",
        "from numpy import load\nload(f, allow_pickle=True)",
        "import yaml",
        "import shelve, marshal",
        "import subprocess\nsubprocess.run(c, shell=True)",
        "import os\nos.system(c)",
        "eval(c)",
        "run = exec",
        "compile(c, '', 'exec')",
        "archive.extractall(p)",
        "import tarfile",
        "__import__(name)",
    ],
)
def test_the_search_finds_what_it_looks_for(source):
    assert dangers(source)


def test_the_search_leaves_harmless_code_alone():
    source = "import re, json\nre.compile(p)\njson.load(f)\nmodel.load_state_dict(w)\nmodel.eval()"
    assert dangers(source) == []
