"""Noise that looks like what the mean leaves out: the beginning of a draw.

White noise has all frequencies alike and no two bands in common. What a mean leaves out has little below the input's Nyquist frequency,
which was observed, most just above it, less and less beyond, and nearly the same in all visible bands. In a few steps a denoiser cannot
make the one of the other: the power that is missing would stay missing, and colours would stay that no ground has. Diffusion from
correlated noise is that of Voleti et al. 2022 (Score-based denoising diffusion with non-isotropic Gaussian noise models).

The numbers follow what 0.14's ``small`` leaves out with one date, in units of its spread. From 0 to 0.5 cycles per fine pixel, in eight
rings, the power is 0.3, 1.0, 3.5, 2.5, 1.2, 0.7, 0.5, 0.3 on aerial images (simulated, four bands) and 0.3, 1.2, 5.0, 2.8, 1.5, 0.9, 0.5,
0.3 on Sentinel-2 (Boadella); the correlation is 0.7 to 0.9 between visible bands, 0.2 to 0.6 with the near infrared.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from sitsr_core.sensor import FACTOR

FINE, COARSE = 0.7, 1.6  # standard deviations of the two Gaussians whose difference is the filter, in fine pixels at a factor of 4
SHARE = 0.85  # of the wide Gaussian; with 1 nothing would be left of the lowest frequencies
VISIBLE = ("B02", "B03", "B04")
CORRELATION_VISIBLE, CORRELATION = 0.85, 0.4  # between visible bands, and between others


def filter_radius(factor: int) -> int:
    """Fine pixels that the noise at a pixel depends on, on each side."""
    return round(3 * COARSE * factor / FACTOR)


def _filter(factor: int) -> Tensor:
    """(2 radius + 1, 2 radius + 1): a difference of Gaussians that keeps the variance of white noise."""
    position = torch.arange(-filter_radius(factor), filter_radius(factor) + 1).float() * FACTOR / factor
    narrow, wide = (torch.exp(-0.5 * (position / width) ** 2) for width in (FINE, COARSE))
    narrow, wide = (torch.outer(one, one) / one.sum() ** 2 for one in (narrow, wide))
    difference = narrow - SHARE * wide
    return difference / difference.square().sum().sqrt()


def _mixing(bands: tuple[str, ...]) -> Tensor:
    """(C, C), lower triangular, so that a band does not depend on those behind it, which a series may lack."""
    visible = torch.tensor([band in VISIBLE for band in bands])
    correlation = torch.where(visible[:, None] & visible, CORRELATION_VISIBLE, CORRELATION)
    return torch.linalg.cholesky(correlation.fill_diagonal_(1.0))


def detail_noise(white: Tensor, bands: tuple[str, ...], factor: int) -> Tensor:
    """White noise N(0, 1) (B, C, H, W) of these bands -> noise of the detail's spectrum and of variance 1, of the same shape."""
    radius, weight = filter_radius(factor), _filter(factor).to(white.device)
    with torch.autocast(white.device.type, enabled=False):
        padded = F.pad(white.float(), (radius,) * 4, mode="reflect")
        filtered = F.conv2d(padded, weight.expand(len(bands), 1, -1, -1), groups=len(bands))
        return torch.einsum("dc,bchw->bdhw", _mixing(bands).to(white.device), filtered)
