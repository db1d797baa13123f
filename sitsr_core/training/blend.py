"""Weights between those of a model and of what it became by training on.

What training on has gained and what it has forgotten lie along the line between the two, and a point of it is often better than both ends
(Wortsman et al. 2022, Robust fine-tuning of zero-shot models).
"""

import torch

from sitsr_core.errors import JobError
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.grow import fitted


@torch.no_grad()
def blend(network: SuperResolver, other: SuperResolver, share: float) -> None:
    """Move all weights the ``share``, 0 to 1, of the way to those of ``other``, which is grown first where it is shallower.

    Raises:
        JobError: networks of two shapes, or another share.
    """
    if not 0 <= share <= 1:
        raise JobError(f"The share of the other model is to be {share}.", "Give a share from 0 to 1.")
    try:
        other = fitted(other, network.config)
    except JobError as error:
        raise JobError("The two models are networks of other shapes.", "Blend a training with the model that it began with.") from error
    for own, others in zip(network.parameters(), other.parameters(), strict=True):
        own.lerp_(others, share)
