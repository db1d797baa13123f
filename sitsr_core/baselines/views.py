"""What every published system is shown of a series: normalised pixels without holes, and how its output becomes reflectance.

Their datasets have no zeroed clouds and always all bands. Here a cloudy pixel of a date is replaced before the network sees it, and a
band that a series lacks is 0 reflectance, as in training.
"""

import math
from dataclasses import asdict, dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.models.network import SeriesBatch


@dataclass
class BaselineConfig:
    """What all baselines are told.

    Attributes:
        bands: names, in the order of the channels; the last may be missing in a series.
        factor: by how much the image grows.
        center, spread: normalised pixel = (reflectance - center) / spread.
    """

    bands: tuple[str, ...] = ("B02", "B03", "B04", "B08")
    factor: int = 4
    center: tuple[float, ...] = (0.10, 0.10, 0.10, 0.22)
    spread: tuple[float, ...] = (0.08, 0.08, 0.10, 0.12)

    def __post_init__(self):
        for name, value in vars(self).items():
            if isinstance(value, list):
                setattr(self, name, tuple(value))

    def to_dict(self) -> dict:
        """Plain values."""
        return asdict(self)


class Normalisation(nn.Module):
    """Between reflectance (..., given, H, W) and normalised pixels of all C bands (..., C, H, W); given <= C."""

    center: Tensor
    spread: Tensor

    def __init__(self, config: BaselineConfig):
        super().__init__()
        self.register_buffer("center", torch.tensor(config.center).view(-1, 1, 1), persistent=False)
        self.register_buffer("spread", torch.tensor(config.spread).view(-1, 1, 1), persistent=False)

    def forward(self, reflectance: Tensor) -> Tensor:
        """Reflectance to normalised pixels; a band that is not given is 0 reflectance."""
        missing = len(self.center) - reflectance.shape[-3]
        return (F.pad(reflectance.float(), (0, 0, 0, 0, 0, missing)) - self.center) / self.spread

    def inverse(self, pixels: Tensor, given: int) -> Tensor:
        """Normalised pixels of all bands to reflectance of the ``given`` first ones."""
        return (pixels.float() * self.spread + self.center)[..., :given, :, :]


def clear_median(batch: SeriesBatch) -> Tensor:
    """Per-pixel median over the clear dates, 0 where no date is clear: (B, C, h, w)."""
    pixels = torch.where(batch.clear[:, :, None] > 0, batch.reflectance, torch.nan)
    return torch.nan_to_num(pixels.nanmedian(1).values)


def filled_views(batch: SeriesBatch, filling: Tensor) -> Tensor:
    """Every date (B, T, C, h, w) with its pixels that are not clear taken from ``filling`` (B, C, h, w)."""
    return torch.where(batch.clear[:, :, None] > 0, batch.reflectance, filling[:, None])


def side_multiple(levels: int, factor: int) -> int:
    """What a series' sides have to be a multiple of for a U-Net of so many levels on the fine grid."""
    side = 2 ** (levels - 1)
    return side // math.gcd(side, factor)


def padded_series(batch: SeriesBatch, multiple: int) -> SeriesBatch:
    """The series with its last row and column repeated until both sides are multiples of ``multiple``."""
    height, width = batch.clear.shape[-2:]
    margin = (0, -width % multiple, 0, -height % multiple)
    if not any(margin):
        return batch
    reflectance = F.pad(batch.reflectance.flatten(0, 1), margin, mode="replicate").unflatten(0, batch.clear.shape[:2])
    return replace(batch, reflectance=reflectance, clear=F.pad(batch.clear, margin, mode="replicate"))
