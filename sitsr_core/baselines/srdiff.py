"""SRDiff: single image super-resolution with diffusion probabilistic models (Li et al. 2022, arXiv:2104.14951), section 3.

A U-Net on the fine grid predicts the noise (L1) in the residual (x - bicubic), scaled and held within [-1, 1], at one of T = 100 steps
of the cosine schedule (section 3.2, algorithms 1 and 2); it is conditioned by a coarse encoder of RRDB blocks, every third of whose
features is upsampled by a transposed convolution and added after the U-Net's first level (section 3.3, figure 3). Sampling goes
through all T steps. Sizes are those of the authors' public configuration for x4: 64 channels times (1, 2, 3, 4), 11.8 M parameters with
three bands (for faces (1, 2, 2, 4), 9.4 M), and 8 RRDB blocks of 32 channels, 1.5 M. Okabayashi et al. 2024 condition the same U-Net by 64
channels instead of 96: their 11.6 M.

Deviations:
    - The RRDB encoder is trained together with the U-Net (noise L1 plus its own L1, a choice that the public code offers) instead of
      100,000 steps before it: the budget is one for all.
    - Four bands; the residual's scale is per band, 1 / (5 standard deviations), so that about as much is cut off as in 8-bit images.
    - The input is the reference date with its cloudy pixels filled: the single-date variant. ``srdiff_series.py`` has those of Okabayashi
      et al., conditioned by several dates.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core import sensor
from sitsr_core.baselines.ddpm import ancestral_sample, cosine_alphas
from sitsr_core.baselines.rrdb import RrdbNet
from sitsr_core.baselines.views import BaselineConfig, Normalisation, padded_series, side_multiple
from sitsr_core.models.network import SeriesBatch, filled_reference


@dataclass
class SrdiffConfig(BaselineConfig):
    """The authors' sizes by default.

    Attributes:
        width, multipliers: channels of the U-Net's first level, and of each level in units of it.
        encoder_width, encoder_blocks: channels and RRDB blocks of the coarse encoder, at least 2; every third feature is used.
        steps: T, in training and in sampling.
        residual_std: unit of the residual over bicubic, per band.
        clip: residuals beyond so many of these units are cut off.
    """

    width: int = 64
    multipliers: tuple[int, ...] = (1, 2, 3, 4)
    encoder_width: int = 32
    encoder_blocks: int = 8
    steps: int = 100
    residual_std: tuple[float, ...] = (0.02, 0.02, 0.02, 0.03)
    clip: float = 5.0


def time_features(t: Tensor, size: int) -> Tensor:
    """Sines and cosines of t at frequencies from 1 to 1 / 10000: (B,) -> (B, size)."""
    half = size // 2
    angle = t.float()[:, None] * torch.exp(-math.log(10000) * torch.arange(half, device=t.device) / max(1, half - 1))
    return torch.cat([angle.sin(), angle.cos()], dim=1)


def _convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1, padding_mode="reflect")


class TimeBlock(nn.Module):
    """Two convolutions with Mish, the time added between them, within a residual; no normalisation."""

    def __init__(self, inputs: int, outputs: int, time: int):
        super().__init__()
        self.time = nn.Linear(time, outputs)
        self.conv1, self.conv2 = _convolution(inputs, outputs), _convolution(outputs, outputs)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """x (B, inputs, h, w), time (B, time) -> (B, outputs, h, w)."""
        hidden = F.mish(self.conv1(x)) + self.time(F.mish(time))[:, :, None, None]
        return F.mish(self.conv2(hidden)) + self.skip(x)


class NoiseUnet(nn.Module):
    """(x_t (B, C, H, W), t (B,), condition (B, n, H / factor, W / factor)) -> noise (B, C, H, W).

    H and W are multiples of 2^(levels - 1).
    """

    def __init__(self, bands: int, width: int, multipliers: tuple[int, ...], condition: int, factor: int):
        super().__init__()
        widths = [width * m for m in multipliers]
        self.width = width
        self.condition = nn.ConvTranspose2d(condition, width, 2 * factor - factor % 2, factor, factor // 2)
        self.time = nn.Sequential(nn.Linear(width, 4 * width), nn.Mish(), nn.Linear(4 * width, width))
        inputs = [bands, *widths[:-1]]
        self.enter = nn.ModuleList(TimeBlock(i, o, width) for i, o in zip(inputs, widths, strict=True))
        self.descend = nn.ModuleList(TimeBlock(o, o, width) for o in widths)
        self.down = nn.ModuleList(_convolution(o, o, 2) for o in widths[:-1])
        self.middle = nn.ModuleList(TimeBlock(widths[-1], widths[-1], width) for _ in range(2))
        rising = list(zip(widths[:0:-1], widths[-2::-1], strict=True))  # (of this level, of the finer one)
        self.join = nn.ModuleList(TimeBlock(2 * i, o, width) for i, o in rising)
        self.rise = nn.ModuleList(TimeBlock(o, o, width) for _, o in rising)
        self.up = nn.ModuleList(nn.ConvTranspose2d(o, o, 4, 2, 1) for _, o in rising)
        self.last = _convolution(width, width)
        self.head = nn.Conv2d(width, bands, 1)

    def forward(self, x: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        """See the class."""
        time = self.time(time_features(t, self.width))
        states = []
        for level, (enter, descend) in enumerate(zip(self.enter, self.descend, strict=True)):
            x = descend(enter(x, time), time)
            if level == 0:
                x = x + self.condition(condition)
            states.append(x)
            if level < len(self.down):
                x = self.down[level](x)
        for block in self.middle:
            x = block(x, time)
        for join, rise, up in zip(self.join, self.rise, self.up, strict=True):
            x = up(rise(join(torch.cat([x, states.pop()], dim=1), time), time))
        return self.head(F.mish(self.last(x)))


class ResidualDiffusion(nn.Module):
    """A U-Net that draws the residual over bicubic, conditioned by what an ``encoder`` makes of a series; how is ``encode``."""

    unit: Tensor
    alphas: Tensor

    def __init__(self, config: SrdiffConfig, encoder: nn.Module, condition: int):
        super().__init__()
        self.config = config
        bands = len(config.bands)
        self.normalise = Normalisation(config)
        self.encoder: Any = encoder
        self.unet = NoiseUnet(bands, config.width, config.multipliers, condition, config.factor)
        self.register_buffer("alphas", cosine_alphas(config.steps), persistent=False)
        self.register_buffer("unit", config.clip * torch.tensor(config.residual_std).view(1, -1, 1, 1), persistent=False)

    def encode(self, batch: SeriesBatch) -> tuple[Tensor, Tensor]:
        """A series -> condition of the U-Net (B, condition, h, w), and the encoder's own normalised fine image (B, C, 4h, 4w)."""
        raise TypeError("every system says what it is conditioned by")

    def scaled_residual(self, truth: Tensor, coarse: Tensor) -> Tensor:
        """(truth - bicubic) in units of the largest residual, within [-1, 1]: (B, C, 4h, 4w)."""
        return ((truth - sensor.upsample(coarse, self.config.factor)) / self.unit).clamp(-1, 1)

    def predict_noise(self, noisy: Tensor, t: Tensor, condition: Tensor) -> Tensor:
        """The noise in a noisy residual (B, C, 4h, 4w), float32."""
        return self.unet(noisy, t, condition).float()

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """One draw in all T steps: (B, given, 4h, 4w) reflectance."""
        coarse = filled_reference(batch)
        given, height, width = coarse.shape[1:]
        padded = padded_series(batch, side_multiple(len(self.config.multipliers), self.config.factor))
        condition, _ = self.encode(padded)
        shape = (len(coarse), len(self.config.bands), *(self.config.factor * side for side in padded.clear.shape[2:]))
        present = (torch.arange(shape[1], device=coarse.device) < given).view(1, -1, 1, 1)  # what a series lacks is 0, as in training

        def predict(noisy: Tensor, t: Tensor) -> Tensor:
            return self.predict_noise(noisy * present, t, condition)

        residual = ancestral_sample(predict, torch.randn(shape, generator=generator).to(coarse.device), self.alphas, generator)
        fine = residual[..., : self.config.factor * height, : self.config.factor * width] * self.unit
        return sensor.upsample(coarse, self.config.factor) + fine[:, :given]


class Srdiff(ResidualDiffusion):
    """The reference date in, a draw of its fine image out. See the module."""

    def __init__(self, config: SrdiffConfig | None = None):
        config = config or SrdiffConfig()
        encoder = RrdbNet(len(config.bands), config.encoder_width, config.encoder_blocks, factor=config.factor)
        super().__init__(config, encoder, (config.encoder_blocks + 1) // 3 * config.encoder_width)

    def encode(self, batch: SeriesBatch) -> tuple[Tensor, Tensor]:
        """See ``ResidualDiffusion``: every third feature of the reference date alone."""
        features = self.encoder.features(self.normalise(filled_reference(batch)))
        return torch.cat(features[2::3], dim=1), self.encoder.regress(features[-1])
