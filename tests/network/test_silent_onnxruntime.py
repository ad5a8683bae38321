"""ONNX Runtime tells its makers nothing: it would write down what it sends in the user's cache."""

import os
import re
import subprocess
import sys
from pathlib import Path

import lyricist

LOADING = """
from lyricist.network.decoder import load_decoder
from lyricist.library.models import find_model
print(type(load_decoder(find_model("en"), "cpu")[0]).__name__)
"""
# By itself it does the same only where it takes the computer for one that tests.
ASSUMED_TESTING = ("CI", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY", "GITHUB_ACTIONS")


def test_a_model_is_loaded_without_a_trace_in_the_users_cache(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k not in ASSUMED_TESTING}
    environment |= {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    told = subprocess.run(
        [sys.executable, "-c", LOADING], env=environment, capture_output=True, text=True
    )
    assert told.stdout == "OnnxDecoder\n", told.stderr
    assert list(tmp_path.rglob("*")) == []


def test_nobody_else_imports_it():
    package = Path(lyricist.__file__).parent
    importing = re.compile(r"^\s*(?:import|from) onnxruntime\b", re.MULTILINE)
    found = [p.name for p in package.rglob("*.py") if importing.search(p.read_text("utf-8"))]
    assert found == ["silent_onnxruntime.py"]
