"""Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167) over the batch of all processes that train together.

With it the statistics depend on what else is in the batch and, through zero padding, on where a patch ends. The published systems that
have it keep it; this project's own network has none.
"""

import torch
from torch import Tensor, nn

from sitsr_core.training.distributed import Processes, all_processes


class BatchNorm(nn.BatchNorm2d):
    """As ``torch.nn.BatchNorm2d``, state dictionary included, but that one batch of all processes is normalised as a whole."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> the same shape."""
        processes = all_processes()
        if not self.training or processes.count == 1:
            return super().forward(x)
        return self._over(processes, x)

    def _over(self, processes: Processes, x: Tensor) -> Tensor:
        values = x.float()
        moments = torch.stack([values.mean((0, 2, 3)), (values**2).mean((0, 2, 3))])
        mean, square = processes.mean_with_gradient(moments)
        variance = square - mean**2
        self._remember(mean.detach(), variance.detach(), processes.count * values.numel() // len(mean))
        shape = (1, -1, 1, 1)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return (values * scale.view(shape) + (self.bias - mean * scale).view(shape)).to(x.dtype)

    def _remember(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Running statistics, with the unbiased variance, as torch keeps them."""
        with torch.no_grad():
            self.num_batches_tracked.add_(1)  # type: ignore[union-attr]
            self.running_mean.lerp_(mean, self.momentum)  # type: ignore[union-attr, arg-type]
            self.running_var.lerp_(variance * count / max(1, count - 1), self.momentum)  # type: ignore[union-attr, arg-type]
