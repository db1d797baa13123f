"""Weighted sums of what lies around each pixel, whose rounding does not depend on the tile."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from sitsr_core.sensor import filter_rows

UNIT = 1e-5  # of reflectance, in which it is counted
FINENESS = 1024  # the largest weight along an axis, in whole numbers


def surroundings(images: Tensor, weights: Sequence[int]) -> Tensor:
    """Weighted sums of the pixels around each one, with zeros beyond the edge: (B, C, h, w).

    Of whole numbers, which float64 adds exactly, so that rounding does not depend on the tile. MPS has no float64: there the sums are
    float32, and tiles may differ by rounding.

    Args:
        images: (B, C, h, w) whole numbers.
        weights: along an axis, an odd number of whole numbers.
    """
    exact = torch.float32 if images.device.type == "mps" else torch.float64
    kernel = torch.tensor(weights, dtype=exact, device=images.device).expand(images.shape[1], -1)
    padded = functional.pad(images.to(exact), (len(weights) // 2,) * 4)
    with torch.autocast(images.device.type, enabled=False):  # half precision would overflow
        return filter_rows(filter_rows(padded, kernel, 1).transpose(-1, -2), kernel, 1).transpose(-1, -2)
