"""Muon (Jordan et al. 2024): momentum, made orthogonal, for matrices and convolutions; Adam (Kingma and Ba 2015) for what is left.

torch.optim.Muon takes two-dimensional parameters only; here a convolution is the matrix of its output channels by everything else.
Updates are scaled as in Liu et al. 2025, so that both kinds of parameters share one learning rate.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

SMALLEST_SIDE = 16  # narrower matrices gain nothing from being made orthogonal
UPDATE_RMS = 0.2
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # coefficients of the quintic iteration in Jordan et al.
ITERATIONS = 5


def orthogonalized(matrix: Tensor) -> Tensor:
    """The matrix with its singular values brought near 1 by a Newton-Schulz iteration: (m, n) -> (m, n)."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.mT if tall else matrix
    x = x / (x.norm() + 1e-7)
    a, b, c = NEWTON_SCHULZ
    for _ in range(ITERATIONS):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if tall else x


def is_matrix(parameter: Tensor) -> bool:
    """Whether a parameter is moved by Muon."""
    return parameter.ndim >= 2 and min(parameter.shape[0], parameter[0].numel()) >= SMALLEST_SIDE


class Muon(torch.optim.Optimizer):
    """Each parameter is moved by Muon when it is a matrix, by Adam when it is not."""

    def __init__(self, parameters: Iterable[Tensor], lr: float, momentum: float = 0.95, betas: tuple[float, float] = (0.9, 0.99)):
        parameters = list(parameters)
        groups = [{"params": [p for p in parameters if is_matrix(p) == matrix], "matrix": matrix} for matrix in (True, False)]
        super().__init__([group for group in groups if group["params"]], {"lr": lr, "momentum": momentum, "betas": betas})

    @torch.no_grad()
    def step(self, closure=None) -> None:  # type: ignore[override]
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    (self._step_matrix if group["matrix"] else self._step_vector)(parameter, parameter.grad, group)

    def _step_matrix(self, parameter: Tensor, gradient: Tensor, group: dict) -> None:
        state = self.state[parameter]
        if not state:
            state["momentum"] = torch.zeros_like(parameter)
        state["momentum"].lerp_(gradient, 1 - group["momentum"])
        update = orthogonalized(gradient.lerp(state["momentum"], group["momentum"]).flatten(1))
        parameter.add_(update.view(parameter.shape), alpha=-group["lr"] * UPDATE_RMS * max(update.shape) ** 0.5)

    def _step_vector(self, parameter: Tensor, gradient: Tensor, group: dict) -> None:
        state = self.state[parameter]
        if not state:
            state |= {"mean": torch.zeros_like(parameter), "square": torch.zeros_like(parameter), "steps": 0}
        state["steps"] += 1
        first, second = group["betas"]
        state["mean"].lerp_(gradient, 1 - first)
        state["square"].lerp_(gradient**2, 1 - second)
        mean, square = state["mean"] / (1 - first ** state["steps"]), state["square"] / (1 - second ** state["steps"])
        parameter.addcdiv_(mean, square.sqrt() + 1e-8, value=-group["lr"])
