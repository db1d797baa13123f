"""SR3: image super-resolution via iterative refinement (Saharia et al. 2022, arXiv:2104.07636).

A U-Net on the fine grid, conditioned by the bicubic image, which is stacked with the noisy one, predicts the noise in
sqrt(gamma) y + sqrt(1 - gamma) e (algorithm 1; L1) and is told the noise level itself: sqrt(gamma), drawn uniformly between those of two
neighbouring steps of a linear schedule of T = 2000 (section 2.4). So the schedule of sampling may be another one: 100 of these levels,
each y <- (y - (1 - alpha) / sqrt(1 - gamma) e) / sqrt(alpha) + sqrt(1 - alpha) z (algorithm 2). The U-Net is DDPM's (Ho et al. 2020)
with more residual blocks and self-attention. Its parts are those of the widely used public implementation (Janspiry,
Image-Super-Resolution-via-Iterative-Refinement, 16 to 128 pixels), which fills in what the paper leaves open: group normalisation, Swish,
sines and cosines of the noise level added within each block; 64 channels times (1, 2, 4, 8, 8), two blocks a level: 97,807,491
parameters with three bands.

Deviations:
    - No residual blocks of BigGAN and no skips times 1 / sqrt(2), as in the public implementation.
    - Attention is at a level of the U-Net; the public implementation names it by its size in an image of fixed size, 16 pixels of 128.
    - sqrt(gamma) itself is drawn uniformly between two steps, as in the public implementation; the paper draws gamma.
    - All bands at once; [-1, 1] are ``limit`` spreads about the centre; what is brighter is cut off, and the clean image is held within on
      the way, as in the public implementation.
    - The noise levels of sampling are evenly picked from those of the training; the paper searched for them.
    - The learning rate falls along a cosine; no dropout (0.2 there).
    - The input is the reference date with its cloudy pixels filled.

Group normalisation and attention see the whole image: unlike this project's own network, its result depends on where a tile ends.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core import sensor
from sitsr_core.baselines.views import BaselineConfig, Normalisation, padded_series, side_multiple
from sitsr_core.models.network import SeriesBatch, filled_reference

FIRST_BETA, LAST_BETA = 1e-6, 1e-2  # of the training's steps
GROUPS = 32
FREQUENCIES = 10_000.0

PredictNoise = Callable[[Tensor, Tensor], Tensor]  # (y, sqrt(gamma) (B,)) -> epsilon


@dataclass
class Sr3Config(BaselineConfig):
    """The public implementation's sizes by default.

    Attributes:
        width, multipliers: channels of the U-Net's first level, and of each level in units of it.
        blocks: residual blocks of a level, on the way down; one more on the way up.
        attention: levels with self-attention, the finest being 0; the middle always has it.
        steps, sampling_steps: T of the training's schedule, and steps in which an image is drawn.
        limit: normalised pixels beyond so many spreads from the centre are cut off.
    """

    width: int = 64
    multipliers: tuple[int, ...] = (1, 2, 4, 8, 8)
    blocks: int = 2
    attention: tuple[int, ...] = (3,)
    steps: int = 2000
    sampling_steps: int = 100
    limit: float = 5.0


def linear_gammas(steps: int, picked: int) -> Tensor:
    """Cumulated alphas of a linear schedule of ``steps``; ``picked`` of them, evenly spread up to the last: (picked,) float64."""
    gammas = torch.cumprod(1 - torch.linspace(FIRST_BETA, LAST_BETA, steps, dtype=torch.float64), dim=0)
    return gammas[torch.arange(1, picked + 1) * steps // picked - 1]


def draw_levels(samples: int, gammas: Tensor, generator: torch.Generator) -> Tensor:
    """sqrt(gamma), uniform between those of a random step and of the one before it (section 2.4): (samples,) float32."""
    bounds = torch.cat([torch.ones(1, dtype=gammas.dtype), gammas.cpu()]).sqrt()
    step = torch.randint(1, len(bounds), (samples,), generator=generator)
    share = torch.rand(samples, generator=generator, dtype=torch.float64)
    return (bounds[step] + share * (bounds[step - 1] - bounds[step])).float()


def level_features(level: Tensor, size: int) -> Tensor:
    """Sines, then cosines, of a noise level times 10000^(-i / n), i = 0 .. n - 1, n = size / 2: (B,) -> (B, size)."""
    half = size // 2
    angle = level.float()[:, None] * FREQUENCIES ** (-torch.arange(half, device=level.device) / half)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


def iterative_refinement(predict: PredictNoise, noise: Tensor, gammas: Tensor, generator: torch.Generator) -> Tensor:
    """Algorithm 2 from ``noise`` at the last of the levels; the clean image is held within [-1, 1] on the way."""
    y = noise
    for t in reversed(range(len(gammas))):
        gamma, before = float(gammas[t]), float(gammas[t - 1]) if t else 1.0
        alpha, spread = gamma / before, math.sqrt(1 - gamma)
        found = predict(y, torch.full((len(y),), math.sqrt(gamma), device=y.device))
        clean = ((y - spread * found) / math.sqrt(gamma)).clamp(-1, 1)
        found = (y - math.sqrt(gamma) * clean) / spread
        y = (y - (1 - alpha) / spread * found) / math.sqrt(alpha)
        if t:
            y = y + math.sqrt(1 - alpha) * torch.randn(y.shape, generator=generator).to(y.device)
    return y


def _norm(width: int) -> nn.GroupNorm:
    return nn.GroupNorm(math.gcd(GROUPS, width), width)


class LevelBlock(nn.Module):
    """Two convolutions behind normalisation and Swish, the noise level added between them, within a residual; then attention, if any."""

    def __init__(self, inputs: int, outputs: int, level: int, attention: bool):
        super().__init__()
        self.level = nn.Linear(level, outputs)
        self.norm1, self.conv1 = _norm(inputs), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2, self.conv2 = _norm(outputs), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.attention = SelfAttention(outputs) if attention else nn.Identity()

    def forward(self, x: Tensor, level: Tensor) -> Tensor:
        """x (B, inputs, h, w), level (B, level) -> (B, outputs, h, w)."""
        hidden = self.conv1(F.silu(self.norm1(x))) + self.level(level)[:, :, None, None]
        return self.attention(self.conv2(F.silu(self.norm2(hidden))) + self.skip(x))


class SelfAttention(nn.Module):
    """Every pixel attends to all of the image, with one head, within a residual."""

    def __init__(self, width: int):
        super().__init__()
        self.norm = _norm(width)
        self.query_key_value = nn.Conv2d(width, 3 * width, 1, bias=False)
        self.leave = nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        query, key, value = self.query_key_value(self.norm(x)).flatten(2).mT.contiguous().chunk(3, dim=2)
        found = F.scaled_dot_product_attention(query, key, value)
        return x + self.leave(found.mT.unflatten(2, x.shape[2:]))


class LevelUnet(nn.Module):
    """(noisy and condition (B, 2 C, H, W), sqrt(gamma) (B,)) -> noise (B, C, H, W); H and W multiples of 2^(levels - 1)."""

    def __init__(self, bands: int, config: Sr3Config):
        super().__init__()
        self.width = width = config.width
        self.level = nn.Sequential(nn.Linear(width, 4 * width), nn.SiLU(), nn.Linear(4 * width, width))
        self.first = nn.Conv2d(2 * bands, width, 3, padding=1)
        widths, inputs, seen = [width * m for m in config.multipliers], width, [width]
        self.down, self.shrink = nn.ModuleList(), nn.ModuleList()
        for number, outputs in enumerate(widths):
            blocks = nn.ModuleList()
            for _ in range(config.blocks):
                blocks.append(LevelBlock(inputs, outputs, width, number in config.attention))
                inputs = outputs
                seen.append(outputs)
            self.down.append(blocks)
            if number + 1 < len(widths):
                self.shrink.append(nn.Conv2d(outputs, outputs, 3, 2, padding=1))
                seen.append(outputs)
        self.middle = nn.ModuleList(LevelBlock(inputs, inputs, width, attention) for attention in (True, False))
        self.up, self.grow = nn.ModuleList(), nn.ModuleList()
        for number, outputs in reversed(list(enumerate(widths))):
            blocks = nn.ModuleList()
            for _ in range(config.blocks + 1):
                blocks.append(LevelBlock(inputs + seen.pop(), outputs, width, number in config.attention))
                inputs = outputs
            self.up.append(blocks)
            if number:
                self.grow.append(nn.Conv2d(outputs, outputs, 3, padding=1))
        self.norm, self.last = _norm(inputs), nn.Conv2d(inputs, bands, 3, padding=1)

    def forward(self, x: Tensor, level: Tensor) -> Tensor:
        """See the class."""
        embedded = self.level(level_features(level, self.width))
        x = self.first(x)
        states = [x]
        for number, blocks in enumerate(self.down):
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, embedded)
                states.append(x)
            if number < len(self.shrink):
                x = self.shrink[number](x)
                states.append(x)
        for block in self.middle:
            x = block(x, embedded)
        for number, blocks in enumerate(self.up):
            for block in blocks:  # type: ignore[attr-defined]
                x = block(torch.cat([x, states.pop()], dim=1), embedded)
            if number < len(self.grow):
                x = self.grow[number](F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return self.last(F.silu(self.norm(x)))


class Sr3(nn.Module):
    """The reference date in, a draw of its fine image out. See the module."""

    gammas: Tensor
    sampling_gammas: Tensor

    def __init__(self, config: Sr3Config | None = None):
        super().__init__()
        self.config = config = config or Sr3Config()
        self.normalise = Normalisation(config)
        self.unet = LevelUnet(len(config.bands), config)
        self.register_buffer("gammas", linear_gammas(config.steps, config.steps), persistent=False)
        self.register_buffer("sampling_gammas", linear_gammas(config.steps, config.sampling_steps), persistent=False)

    def scaled(self, image: Tensor) -> Tensor:
        """Reflectance (B, given, H, W) -> all bands within [-1, 1]."""
        return (self.normalise(image) / self.config.limit).clamp(-1, 1)

    def condition(self, batch: SeriesBatch) -> Tensor:
        """The scaled bicubic image of the reference date (B, C, factor h, factor w)."""
        return self.scaled(sensor.upsample(filled_reference(batch), self.config.factor))

    def predict_noise(self, noisy: Tensor, level: Tensor, condition: Tensor) -> Tensor:
        """The noise in a noisy scaled image (B, C, H, W) of noise level sqrt(gamma) (B,), float32."""
        stacked = torch.cat([condition, noisy], dim=1).contiguous(memory_format=torch.channels_last)
        return self.unet(stacked, level).float()

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """One draw: (B, given, factor h, factor w) reflectance. Uses the reference date alone."""
        factor, given = self.config.factor, batch.reflectance.shape[2]
        height, width = (factor * side for side in batch.clear.shape[-2:])
        condition = self.condition(padded_series(batch, side_multiple(len(self.config.multipliers), factor)))
        present = (torch.arange(condition.shape[1], device=condition.device) < given).view(1, -1, 1, 1)  # as in training

        def predict(noisy: Tensor, level: Tensor) -> Tensor:
            return self.predict_noise(noisy * present, level, condition)

        noise = torch.randn(condition.shape, generator=generator).to(condition.device)
        drawn = iterative_refinement(predict, noise, self.sampling_gammas, generator)[..., :height, :width]
        return self.normalise.inverse(self.config.limit * drawn, given)
