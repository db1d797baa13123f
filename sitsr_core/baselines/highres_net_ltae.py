"""HighRes-net with L-TAE (Okabayashi et al. 2024, arXiv:2404.16409, section 3.2): attention over dates instead of recursive fusion.

HighRes-net's encoder sees each date stacked with the date nearest to the target. L-TAE (Garnot and Landrieu 2020, arXiv:2007.00586,
section 3; its form for images: Garnot and Landrieu 2021, arXiv:2107.07933) fuses them pixel by pixel: ``heads`` learned queries, keys
of size ``key``, each head weighs its own share of the channels; the position of a date is its signed distance in days from the target.
Two transposed convolutions of stride 2 and a 1x1 one decode. 246,538 parameters with three bands, the paper's 0.25 M.

Deviations:
    - No dropout (0.1 on the attention, 0.2 after it in theirs): it serves long trainings, and here the budget is short.
    - Cloudy pixels are replaced by the reference's (theirs are cloud-free dates); as in theirs no mask reaches the attention.
    - At a factor that is no power of two there is one transposed convolution, of that stride.
    - The loss is this project's, for all; theirs is L1.
"""

import math
from dataclasses import dataclass

import torch
from einops import rearrange
from torch import Tensor, nn

from sitsr_core.baselines.batch_norm import BatchNorm
from sitsr_core.baselines.highres_net import ViewEncoder, encode_views
from sitsr_core.baselines.pixel_shuffle import stages
from sitsr_core.baselines.views import BaselineConfig, Normalisation, filled_views
from sitsr_core.models.network import SeriesBatch, filled_reference

PERIOD = 1000.0  # days; the T of L-TAE's positional encoding


@dataclass
class HighResNetLtaeConfig(BaselineConfig):
    """The papers' sizes by default.

    Attributes:
        width, blocks: channels of a date's state and residual blocks of the encoder.
        heads, key: attention heads, and channels of a key.
        model: channels inside the attention, a multiple of ``heads``.
    """

    width: int = 64
    blocks: int = 2
    heads: int = 16
    key: int = 4
    model: int = 128


def position_encoding(days: Tensor, size: int) -> Tensor:
    """sin and cos in turn of days / PERIOD^(2 floor(i / 2) / size), i = 0 .. size - 1: (B, T) -> (B, T, size)."""
    index = torch.arange(size, device=days.device)
    angle = days.float()[..., None] / PERIOD ** (2 * (index // 2) / size)
    return torch.where(index % 2 == 0, angle.sin(), angle.cos())


class PixelGroupNorm(nn.Module):
    """Group normalisation over a pixel's dates and channels, never over space: (B, T, C, h, w) -> the same shape, float32."""

    def __init__(self, groups: int, width: int):
        super().__init__()
        self.groups = groups
        self.weight = nn.Parameter(torch.ones(width, 1, 1))
        self.bias = nn.Parameter(torch.zeros(width, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        grouped = rearrange(x.float(), "b t (g c) h w -> b t g c h w", g=self.groups)
        variance, mean = torch.var_mean(grouped, dim=(1, 3), keepdim=True, correction=0)
        return ((grouped - mean) * torch.rsqrt(variance + 1e-5)).flatten(2, 3) * self.weight + self.bias


class LightTemporalAttention(nn.Module):
    """L-TAE: (B, T, width, h, w) and days (B, T) -> (B, width, h, w), for any T and any order of the dates."""

    def __init__(self, width: int, heads: int, key: int, model: int):
        super().__init__()
        self.heads = heads
        self.norm_in = PixelGroupNorm(heads, width)
        self.enter = nn.Conv2d(width, model, 1)
        self.query = nn.Parameter(torch.randn(heads, key) * math.sqrt(2 / key))
        self.key = nn.Conv2d(model, heads * key, 1)
        nn.init.normal_(self.key.weight, 0, math.sqrt(2 / key))
        self.leave = nn.Sequential(nn.Conv2d(model, width, 1), BatchNorm(width), nn.ReLU())
        self.norm_out = PixelGroupNorm(heads, width)

    def forward(self, z: Tensor, days: Tensor) -> Tensor:
        """See the class."""
        dates = z.shape[1]
        values = self.enter(self.norm_in(z).flatten(0, 1)).unflatten(0, (-1, dates))
        position = position_encoding(days, values.shape[2] // self.heads).repeat(1, 1, self.heads)
        values = values + position[..., None, None].to(values.dtype)
        keys = rearrange(self.key(values.flatten(0, 1)), "(b t) (n k) h w -> b t n k h w", t=dates, n=self.heads)
        logit = (keys * self.query[..., None, None].to(keys.dtype)).sum(3).float() / math.sqrt(self.query.shape[1])
        weight = torch.softmax(logit, dim=1).to(values.dtype)
        fused = (weight[:, :, :, None] * rearrange(values, "b t (n c) h w -> b t n c h w", n=self.heads)).sum(1)
        return self.norm_out(self.leave(fused.flatten(1, 2))[:, None])[:, 0]


class HighResNetLtae(nn.Module):
    """A series in, the fine image of the target date out. See the module."""

    def __init__(self, config: HighResNetLtaeConfig | None = None):
        super().__init__()
        self.config = config = config or HighResNetLtaeConfig()
        bands, width = len(config.bands), config.width
        self.normalise = Normalisation(config)
        self.encoder = ViewEncoder(bands, width, config.blocks)
        self.attention = LightTemporalAttention(width, config.heads, config.key, config.model)
        grown = [layer for stride in stages(config.factor) for layer in (nn.ConvTranspose2d(width, width, stride, stride), nn.PReLU())]
        self.decoder = nn.Sequential(*grown, nn.Conv2d(width, bands, 1))

    def features(self, batch: SeriesBatch) -> Tensor:
        """The fused state of all dates (B, width, h, w)."""
        reference = filled_reference(batch)
        views = self.normalise(filled_views(batch, reference))
        states = encode_views(self.encoder, views, self.normalise(reference))
        return self.attention(states, batch.days)

    def forward(self, batch: SeriesBatch) -> Tensor:
        """(B, given, factor h, factor w) reflectance."""
        return self.normalise.inverse(self.decoder(self.features(batch)), batch.reflectance.shape[2])

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """(B, given, factor h, factor w) reflectance; nothing is drawn."""
        return self(batch)
