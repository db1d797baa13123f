"""RCAN: residual channel attention (Zhang et al. 2018, arXiv:1807.02758), brought to remote sensing by Haut et al. 2019 (IEEE TGRS 57(11)).

One convolution; residual groups within a long skip (section 3.2, equations 4 to 6), each a chain of residual channel attention blocks and
a convolution within a short skip; sub-pixel convolutions; one convolution (section 3.1). A block is x + a * conv(relu(conv(x))), where
the channel attention a (section 3.3, equations 9 to 11) is a sigmoid of two 1x1 convolutions, with a bottleneck and a rectifier between
them, of each channel's mean over the image. Sizes are RCAN's usual ones: 10 groups of 20 blocks, 64 channels, reduction 16. Neither the
authors' code nor the sizes of Haut et al. were at hand to compare with.

Deviations:
    - All bands at once; pixels are normalised by band, instead of shifted by the mean colour.
    - The loss is this project's, for all, instead of L1 (equation 3).
    - The input is the reference date with its cloudy pixels filled.

The attention sees the whole image: unlike this project's own network, its result depends on where a tile ends.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sitsr_core.baselines.pixel_shuffle import pixel_shuffles
from sitsr_core.baselines.views import BaselineConfig, Normalisation
from sitsr_core.models.network import SeriesBatch, filled_reference


@dataclass
class RcanConfig(BaselineConfig):
    """``groups`` of ``blocks`` with ``width`` channels, whose attention has a bottleneck of ``width / reduction``."""

    width: int = 64
    groups: int = 10
    blocks: int = 20
    reduction: int = 16


class ChannelAttention(nn.Module):
    """Every channel times a number between 0 and 1 that follows from the means of all channels."""

    def __init__(self, width: int, reduction: int):
        super().__init__()
        self.squeeze = nn.Conv2d(width, width // reduction, 1)
        self.excite = nn.Conv2d(width // reduction, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        return x * torch.sigmoid(self.excite(torch.relu(self.squeeze(x.mean((2, 3), keepdim=True)))))


class AttentionBlock(nn.Module):
    """x + attention(conv(relu(conv(x))))."""

    def __init__(self, width: int, reduction: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1), ChannelAttention(width, reduction)
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        return x + self.layers(x)


class Residual(nn.Module):
    """x + conv(layers(x)): a group of blocks, and all groups together."""

    def __init__(self, width: int, *layers: nn.Module):
        super().__init__()
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, width, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        return x + self.layers(x)


class Rcan(nn.Module):
    """The reference date in, its fine image out. See the module."""

    def __init__(self, config: RcanConfig | None = None):
        super().__init__()
        self.config = config = config or RcanConfig()
        if not 0 < config.reduction <= config.width:
            raise ValueError(f"{config.width} channels cannot be reduced by {config.reduction}")
        bands, width = len(config.bands), config.width
        self.normalise = Normalisation(config)
        self.first = nn.Conv2d(bands, width, 3, padding=1)
        groups = (
            Residual(width, *(AttentionBlock(width, config.reduction) for _ in range(config.blocks))) for _ in range(config.groups)
        )  # fmt: skip
        self.body = Residual(width, *groups)
        self.up = pixel_shuffles(width, config.factor)
        self.last = nn.Conv2d(width, bands, 3, padding=1)

    def forward(self, batch: SeriesBatch) -> Tensor:
        """(B, given, factor h, factor w) reflectance."""
        coarse = filled_reference(batch)
        pixels = self.normalise(coarse).contiguous(memory_format=torch.channels_last)
        return self.normalise.inverse(self.last(self.up(self.body(self.first(pixels)))), coarse.shape[1])

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """(B, given, factor h, factor w) reflectance; nothing is drawn."""
        return self(batch)
