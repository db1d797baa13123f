"""An ensemble of draws: their mean, and the error that is expected of it."""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def ensemble(draw: Callable[[int, int], Tensor], members: int, std: Tensor) -> tuple[Tensor, Tensor]:
    """The mean of ``members`` draws and the standard deviation of its error, each of the shape of a draw, in reflectance.

    Draws come in pairs of opposite noise (antithetic variates, Hammersley and Morton 1956): most of what one adds to the expected image the
    other takes away, and the mean of few is close to that of many. Draws and truth scatter about the same expected image, independently
    of each other: the truth by ``std``, which the network predicts and the card's calibration corrects, and the mean over pairs by what
    their means scatter. The scatter of the draws alone is no measure of the error: in few steps it is less than that of the truth.

    Args:
        draw: (number of the noise, its sign 1 or -1) -> a draw. A last one without another is counted as a pair.
        members: of the ensemble, from 2.
        std: of the truth about the expected image.
    """
    pairs, mean, squares = math.ceil(members / 2), torch.zeros(()), torch.zeros(())
    for pair in range(pairs):
        draws = [draw(pair, sign) for sign in (1, -1)[: members - 2 * pair]]
        middle = sum(draws[1:], draws[0]) / len(draws)
        # Welford (1962): mean and spread in one pass, without keeping the members.
        delta = middle - mean if pair else middle
        mean = mean + delta / (pair + 1) if pair else middle
        squares = squares + delta * (middle - mean) if pair else torch.zeros_like(middle)
    return mean, torch.sqrt(std**2 + squares / max(pairs - 1, 1) / pairs)
