"""Which device to compute on, and how torch is set up for it."""

from __future__ import annotations

import torch

from lyricist.errors import DeviceError, UsageError
from lyricist.network.config import DEVICES


def choose_device(name: str = "auto") -> torch.device:
    """Return the device called `name`; `auto` takes cuda, then mps, then cpu.

    Raises:
        DeviceError: If a device was asked for that this machine or this build of torch lacks.
        UsageError: If the name is none of `DEVICES`.
    """
    if name not in DEVICES:
        raise UsageError(f"device {name!r} is unknown", f"use one of {', '.join(DEVICES)}")
    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(kind for kind, there in present.items() if there))
    if not present[name]:
        raise DeviceError(f"device {name} is not available here", "use --device cpu or auto")
    return torch.device(name)


def prepare_torch(num_threads: int | None = None) -> None:
    """Set thread count and flush denormals, which otherwise slow a CPU by orders of magnitude."""
    torch.set_flush_denormal(True)
    if num_threads is not None:
        torch.set_num_threads(max(1, num_threads))
