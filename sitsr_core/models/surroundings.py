"""Weighted sums of what lies around each pixel, whose rounding does not depend on the tile."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from sitsr_core.sensor import filter_rows

UNIT = 1e-5  # of reflectance, in which it is counted
FINENESS = 1024  # the largest weight along an axis, in whole numbers


def surroundings(image: Tensor, counted: Tensor, weights: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Weighted sums of the pixels around each one that count, (B, C, h, w) reflectance, and of their weights, (B, 1, h, w).

    Of whole numbers, which float64 adds exactly, so that rounding does not depend on the tile. MPS has no float64: there the sums are
    float32, and tiles may differ by rounding.

    Args:
        image: (B, C, h, w) reflectance.
        counted: (B, 1, h, w) 0 or 1.
        weights: along an axis, an odd number of whole numbers.
    """
    whole = torch.cat([torch.round(image * counted / UNIT), counted], dim=1)
    exact = torch.float32 if whole.device.type == "mps" else torch.float64
    kernel = torch.tensor(weights, dtype=exact, device=whole.device).expand(whole.shape[1], -1)
    padded = functional.pad(whole.to(exact), (len(weights) // 2,) * 4)
    with torch.autocast(whole.device.type, enabled=False):  # half precision would overflow
        summed = filter_rows(filter_rows(padded, kernel, 1).transpose(-1, -2), kernel, 1).transpose(-1, -2)
    return UNIT * summed[:, :-1], summed[:, -1:]
