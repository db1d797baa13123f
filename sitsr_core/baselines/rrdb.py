"""Residual-in-residual dense blocks (Wang et al. 2018, ESRGAN, section 3.1), the coarse encoder of SRDiff."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

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

    def __init__(self, width: int, growth: int):
        super().__init__(*(DenseBlock(width, growth) for _ in range(3)))

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        return x + RESIDUAL_SCALE * super().forward(x)


class RrdbNet(nn.Module):
    """A coarse image (B, C, h, w) -> its features, and its regression to the fine grid (B, C, 4h, 4w)."""

    def __init__(self, bands: int, width: int, blocks: int):
        super().__init__()
        self.first = nn.Conv2d(bands, width, 3, padding=1)
        self.blocks = nn.ModuleList(Rrdb(width, width // 2) for _ in range(blocks))
        self.last = nn.Conv2d(width, width, 3, padding=1)
        self.up = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        self.fine = nn.Conv2d(width, width, 3, padding=1)
        self.head = nn.Conv2d(width, bands, 3, padding=1)

    def features(self, x: Tensor) -> list[Tensor]:
        """(B, C, h, w) -> the result of each block and of the trunk, each (B, width, h, w)."""
        first = hidden = self.first(x)
        found = []
        for block in self.blocks:
            hidden = block(hidden)
            found.append(hidden)
        return [*found, first + self.last(hidden)]

    def regress(self, features: Tensor) -> Tensor:
        """The trunk's features (B, width, h, w) -> (B, C, 4h, 4w)."""
        hidden = features
        for layer in self.up:
            hidden = F.leaky_relu(layer(F.interpolate(hidden, scale_factor=2.0, mode="nearest")), SLOPE)
        return self.head(F.leaky_relu(self.fine(hidden), SLOPE))
