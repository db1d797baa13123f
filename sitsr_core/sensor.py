"""Sentinel-2's observation operator A (blur by the band's MTF, decimate by the factor) and back-projection onto it.

Sources: MTF at the Nyquist frequency per band from SupReME (Lanaras et al. 2017); a Gaussian whose MTF at Nyquist is m has
sigma = GSD * sqrt(-2 ln m) / pi. The centre of coarse pixel i lies at fine coordinate factor * i + (factor - 1) / 2: between fine pixels
where the factor is even, on one where it is odd. So is the kernel's length; another would shift the image by half a fine pixel.
"""

import functools
import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

FACTOR = 4
MTF_AT_NYQUIST = {
    "B01": 0.32, "B02": 0.26, "B03": 0.28, "B04": 0.24, "B05": 0.38, "B06": 0.34, "B07": 0.34, "B08": 0.26, "B8A": 0.33, "B09": 0.26,
    "B11": 0.22, "B12": 0.23,
}  # fmt: skip
TAPS_PER_FACTOR = 4  # kernel length in coarse pixels: +-3.4 sigma at the widest band
ROWS_AT_ONCE = 16  # coarse rows that one matrix product makes of fine ones
CUBIC = -0.75  # as torch's bicubic interpolation
NOISE_LEVEL = 0.0006  # reflectance; smaller differences are noise (Sentinel-2: 0.0005 to 0.001) and are not projected back
REGULARISATION = 0.1  # of the inverse of A up, whose spectrum falls from 1 to 0.25; less prints noise into quiet scenes
CORRECTION_RADIUS = 2  # coarse pixels
RELAXATION = 1.5  # of an iteration's correction: three do what six do at 1; below 2, at which they would swing
BACK_PROJECTION_RADIUS = 4 + CORRECTION_RADIUS  # coarse pixels that one iteration reaches: 2 for A, 2 for the bicubic step back
FURTHER_RADIUS = 2  # coarse pixels that each iteration after it reaches beyond, with more weight than float32 rounds away
DARKEST = 0.001  # reflectance; the ground is not darker, unless the sensor said so (atmospheric correction can go below zero)


def psf_sigma(band: str, factor: int = FACTOR) -> float:
    """Standard deviation of the band's point spread function, in fine pixels."""
    return factor * math.sqrt(-2 * math.log(MTF_AT_NYQUIST[band])) / math.pi


def upsample(y: Tensor, factor: int = FACTOR) -> Tensor:
    """Bicubic interpolation with pixel areas aligned: (B, C, h, w) -> (B, C, factor h, factor w), in float32.

    The same as ``functional.interpolate``, as products with one small matrix: on a CPU in a third of the time.
    """
    with torch.autocast(y.device.type, enabled=False):
        weights = _cubic_weights(factor, y.device)
        padded = functional.pad(y.float(), (2, 2, 2, 2), mode="replicate")
        columns = (padded.unfold(-1, 5, 1).reshape(-1, 5) @ weights.T).view(*padded.shape[:-1], -1)  # one product, not one a row
        return (weights @ columns.unfold(-2, 5, 1).transpose(-1, -2)).flatten(-3, -2)


def _cubic_weights(factor: int, device: torch.device) -> Tensor:
    """What each of five neighbours gives to each of the ``factor`` fine pixels of the middle one, (factor, 5); Keys 1981, a = -0.75."""
    centre = (torch.arange(factor, device=device, dtype=torch.float32) + 0.5) / factor - 0.5
    return cubic_kernel(torch.arange(-2, 3, device=device) - centre[:, None], CUBIC)


def cubic_kernel(distance: Tensor, a: float) -> Tensor:
    """Keys's (1981) cubic convolution kernel with the slope ``a`` at 1: weights at distances in pixels, 0 from 2 on."""
    x = distance.abs()
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return torch.where(x < 1, near, torch.where(x < 2, far, torch.zeros_like(x)))


def psf_length(factor: int = FACTOR) -> int:
    """Fine pixels that the kernels span: even for an even factor, odd for an odd one."""
    return TAPS_PER_FACTOR * factor + factor % 2


def psf_kernels(bands: Sequence[str], factor: int = FACTOR) -> Tensor:
    """One-dimensional PSF of each band on the fine grid, (C, ``psf_length``), each summing to one."""
    length = psf_length(factor)
    position = torch.arange(length, dtype=torch.float32) - (length - 1) / 2
    sigma = torch.tensor([psf_sigma(band, factor) for band in bands])
    kernel = torch.exp(-0.5 * (position / sigma[:, None]) ** 2)
    return kernel / kernel.sum(1, keepdim=True)


