"""One date as the sensor sees it: blur and sampling at a sub-pixel shift, clouds with their shadows, noise."""

from collections.abc import Sequence

import torch
from torch import Tensor

from sitsr_core import sensor
from sitsr_core.datasets.simulate import sampling_matrix, smooth_field

SEEN_CLOUD = 0.05  # opacity from which a pixel is not clear
SHADOW = (4, -3)  # coarse pixels from a cloud to its shadow


def project(fine: Tensor, bands: Sequence[str], shift: Tensor, size: tuple[int, int]) -> Tensor:
    """The sensor's blur and sampling at a sub-pixel shift (2,): (C, 4h + 2 MARGIN, 4w + 2 MARGIN) or more -> (C, h, w)."""
    sigma = torch.tensor([sensor.psf_sigma(band) for band in bands])
    rows = sampling_matrix(shift[0].expand(len(bands)), sigma, size[0], fine.shape[1])
    columns = sampling_matrix(shift[1].expand(len(bands)), sigma, size[1], fine.shape[2])
    return rows @ fine @ columns.transpose(-1, -2)


def field(size: tuple[int, int], generator: torch.Generator) -> Tensor:
    """A smooth random field, (h, w), with a standard deviation of 1."""
    values = smooth_field((1, 1), max(size), 4, generator)[0, 0, : size[0], : size[1]]
    return (values - values.mean()) / values.std()


def pass_clouds(pixels: Tensor, cloud: Tensor, cover: float) -> tuple[Tensor, Tensor]:
    """Clouds where ``cloud`` (h, w) is highest, over the share ``cover`` of the image, and their shadows: pixels, clear mask (h, w)."""
    opacity = torch.zeros(cloud.shape)
    if cover:
        opacity = torch.sigmoid(8 * (cloud - cloud.quantile(1 - cover)))
        shade = 1 - 0.5 * opacity.roll(SHADOW, (0, 1)) * (1 - opacity)
        white = 0.45 + 0.15 * cloud.clamp(-1, 1)
        pixels = pixels * shade * (1 - opacity) + white * opacity
    return pixels, ~((opacity > SEEN_CLOUD) | (opacity.roll(SHADOW, (0, 1)) > SEEN_CLOUD))


def add_noise(pixels: Tensor, std: float, generator: torch.Generator) -> Tensor:
    """Noise of ``std`` at a reflectance of 0.15; it grows with the square root of the signal."""
    return pixels + std * torch.sqrt(0.3 + 0.7 * pixels.clamp(min=0) / 0.15) * torch.randn(pixels.shape, generator=generator)
