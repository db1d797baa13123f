"""Residual-in-residual dense blocks (Wang et al. 2018, ESRGAN, section 3.1): the generator of ESRGAN, the coarse encoder of SRDiff."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.baselines.pixel_shuffle import stages

SLOPE = 0.2
RESIDUAL_SCALE = 0.2


class DenseBlock(nn.Module):
    """Five convolutions, each seeing all earlier ones; the last one's result is scaled and added."""

    def __init__(self, width: int, growth: int):
        super().__init__()
        outputs = (growth, growth, growth, growth, width)
        self.layers = nn.ModuleList(nn.Conv2d(width + i * growth, out, 3, padding=1) for i, out in enumerate(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        seen = [x]
        for layer in self.layers[:-1]:
            seen.append(F.leaky_relu(layer(torch.cat(seen, dim=1)), SLOPE))
        return x + RESIDUAL_SCALE * self.layers[-1](torch.cat(seen, dim=1))


class Rrdb(nn.Sequential):
    """Three dense blocks within one more residual."""

    def __init__(self, width: int, growth: int, dense: Callable[[int, int], nn.Module] = DenseBlock):
        super().__init__(*(dense(width, growth) for _ in range(3)))

    def forward(self, x: Tensor, change: Callable[[Tensor], Tensor] | None = None) -> Tensor:
        """(B, width, h, w) -> the same shape; ``change`` is done to the result of each dense block."""
        hidden = x
        for block in self:
            hidden = block(hidden)
            hidden = change(hidden) if change else hidden
        return x + RESIDUAL_SCALE * hidden


class RrdbNet(nn.Module):
    """A coarse image (B, C, h, w) -> its features, and its regression to the fine grid (B, C, factor h, factor w).

    Args:
        growth: channels that a layer of a dense block adds; 0 is half of ``width``.
        dense: the kind of dense block.
    """

    def __init__(
        self, bands: int, width: int, blocks: int, growth: int = 0, factor: int = 4, dense: Callable[[int, int], nn.Module] = DenseBlock
    ):
        super().__init__()
        self.scales = stages(factor)
        self.first = nn.Conv2d(bands, width, 3, padding=1)
        self.blocks = nn.ModuleList(Rrdb(width, growth or width // 2, dense) for _ in range(blocks))
        self.last = nn.Conv2d(width, width, 3, padding=1)
        self.up = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in self.scales)
        self.fine = nn.Conv2d(width, width, 3, padding=1)
        self.head = nn.Conv2d(width, bands, 3, padding=1)

    def features(self, x: Tensor, change: Callable[[Tensor], Tensor] | None = None) -> list[Tensor]:
        """(B, C, h, w) -> the result of each block and of the trunk, each (B, width, h, w)."""
        first = hidden = self.first(x)
        found = []
        for block in self.blocks:
            hidden = block(hidden, change)
            found.append(hidden)
        return [*found, first + self.last(hidden)]

    def regress(self, features: Tensor) -> Tensor:
        """The trunk's features (B, width, h, w) -> (B, C, factor h, factor w)."""
        hidden = features
        for layer, scale in zip(self.up, self.scales, strict=True):
            hidden = F.leaky_relu(layer(F.interpolate(hidden, scale_factor=float(scale), mode="nearest")), SLOPE)
        return self.head(F.leaky_relu(self.fine(hidden), SLOPE))