def observe(x: Tensor, bands: Sequence[str], factor: int = FACTOR) -> Tensor:
    """Operator A: what the sensor would see of a fine image. (B, C, factor h, factor w) -> (B, C, h, w), float32; edges are replicated."""
    kernel = psf_kernels(bands, factor).to(x.device)
    margin = (kernel.shape[1] - factor) // 2
    with torch.autocast(x.device.type, enabled=False):
        padded = functional.pad(x.float(), (margin, margin, margin, margin), mode="replicate")
        return filter_rows(filter_rows(padded, kernel, factor).transpose(-1, -2), kernel, factor).transpose(-1, -2)


def filter_rows(x: Tensor, kernel: Tensor, factor: int) -> Tensor:
    """Every ``factor``-th row of x convolved with its band's kernel (C, taps), where it fits: (B, C, H, W) -> (B, C, h, W).

    Each product makes some rows with one banded matrix: on a CPU in half the time of a convolution with one kernel a channel.
    """
    channels, taps = kernel.shape
    count = (x.shape[-2] - taps) // factor + 1
    band = kernel.new_zeros(channels, ROWS_AT_ONCE, taps + factor * (ROWS_AT_ONCE - 1))
    for row in range(ROWS_AT_ONCE):
        band[:, row, factor * row : factor * row + taps] = kernel
    parts = []
    for first in range(0, count, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, count - first)
        read = taps + factor * (rows - 1)
        parts.append(band[:, :rows, :read] @ x[..., factor * first : factor * first + read, :])
    return torch.cat(parts, dim=-2)


@functools.cache
@torch.inference_mode(False)  # what is kept must not depend on who asked first
@torch.autocast("cpu", enabled=False)
def correction_kernels(bands: tuple[str, ...], factor: int = FACTOR) -> Tensor:
    """One-dimensional inverse of A up on the coarse grid, regularised (Wiener), cut to (C, 2 CORRECTION_RADIUS + 1), summing to one."""
    size = 32
    impulse = torch.zeros(1, len(bands), size + 1, size + 1)
    impulse[:, :, size // 2, size // 2] = 1
    response = observe(upsample(impulse, factor), bands, factor)[0].sum(-1)  # separable, and each axis passes a constant unchanged
    spectrum = torch.fft.fft(torch.fft.ifftshift(response, dim=-1)).real
    inverse = torch.fft.fftshift(torch.fft.ifft(spectrum / (spectrum**2 + REGULARISATION)).real, dim=-1)
    kernel = inverse[:, size // 2 - CORRECTION_RADIUS : size // 2 + CORRECTION_RADIUS + 1]
    return kernel / kernel.sum(1, keepdim=True)


def back_projection_radius(iterations: int) -> int:
    """Coarse pixels around a pixel that its back-projection depends on.

    In principle every iteration reaches as far as the first. But its kernels fade, and their products more so: what lies further out than
    this changes a reflectance by less than 1e-6 when it changes by 0.5 itself (a test holds that), and is not worth being computed.
    """
    return BACK_PROJECTION_RADIUS + FURTHER_RADIUS * (iterations - 1) if iterations else 0


def back_project(x: Tensor, y: Tensor, clear: Tensor, bands: Sequence[str], iterations: int, factor: int = FACTOR) -> Tensor:
    """Pull a super-resolved image towards what was observed: x <- max(x, DARKEST), x <- x + r up(K * (clear * shrink(y - A x))).

    K inverts A up on the coarse grid as far as noise allows, so that one iteration does what two of Landweber's do, and r over-relaxes
    it. ``shrink`` takes NOISE_LEVEL off each difference, so that the noise of y is not printed into x. What is lifted because the ground
    is not so dark is made up for around it (projections onto convex sets, Youla and Webb 1982).

    Args:
        x: (B, C, factor h, factor w) reflectance.
        y: (B, C, h, w) the observed acquisition of the same date.
        clear: (B, 1, h, w), 1 where y is valid and clear; elsewhere x is not pulled.
        bands: the C band names.
        iterations: 0 only lifts what is too dark.
    """
    kernel = correction_kernels(tuple(bands), factor).to(x.device)
    channels, length = kernel.shape
    darkest = functional.interpolate(y.clamp(max=DARKEST), scale_factor=float(factor), mode="nearest")
    for _ in range(iterations):
        x = torch.maximum(x, darkest)
        difference = clear * functional.softshrink(y - observe(x, bands, factor), NOISE_LEVEL)
        rows = functional.conv2d(difference, kernel.view(channels, 1, length, 1), padding=(CORRECTION_RADIUS, 0), groups=channels)
        correction = functional.conv2d(rows, kernel.view(channels, 1, 1, length), padding=(0, CORRECTION_RADIUS), groups=channels)
        x = x + RELAXATION * upsample(correction, factor)
    return torch.maximum(x, darkest)
