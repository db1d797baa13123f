"""Denoising diffusion (Ho et al. 2020, arXiv:2006.11239) with the cosine schedule (Nichol and Dhariwal 2021, arXiv:2102.09672, eq. 17)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

OFFSET = 0.008  # s of the cosine schedule
LARGEST_BETA = 0.999

PredictNoise = Callable[[Tensor, Tensor], Tensor]  # (x_t, t (B,)) -> epsilon


def cosine_alphas(steps: int) -> Tensor:
    """Cumulated alphas of steps 0 (little noise) to steps - 1 (all noise): (steps,) float64."""
    time = torch.arange(steps + 1, dtype=torch.float64) / steps
    signal = torch.cos((time + OFFSET) / (1 + OFFSET) * math.pi / 2) ** 2
    beta = (1 - signal[1:] / signal[:-1]).clamp(max=LARGEST_BETA)
    return torch.cumprod(1 - beta, dim=0)


def diffuse(x: Tensor, noise: Tensor, t: Tensor, alphas: Tensor) -> Tensor:
    """x_t = sqrt(a_t) x + sqrt(1 - a_t) noise (Ho et al., eq. 4), t (B,) whole steps."""
    alpha = alphas[t].to(x.dtype).view(-1, 1, 1, 1)
    return alpha.sqrt() * x + (1 - alpha).sqrt() * noise


def posterior(alphas: Tensor, t: int) -> tuple[float, float, float]:
    """(c_0, c_t, std) of q(x_{t-1} | x_t, x_0) = N(c_0 x_0 + c_t x_t, std^2) (Ho et al., eq. 6 and 7)."""
    now, before = float(alphas[t]), float(alphas[t - 1]) if t else 1.0
    step = now / before
    beta = 1 - step
    variance = beta * (1 - before) / (1 - now)
    return math.sqrt(before) * beta / (1 - now), math.sqrt(step) * (1 - before) / (1 - now), math.sqrt(max(variance, 0.0))


def ancestral_sample(predict: PredictNoise, noise: Tensor, alphas: Tensor, generator: torch.Generator) -> Tensor:
    """All steps of the chain (Ho et al., algorithm 2) from ``noise`` at the last one; x_0 is held within [-1, 1] on the way."""
    x = noise
    for t in reversed(range(len(alphas))):
        alpha = float(alphas[t])
        epsilon = predict(x, torch.full((len(x),), t, device=x.device))
        clean = ((x - math.sqrt(1 - alpha) * epsilon) / math.sqrt(alpha)).clamp(-1, 1)
        of_clean, of_noisy, std = posterior(alphas, t)
        x = of_clean * clean + of_noisy * x
        if t:
            x = x + std * torch.randn(x.shape, generator=generator).to(x.device)
    return x
