"""The denoiser: a thin U-Net that predicts the path's slope F* (``diffusion.py``) from a noisy residual and from what is refined."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.models.blocks import BLOCK_RADIUS, ResidualBlock
from sitsr_core.models.trim import Trim

TIME_SIZE = 32


def time_encoding(t: Tensor) -> Tensor:
    """(B,) in [0, 1] -> (B, TIME_SIZE) sines and cosines of growing frequency."""
    angle = t.float()[:, None] * math.pi * 2.0 ** torch.linspace(-1, 5, TIME_SIZE // 2, device=t.device)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


@dataclass
class Condition:
    """What all evaluations of a draw are told: fine (B, width, between h, between w) and coarse (B, 2 width, h, w)."""

    fine: Tensor
    coarse: Tensor

    def cropped(self, pixels: int, trim: Trim) -> "Condition":
        """Without ``pixels`` coarse ones on each side of ``trim``."""
        between = self.fine.shape[-1] // self.coarse.shape[-1]
        return Condition(trim.crop(self.fine, between * pixels), trim.crop(self.coarse, pixels))


class Denoiser(nn.Module):
    """(noisy residual (B, C, factor h, factor w), t (B,), a ``condition``) -> F of the residual's shape.

    Two grids: one between, twice as fine as the coarse one for even factors (the fine one itself for 3), with ``width`` channels, and the
    coarse one (h, w) with ``2 width``. All layers are local.
    """

    def __init__(self, bands: int, features: int, width: int, blocks: int, factor: int, guided: bool = True):
        super().__init__()
        self.between = 3 if factor == 3 else 2  # pixels of the grid between in a coarse one
        self.inner = factor // self.between  # fine pixels in one of the grid between
        patch, area = self.inner**2, self.between**2
        self.time = nn.Sequential(nn.Linear(TIME_SIZE, 2 * width), nn.ReLU())
        self.stem = nn.Conv2d(patch * bands, width, 3, padding=1)
        self.condition_fine = nn.Conv2d(features, area * width, 1)
        self.condition_coarse = nn.Conv2d(features, 2 * width, 1)
        self.condition_detail = nn.Conv2d(2 * patch * bands, width, 3, padding=1, bias=False) if guided else None
        self.enter = ResidualBlock(width, 2 * width)
        self.down = nn.Conv2d(area * width, 2 * width, 1)
        self.middle = nn.ModuleList(ResidualBlock(2 * width, 2 * width) for _ in range(blocks))
        self.up = nn.Conv2d(2 * width, area * width, 1)
        self.leave = ResidualBlock(width, 2 * width)
        self.head = nn.Conv2d(width, patch * bands, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        if self.condition_detail is not None:
            nn.init.zeros_(self.condition_detail.weight)

    @property
    def conditioning(self) -> list[nn.Conv2d]:
        """The layers that are evaluated once a draw."""
        return [layer for layer in (self.condition_fine, self.condition_coarse, self.condition_detail) if layer is not None]

    @property
    def radius(self) -> int:
        """Coarse pixels that one evaluation sees around an output pixel: those of the grid between count their share, coarse ones whole."""
        of_between = 1 + 2 + 2 + 1
        return math.ceil(of_between / self.between) + 1 + BLOCK_RADIUS * len(self.middle)

    def condition(self, features: Tensor, detail: Tensor | None) -> Condition:
        """From features (B, F, h, w) and what is refined, mean and logarithm of the spread, (B, 2 C, factor h, factor w)."""
        fine = F.pixel_shuffle(self.condition_fine(features), self.between)
        if self.condition_detail is not None and detail is not None:
            fine = fine + self.condition_detail(F.pixel_unshuffle(detail, self.inner).contiguous(memory_format=torch.channels_last))
        return Condition(fine, self.condition_coarse(features))

    def forward(self, noisy: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """See the class."""
        moment = self.time(time_encoding(t))
        x = self.stem(F.pixel_unshuffle(noisy, self.inner).contiguous(memory_format=torch.channels_last))
        x = self.enter(x + condition.fine, moment)
        coarse = self.down(F.pixel_unshuffle(x, self.between)) + condition.coarse
        for block in self.middle:
            coarse = block(coarse, moment)
        x = self.leave(x + F.pixel_shuffle(self.up(coarse), self.between), moment)
        return F.pixel_shuffle(self.head(x), self.inner)
