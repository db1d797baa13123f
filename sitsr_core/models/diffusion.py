"""The diffusion path and its sampler, as pure functions.

The path turns noise e of unit variance into such a residual r (v-prediction, Salimans and Ho 2022; TrigFlow, Lu and Song 2024; up to
a scale and the clock it is flow matching, Lipman et al. 2023, and EDM with sigma_data = 1, Karras et al. 2022):

    x_t = sin(a) r + cos(a) e,   a = t pi / 2,   t in [0, 1]
    the network sees x_t and predicts the slope  F* = dx_t / da = cos(a) r - sin(a) e
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

LATENESS = 0.8  # of the evaluations of a draw; 1: evenly spread, less: earlier

Denoise = Callable[[Tensor, Tensor], Tensor]  # (x_t, t (B,)) -> F


def corrupt(residual: Tensor, noise: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """The network's input x_t and its target F*, for t (B,)."""
    angle = (t * math.pi / 2).to(residual.dtype).view(-1, *[1] * (residual.dim() - 1))
    return angle.sin() * residual + angle.cos() * noise, angle.cos() * residual - angle.sin() * noise


def training_times(batch: int, generator: torch.Generator) -> Tensor:
    """Logit-normal times (Esser et al. 2024), (B,)."""
    return torch.sigmoid(torch.randn(batch, generator=generator))


def sampling_times(steps: int) -> list[float]:
    """When a draw in ``steps`` evaluations makes them, between 0 and 1.

    The last step, which goes on to 1 along the slopes found, is the longest: evenly spread, a few evaluations leave out more of the power
    that a draw of many has.
    """
    return [1 - (1 - number / (steps + 1)) ** LATENESS for number in range(1, steps + 1)]


def sample(denoise: Denoise, noise: Tensor, steps: int, crop: Callable[[Tensor], Tensor] = lambda images: images) -> Tensor:
    """The two-step Adams-Bashforth method on dx/da = F: x_1 from x_0 = noise, in ``steps`` evaluations.

    Where nothing can be predicted of r, F is 0 and the noise's variance is kept, however few the steps; Euler on dx/dt of the
    straight path, which is DDIM with eta 0 (Song et al. 2021), loses half of it in four. At t = 0 the network sees nothing but noise
    and F is the mean of r, which is 0: the first evaluation is one step later, and that 0 is its predecessor.

    ``crop`` cuts a state to the size of ``denoise``'s output, where that leaves out the pixels near an edge.
    """
    state, slope, times = noise, torch.zeros_like(noise), [0.0, *sampling_times(steps), 1.0]
    for before, now, after in zip(times, times[1:], times[2:], strict=False):
        previous, slope = crop(slope), denoise(state, torch.full((len(noise),), now, device=noise.device))
        ahead = (after - now) / (2 * (now - before))  # of the slope's change since ``before``: the line through both goes on
        state = crop(state) + (after - now) * math.pi / 2 * (slope + ahead * (slope - previous))
    return state
