"""What each date would have shown of a fine image: the observation operator A at the date's own sub-pixel shift.

The difference to what the date did show is the gradient of the data term that model-based super-resolution descends; one such step
within a network is unrolled data fidelity (as in Kawulok et al. 2021's and Bhat et al. 2021's learned multi-frame reconstruction).
"""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

SEEN_RADIUS = 2  # coarse pixels around a pixel that its PSF weighs: at a shift of half a pixel +-3.5 sigma of the widest band
ROWS_AT_ONCE = 16  # coarse rows that one matrix product makes of fine ones


def shifted_psf(shift: Tensor, sigma: Tensor, factor: int) -> Tensor:
    """Weights of the fine pixels of 2 ``SEEN_RADIUS`` + 1 coarse ones: shift (...,) within +-0.5, sigma (C,) -> (..., C, n)."""
    position = torch.arange((2 * SEEN_RADIUS + 1) * factor, device=shift.device, dtype=torch.float32)
    centre = SEEN_RADIUS * factor + (factor - 1) / 2 - factor * shift.float()
    kernel = torch.exp(-0.5 * ((position - centre[..., None, None]) / sigma[:, None]) ** 2)
    return kernel / kernel.sum(-1, keepdim=True)


def seen_by_dates(fine: Tensor, shift: Tensor, sigma: Tensor, factor: int) -> Tensor:
    """What T dates see of a fine image, without the ``SEEN_RADIUS`` coarse pixels on each side that would see beyond it.

    Args:
        fine: (B, C, factor h, factor w).
        shift: (B, T, 2) coarse pixels within +-0.5: content at (r, c) of the image lies at (r + dy, c + dx) of the date.
        sigma: (C,) standard deviations of the bands' point spread functions, fine pixels.
        factor: fine pixels in a coarse one, along an axis.

    Returns:
        (B, T, C, h - 2 SEEN_RADIUS, w - 2 SEEN_RADIUS), float32.
    """
    with torch.autocast(fine.device.type, enabled=False):
        rows, columns = (shifted_psf(along, sigma, factor).transpose(1, 2) for along in shift.unbind(-1))  # (B, C, T, n)
        blurred = _weighed(rows, fine.float()[:, :, None], factor)
        return _weighed(columns, blurred.transpose(-1, -2), factor, together=False).permute(0, 2, 1, 4, 3)


def back_from_dates(values: Tensor, shift: Tensor, sigma: Tensor, factor: int) -> Tensor:
    """The transpose of ``seen_by_dates``, summed over dates: (B, T, C, h, w) -> (B, C, factor h, factor w), float32.

    The edge is as if there were zeros beyond it.
    """
    with torch.autocast(values.device.type, enabled=False):
        rows, columns = (_spreading_band(shifted_psf(along, sigma, factor).transpose(1, 2), factor) for along in shift.unbind(-1))
        values = functional.pad(values.float().transpose(1, 2), (SEEN_RADIUS,) * 4)  # (B, C, T, h, w)
        parts = []
        for some, height in _strips(values):
            across = rows[..., : factor * height, : height + 2 * SEEN_RADIUS] @ some
            parts.append(torch.cat([_summed_over_dates(columns, *piece, factor) for piece in _strips(across.transpose(-1, -2))], -1))
        return torch.cat(parts, dim=-2)


def _strips(values: Tensor) -> Iterator[tuple[Tensor, int]]:
    """Rows for ``ROWS_AT_ONCE`` results at a time, each with ``SEEN_RADIUS`` more on both sides: (..., h + 2 radius, w) cut along h."""
    count = values.shape[-2] - 2 * SEEN_RADIUS
    for first in range(0, count, ROWS_AT_ONCE):
        height = min(ROWS_AT_ONCE, count - first)
        yield values[..., first : first + height + 2 * SEEN_RADIUS, :], height


def _summed_over_dates(band: Tensor, values: Tensor, count: int, factor: int) -> Tensor:
    """band (B, C, T, n, m) of values (B, C, T, m', W), summed over T, turned: (B, C, W, factor count)."""
    matrix = band[..., : factor * count, : count + 2 * SEEN_RADIUS]
    return values.transpose(-1, -2).permute(0, 1, 3, 2, 4).flatten(-2) @ matrix.permute(0, 1, 2, 4, 3).flatten(2, 3)


def _spreading_band(kernel: Tensor, factor: int) -> Tensor:
    """What ``ROWS_AT_ONCE`` coarse rows' fine ones receive from the coarse rows around: (..., n) -> (..., factor rows, rows + 2 radius)."""
    received = kernel.unflatten(-1, (2 * SEEN_RADIUS + 1, factor)).flip(-2).transpose(-1, -2)  # (..., factor, 2 radius + 1)
    rows = [functional.pad(received, (row, ROWS_AT_ONCE - 1 - row)) for row in range(ROWS_AT_ONCE)]
    return torch.stack(rows, dim=-3).flatten(-3, -2)


def _weighed(kernel: Tensor, images: Tensor, factor: int, together: bool = True) -> Tensor:
    """Rows of images (B, C, T or 1, H, W) weighed by each date's kernel (B, C, T, n), every ``factor``-th: (B, C, T, h', W).

    Banded matrices of ``ROWS_AT_ONCE`` rows; where all dates see one image (``together``), the rows of all are one product.
    """
    batch, channels, dates, taps = kernel.shape
    count = (images.shape[-2] - taps) // factor + 1
    read = taps + factor * (ROWS_AT_ONCE - 1)
    band = torch.stack([functional.pad(kernel, (factor * row, read - taps - factor * row)) for row in range(ROWS_AT_ONCE)], dim=3)
    parts = []
    for first in range(0, count, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, count - first)
        size = taps + factor * (rows - 1)
        some = images[..., factor * first : factor * first + size, :]
        matrix = band[..., :rows, :size]
        if together:
            product = matrix.reshape(batch, channels, dates * rows, size) @ some[:, :, 0]
            parts.append(product.unflatten(2, (dates, rows)))
        else:
            parts.append(matrix @ some)
    return torch.cat(parts, dim=-2)
