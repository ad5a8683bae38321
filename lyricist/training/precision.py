"""In which precision a run multiplies."""

from __future__ import annotations

import torch

from lyricist.errors import DeviceError, UsageError
from lyricist.training.recipes import Recipe


def choose_precision(name: str, recipe: Recipe, device: torch.device) -> str:
    """`auto` takes bf16 where the hardware multiplies in it, except for the tutorial recipe.

    Raises:
        UsageError: If there is no such precision.
        DeviceError: If the CPU cannot train in bf16.
    """
    if name not in ("auto", "fp32", "bf16"):
        raise UsageError(f"precision {name!r} is unknown", "use auto, fp32 or bf16")
    if name == "bf16" and device.type == "cpu" and not _trains_in_bf16():
        raise DeviceError("this CPU does not train in bf16", "leave --precision at auto")
    if name != "auto":
        return name
    if recipe.name == "tutorial":
        return "fp32"
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    if device.type == "cpu":
        capabilities = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
        if any(getattr(torch.cpu, check, bool)() for check in capabilities):
            return "bf16"
    return "fp32"


def _trains_in_bf16() -> bool:
    """Whether an LSTM takes a step in bf16: where products can, its cell may still be unable."""
    try:
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            torch.nn.LSTM(1, 1)(torch.zeros(1, 1, 1))
    except RuntimeError:
        return False
    return True
