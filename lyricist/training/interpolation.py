"""Models between the base and the tuned one: alpha * tuned + (1 - alpha) * base, weight by weight.

On the way from one to the other the writer's songs are often read best before the end, and less is
forgotten. Source: WiSE-FT of Wortsman et al. 2022.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from lyricist.network.model import CharRNN

ALPHAS = (0.0, 0.25, 0.5, 0.75, 1.0)


def interpolated(
    network: CharRNN, base: Mapping[str, Tensor], tuned: Mapping[str, Tensor], alpha: float
) -> CharRNN:
    """Return a model like `network` with the weights at `alpha`, for inference.

    Args:
        network: Whose shape and device are taken.
        base: Weights at alpha 0. Rows that were grown for new characters have their first values.
        tuned: Weights at alpha 1.
    """
    between = CharRNN(network.config, initialize=False).to(network.device)
    between.load_state_dict(
        {name: torch.lerp(base[name].cpu(), tuned[name].cpu(), alpha) for name in tuned}
    )
    return between.eval()
