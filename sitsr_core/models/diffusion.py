"""The diffusion path and its sampler, as pure functions.

The path turns noise e ~ N(0, I) into a residual r of unit variance (v-prediction, Salimans and Ho 2022; TrigFlow, Lu and Song 2024; up to
a scale and the clock it is flow matching, Lipman et al. 2023, and EDM with sigma_data = 1, Karras et al. 2022):

    x_t = sin(a) r + cos(a) e,   a = t pi / 2,   t in [0, 1]
    the network sees x_t and predicts the slope  F* = dx_t / da = cos(a) r - sin(a) e
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

Denoise = Callable[[Tensor, Tensor], Tensor]  # (x_t, t (B,)) -> F


def corrupt(residual: Tensor, noise: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """The network's input x_t and its target F*, for t (B,)."""
    angle = (t * math.pi / 2).to(residual.dtype).view(-1, *[1] * (residual.dim() - 1))
    return angle.sin() * residual + angle.cos() * noise, angle.cos() * residual - angle.sin() * noise


def training_times(batch: int, generator: torch.Generator) -> Tensor:
    """Logit-normal times (Esser et al. 2024), (B,)."""
    return torch.sigmoid(torch.randn(batch, generator=generator))


def sample(denoise: Denoise, noise: Tensor, steps: int) -> Tensor:
    """The two-step Adams-Bashforth method on dx/da = F: x_1 from x_0 = noise, in ``steps`` evaluations.

    Where nothing can be predicted of r, F is 0 and the noise's variance is kept, however few the steps; Euler on dx/dt of the
    straight path, which is DDIM with eta 0 (Song et al. 2021), loses half of it in four. At t = 0 the network sees nothing but noise
    and F is the mean of r, which is 0: the first evaluation is one step later, and that 0 is its predecessor.
    """
    state, before, step = noise, torch.zeros_like(noise), 1 / (steps + 1)
    for number in range(1, steps + 1):
        t = torch.full((len(noise),), number * step, device=noise.device)
        slope = denoise(state, t)
        state, before = state + step * math.pi / 2 * (1.5 * slope - 0.5 * before), slope
    return state


def error_of_ensemble(std: Tensor, variance: Tensor, members: int) -> Tensor:
    """Standard deviation expected of the error of the mean of some draws, (B, C, H, W) reflectance.

    Draws and truth scatter about the same expected image, independently of each other: the truth by ``std``, which the network predicts and
    the card's calibration corrects, and the mean of ``members`` draws by the share 1 / members of their ``variance``. The scatter of the
    draws alone is no measure of the error: in few steps it is less than that of the truth.
    """
    return torch.sqrt(std**2 + variance / members)
