"""Ground that is known on no date, taken for what lies around it.

A border of clouds or of no data has no ground behind it that the result is asked for. But the sensor's blur and every interpolation look
across it, and if they saw black there, the last pixels before it would be made too bright to make up for that.
"""

import math

import torch
from torch import Tensor

from sitsr_core.models.surroundings import FINENESS, surroundings

EXTEND_RADIUS = 12  # coarse pixels along each axis, as far as the ground is extended
SCALE = 2.0  # coarse pixels over which weights fall to 1 / e: near ground counts most
WEIGHTS = [round(FINENESS * math.exp(-abs(n) / SCALE)) for n in range(-EXTEND_RADIUS, EXTEND_RADIUS + 1)]


def extended(image: Tensor, known: Tensor) -> Tensor:
    """(B, C, h, w): the image where it is known, around that a weighted mean of the known pixels near; 0 beyond ``EXTEND_RADIUS``.

    Args:
        image: (B, C, h, w) reflectance.
        known: (B, h, w) 0 or 1.
    """
    if known.all():  # nearly always: nothing to pay for
        return image
    known = known[:, None].to(image.dtype)
    summed, weight = surroundings(image, known, WEIGHTS)
    return torch.where(known > 0, image, (summed / weight.clamp(min=1)).to(image.dtype))
