"""How much memory a training run takes, how much there is, and which setting to lower."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import torch

from lyricist.errors import DeviceError
from lyricist.network.config import NUM_GATES, ModelConfig
from lyricist.training.recipes import Recipe

# Weights: as they are, at the start, the best, gradients, and room for a checkpoint of them all.
_COPIES, _COPIES_OF_ADAMW = 6, 4
_BYTES = 4
# Of a recurrent layer, forwards and backwards, beside its gates: states and their gradients.
_STATES_KEPT = 6
_MOST_LOGITS = 1_500_000
_REFUSAL = re.compile(r"alloc|out of memory|not enough memory", re.I)
_GIGABYTE = 1e9


def needed_bytes(config: ModelConfig, recipe: Recipe) -> int:
    """Return roughly what a run takes at its peak, the program itself left out."""
    return _for_weights(config, recipe) + _for_a_batch(config, recipe)


def available_bytes() -> int | None:
    """Return what this process may still take, None where the system does not tell."""
    limits = [limit for limit in (_free_memory(), _address_space()) if limit is not None]
    return min(limits, default=None)


def check_memory(config: ModelConfig, recipe: Recipe, device: torch.device) -> None:
    """Refuse a run for which there is not enough memory.

    Raises:
        DeviceError: With what it would take, and the setting to lower.
    """
    free = available_bytes()
    if device.type == "cuda":
        free = torch.cuda.mem_get_info(device)[0]
    needed = needed_bytes(config, recipe)
    if free is not None and needed > free:
        raise DeviceError(
            f"this run needs about {_gigabytes(needed)} of memory and {_gigabytes(free)} are free",
            setting_to_lower(config, recipe, free),
        )


def setting_to_lower(config: ModelConfig, recipe: Recipe, free: float) -> str:
    """Return which setting matters most for the memory that a run takes, and how low it fits.

    Args:
        free: Bytes that there are.
    """
    for_weights = _for_weights(config, recipe)
    if for_weights > free / 2:
        return f"lower --hidden-size, which is {config.hidden_size:,}, or --num-layers"
    share = (free - for_weights) / _for_a_batch(config, recipe)
    fitting = int(recipe.batch_size * share * 0.8)
    if fitting >= 1:
        return f"lower --batch-size from {recipe.batch_size:,} to {fitting:,}"
    steps = max(1, int(recipe.num_steps * recipe.batch_size * share * 0.8))
    return f"lower --batch-size to 1 and --num-steps from {recipe.num_steps:,} to {steps:,}"


@contextmanager
def memory_errors_told(config: ModelConfig, recipe: Recipe, device: torch.device) -> Iterator[None]:
    """Turn the ways in which memory runs out into one error that names the setting to lower.

    Raises:
        DeviceError: If memory ran out.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and not _REFUSAL.search(str(error)):
            raise
        # What it came to was too much; nobody knows by how much.
        mend = setting_to_lower(config, recipe, needed_bytes(config, recipe) * 0.6)
        raise DeviceError(f"{device.type} ran out of memory", mend) from error


def _for_weights(config: ModelConfig, recipe: Recipe) -> int:
    copies = _COPIES + (_COPIES_OF_ADAMW if recipe.optimizer == "adamw" else 0)
    copies += 2 * bool(recipe.ema) + bool(recipe.anchor)
    return copies * config.parameters * _BYTES


def _for_a_batch(config: ModelConfig, recipe: Recipe) -> int:
    gates = NUM_GATES[config.cell] + _STATES_KEPT
    of_a_character = config.num_layers * config.hidden_size * gates + 3 * config.embedding_size
    characters = recipe.batch_size * recipe.num_steps
    logits = min(characters * config.vocabulary_size, _MOST_LOGITS + 256 * config.vocabulary_size)
    return (characters * of_a_character * 2 + 4 * logits) * _BYTES


def _free_memory() -> int | None:
    """What the machine, or the group of processes that this one is in, has left."""
    found = []
    with suppress(OSError, ValueError, IndexError):
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        found.append(int(text.split("MemAvailable:")[1].split()[0]) * 1024)
    with suppress(OSError, ValueError):
        group = Path("/sys/fs/cgroup")
        limit = int((group / "memory.max").read_text())
        found.append(limit - int((group / "memory.current").read_text()))
    return max(0, min(found)) if found else None


def _address_space() -> int | None:
    if not sys.platform.startswith("linux"):
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return None
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return max(0, limit - pages * resource.getpagesize())
    return limit


def _gigabytes(number: float) -> str:
    return f"{number / _GIGABYTE:,.1f} GB"
