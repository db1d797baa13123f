"""What each date would have shown of a fine image: the observation operator A at the date's own sub-pixel shift.

The difference to what the date did show is the gradient of the data term that model-based super-resolution descends; one such step
within a network is unrolled data fidelity (as in Kawulok et al. 2021's and Bhat et al. 2021's learned multi-frame reconstruction).
"""

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
    """The transpose of ``seen_by_dates``, summed over dates: (B, T, C, h, w) -> (B, C factor^2, h, w), float32.

    Fine pixels are channels of their coarse pixel, as ``pixel_unshuffle`` orders them. The edge is as if there were zeros beyond it.
    """
    with torch.autocast(values.device.type, enabled=False):
        # The weights of a fine pixel's coarse neighbours are the PSF's, mirrored; dates are inputs of a convolution, bands its groups.
        rows, columns = (shifted_psf(along, sigma, factor).unflatten(-1, (-1, factor)).flip(-2) for along in shift.unbind(-1))
        kernels = torch.einsum("btciy,btcjx->bcyxtij", rows, columns).flatten(1, 3)
        images = values.float().transpose(1, 2).flatten(1, 2).contiguous(memory_format=torch.channels_last)
        groups = values.shape[2]
        with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):  # on a GPU too what is called float32 is to be float32
            spread = [functional.conv2d(i, k, padding=SEEN_RADIUS, groups=groups) for i, k in zip(images.split(1), kernels, strict=True)]
        return torch.cat(spread)


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
