"""The diffusion path and its samplers, as pure functions.

Path (flow matching, equal to v-prediction on the same path and to EDM with sigma_data = 1; Karras et al. 2022, Lipman et al. 2023):

    r_t = t r + (1 - t) e,   t in [0, 1],   e ~ N(0, I),   s_t = sqrt(t^2 + (1 - t)^2)
    the network sees r_t / s_t and predicts  F* = ((1 - t) r - t e) / s_t
    r_hat = (t r_t + (1 - t) s_t F) / s_t^2,   e_hat = ((1 - t) r_t - t s_t F) / s_t^2
"""

import itertools
from collections.abc import Callable

import torch
from torch import Tensor

Denoise = Callable[[Tensor, Tensor], Tensor]  # (r_t / s_t, t (B,)) -> F


def _expand(t: Tensor, like: Tensor) -> Tensor:
    return t.to(like.dtype).view(-1, *[1] * (like.dim() - 1))


def scale(t: Tensor) -> Tensor:
    """s_t, the standard deviation of r_t for unit-variance r."""
    return torch.sqrt(t**2 + (1 - t) ** 2)


def corrupt(residual: Tensor, noise: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """The network's input r_t / s_t and its target F*, for t (B,)."""
    t = _expand(t, residual)
    s = scale(t)
    return (t * residual + (1 - t) * noise) / s, ((1 - t) * residual - t * noise) / s


def split(state: Tensor, t: Tensor, predicted: Tensor) -> tuple[Tensor, Tensor]:
    """(r_hat, e_hat) from the state r_t and the network's F."""
    t = _expand(t, state)
    s = scale(t)
    return (t * state + (1 - t) * s * predicted) / s**2, ((1 - t) * state - t * s * predicted) / s**2


def training_times(batch: int, generator: torch.Generator, share_at_zero: float = 0.0) -> Tensor:
    """Logit-normal times (Esser et al. 2024), a fixed share of them exactly 0. (B,)."""
    t = torch.sigmoid(torch.randn(batch, generator=generator))
    return torch.where(torch.rand(batch, generator=generator) < share_at_zero, torch.zeros_like(t), t)


def _evaluate(denoise: Denoise, state: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    times = t.expand(state.shape[0])
    return split(state, times, denoise(state / scale(t), times))


def sample_euler(denoise: Denoise, noise: Tensor, steps: int) -> Tensor:
    """Euler on dr/dt = r_hat - e_hat, which on this path is DDIM with eta 0 (Song et al. 2021). ``steps`` evaluations."""
    times = torch.linspace(0, 1, steps + 1, device=noise.device)
    state = noise
    for now, then in itertools.pairwise(times):
        residual, error = _evaluate(denoise, state, now)
        state = state + (then - now) * (residual - error)
    return state


def sample_heun(denoise: Denoise, noise: Tensor, steps: int) -> Tensor:
    """Heun's second-order method (Karras et al. 2022, algorithm 1 without churn). 2 ``steps`` - 1 evaluations."""
    times = torch.linspace(0, 1, steps + 1, device=noise.device)
    state = noise
    for now, then in itertools.pairwise(times):
        residual, error = _evaluate(denoise, state, now)
        slope = residual - error
        guess = state + (then - now) * slope
        if then < 1:
            residual, error = _evaluate(denoise, guess, then)
            slope = (slope + residual - error) / 2
        state = state + (then - now) * slope
    return state
