"""An ensemble of draws: their mean, and the error that is expected of it."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def pairs_of(members: int) -> int:
    """How many pairs of draws an ensemble of so many members is."""
    return math.ceil(members / 2)


def ensemble(draw: Callable[[int, int], Tensor], members: int, std: Tensor) -> tuple[Tensor, Tensor]:
    """The mean of ``members`` draws and the standard deviation of its error, each of the shape of a draw, in reflectance.

    Draws come in pairs of opposite noise (antithetic variates, Hammersley and Morton 1956): most of what one adds to the expected image the
    other takes away, and the mean of few is close to that of many. Draws and truth scatter about the same expected image, independently
    of each other: the truth by ``std``, which the network predicts and the card's calibration corrects, and the mean over pairs by what
    their means scatter, which one pair alone does not show. The scatter of the draws alone is no measure of the error.

    Args:
        draw: (number of the noise, its sign 1 or -1) -> a draw.
        members: of the ensemble, from 2; an odd number is rounded up.
        std: of the truth about the expected image.
    """
    pairs, mean, squares = pairs_of(members), torch.zeros(()), torch.zeros(())
    for pair in range(pairs):
        middle = (draw(pair, 1) + draw(pair, -1)) / 2
        # Welford (1962): mean and spread in one pass, without keeping the members.
        delta = middle - mean
        mean = mean + delta / (pair + 1)
        squares = squares + delta * (middle - mean)
    return mean, torch.sqrt(std**2 + squares / max(pairs - 1, 1) / pairs)
