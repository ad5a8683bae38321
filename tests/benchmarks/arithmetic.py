"""What a character costs in arithmetic."""

from __future__ import annotations

from lyricist.network.config import ModelConfig


def multiplied(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Shapes of the matrices that each character is multiplied with; a looked-up row is not."""
    output = "embedding" if config.tied else "weight_hq"
    kinds = ("weight_ih", "weight_hh", "projection.weight", output)
    return {name: shape for name, shape in config.shapes.items() if name.endswith(kinds)}
