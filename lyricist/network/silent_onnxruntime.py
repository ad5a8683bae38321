"""ONNX Runtime, kept from telling its makers of every session: nothing else may import it.

From version 1.29 on it does so over the network by default on Linux and macOS too, and writes an
identifier of the computer into the user's cache. It looks at this variable once, when it is loaded.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

# On Windows events go to the system's own tracing, which only this call ends.
onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
