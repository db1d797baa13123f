"""Other dates brought to the brightness that the reference date has around each pixel.

Haze, the sun's height and the season make a date brighter or darker over hundreds of metres; what several dates know together lies in
finer detail. The mean difference to the reference, over clear pixels of both near a pixel (a normalised convolution, Knutsson and Westin
1993), is added to each date. Under a cloud of the reference, near its edge, the dates are brought to the reference still, so that no edge
is seen; further inside to their own composite, which is brought to the reference first as far as that is near: there the dates agree.
"""

import math

import torch
from torch import Tensor

from sitsr_core.models.composite import composite
from sitsr_core.models.surroundings import FINENESS, surroundings

SCALE = 8.0  # coarse pixels, standard deviation of the weights: 80 m
REACH = 20  # coarse pixels that count
HARMONISE_RADIUS = 2 * REACH  # a date is compared with a standard that the reference itself reaches so far into
DAMPING = 0.02  # of all weights; with so little of the surroundings clear, half of the difference is added, with all of it 98 %
NEAR = 0.1  # of all weights; where so much of the surroundings is clear in reference and date, the reference alone is the standard
LARGEST = 1.0  # difference in reflectance
WEIGHTS = [round(FINENESS * math.exp(-0.5 * (n / SCALE) ** 2)) for n in range(-REACH, REACH + 1)]


def harmonised(reflectance: Tensor, clear: Tensor, days: Tensor, reference: Tensor) -> Tensor:
    """The dates' reflectance with the reference's brightness, float32. The reference stays, and what is not clear in the others is 0.

    Args:
        reflectance: (B, T, C, h, w).
        clear: (B, T, h, w) 0 or 1.
        days: (B, T) from the target date.
        reference: (B,) index of the reference date.
    """
    if reflectance.shape[1] == 1:
        return reflectance.float()
    with torch.autocast(reflectance.device.type, enabled=False):
        row = torch.arange(len(reference), device=reference.device)
        reflectance, clear = reflectance.float(), clear.float()
        observed, seen = reflectance[row, reference], clear[row, reference]
        dates = list(zip(reflectance.unbind(1), clear.unbind(1), strict=True))
        found = [_difference(observed, seen, *date) for date in dates]
        differences = [difference for difference, _ in found]
        if not seen.all():
            others = clear.index_put((row, reference), torch.zeros_like(seen))
            known_by_others = others.amax(1)
            stand_in = composite(reflectance, others, days)
            filling = stand_in + _difference(observed, seen, stand_in, known_by_others)[0]
            standard, known = torch.where(seen[:, None] > 0, observed, filling), torch.maximum(seen, known_by_others)
            for number, (difference, share) in enumerate(found):
                alone = (1 - share / NEAR).clamp(min=0)
                if alone.any():  # adds 0 elsewhere
                    differences[number] = difference + alone * (_difference(standard, known, *dates[number])[0] - difference)
        result = (reflectance + torch.stack(differences, dim=1)) * clear[:, :, None]
        result[row, reference] = observed
        return result


def _difference(standard: Tensor, seen: Tensor, date: Tensor, clear: Tensor) -> tuple[Tensor, Tensor]:
    """What a date (B, C, h, w) lacks to the brightness of ``standard``, and the share (B, 1, h, w) of the surroundings that tells it.

    ``seen`` and ``clear`` (B, h, w) say where the two are clear.
    """
    both = (seen * clear)[:, None]
    summed, weight = (part / sum(WEIGHTS) ** 2 for part in surroundings((standard - date).clamp(-LARGEST, LARGEST), both, WEIGHTS))
    return (summed / (weight + DAMPING)).float(), weight.float()
