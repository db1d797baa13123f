"""What the clear dates nearest in time show together."""

import torch
from torch import Tensor

FILL_DAYS = 30.0  # a date counts with weight exp(-|days| / FILL_DAYS)


def composite(reflectance: Tensor, clear: Tensor, days: Tensor) -> Tensor:
    """Weighted mean over clear dates, (B, C, h, w); 0 where there is none.

    Args:
        reflectance: (B, T, C, h, w).
        clear: (B, T, h, w) 0 or 1.
        days: (B, T) from the target date.
    """
    weight = clear * torch.exp(-days.abs() / FILL_DAYS).clamp(min=1e-6)[..., None, None]
    return (weight[:, :, None] * reflectance).sum(1) / weight.sum(1).clamp(min=1e-12)[:, None]
