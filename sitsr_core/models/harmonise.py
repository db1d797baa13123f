"""Other dates brought to the brightness that the reference date has around each pixel.

Haze, the sun's height and the season make a date brighter or darker over hundreds of metres; what several dates know together lies in
finer detail. The mean difference to the reference, over clear pixels of both near a pixel (a normalised convolution, Knutsson and Westin
1993), is added to each date. Far from such pixels it fades to nothing: where the reference is cloudy, the other dates stand in for it with
its own brightness at the cloud's edge, so that no edge is seen, and with theirs further inside.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from sitsr_core.sensor import filter_rows

SCALE = 8.0  # coarse pixels, standard deviation of the weights: 80 m
HARMONISE_RADIUS = 20  # coarse pixels that count
DAMPING = 0.02  # of all weights; with so little of the surroundings clear, half of the difference is added, with all of it 98 %
UNIT = 1e-5  # of reflectance, in which differences are counted
FINENESS = 1024  # the largest weight along an axis, in whole numbers
LARGEST = 1.0  # difference in reflectance
WEIGHTS = [round(FINENESS * math.exp(-0.5 * (n / SCALE) ** 2)) for n in range(-HARMONISE_RADIUS, HARMONISE_RADIUS + 1)]


def harmonised(reflectance: Tensor, clear: Tensor, reference: Tensor) -> Tensor:
    """The dates' reflectance with the reference's brightness, float32; the reference itself stays, and what is not clear is 0.

    Args:
        reflectance: (B, T, C, h, w).
        clear: (B, T, h, w) 0 or 1.
        reference: (B,) index of the reference date.
    """
    if reflectance.shape[1] == 1:
        return reflectance.float()
    with torch.autocast(reflectance.device.type, enabled=False):
        row = torch.arange(len(reference), device=reference.device)
        reflectance, clear = reflectance.float(), clear.float()
        standard, seen = reflectance[row, reference], clear[row, reference]
        dates = [_brought_to(standard, seen, *date) for date in zip(reflectance.unbind(1), clear.unbind(1), strict=True)]
        result = torch.stack(dates, dim=1)
        result[row, reference] = standard
        return result


def _brought_to(standard: Tensor, seen: Tensor, date: Tensor, clear: Tensor) -> Tensor:
    """A date (B, C, h, w), clear (B, h, w), with the brightness of ``standard``, which is clear where ``seen``."""
    both = (seen * clear)[:, None]
    difference = ((standard - date) * both).clamp(-LARGEST, LARGEST)
    summed = _surroundings(torch.cat([torch.round(difference / UNIT), both], dim=1))
    mean = UNIT * summed[:, :-1] / (summed[:, -1:] + DAMPING * sum(WEIGHTS) ** 2)
    return (date + mean.float()) * clear[:, None]


def _surroundings(images: Tensor) -> Tensor:
    """Weighted sums of the pixels around each one, with zeros beyond the edge: (B, C, h, w).

    Of whole numbers, which float64 adds exactly, so that rounding does not depend on the tile. MPS has no float64: there the sums are
    float32, and tiles may differ by rounding.
    """
    exact = torch.float32 if images.device.type == "mps" else torch.float64
    kernel = torch.tensor(WEIGHTS, dtype=exact, device=images.device).expand(images.shape[1], -1)
    padded = functional.pad(images.to(exact), (HARMONISE_RADIUS,) * 4)
    return filter_rows(filter_rows(padded, kernel, 1).transpose(-1, -2), kernel, 1).transpose(-1, -2)
