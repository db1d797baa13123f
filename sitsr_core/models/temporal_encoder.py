"""The conditional temporal encoder: every date is encoded with its sub-pixel shift, then fused pixel by pixel by attention over dates.

After HighRes-net (Deudon et al. 2020: each view is encoded together with a reference) and L-TAE (Garnot and Landrieu 2020: light
attention over dates), with three differences: the query comes from the reference date, cloudy dates are masked in the attention,
and each date's sub-pixel shift steers the first convolution (its kernel is a quadratic polynomial of the shift).
"""

import math

import torch
from einops import rearrange
from torch import Tensor, nn

from sitsr_core.models.blocks import ResidualBlock

POSITION_SIZE = 16
MASKED = -1e4
MAX_SHIFT = 2.0  # coarse pixels; beyond it a polynomial of the shift would run away


def position_encoding(days: Tensor, size: int = POSITION_SIZE) -> Tensor:
    """PE(d)_{2j,2j+1} = sin, cos(d * 1000^(-j/J)): (B, T) signed days -> (B, T, size)."""
    half = size // 2
    angle = days.float()[..., None] * 1000.0 ** (-torch.arange(half, device=days.device) / half)
    return torch.cat([angle.sin(), angle.cos()], dim=-1)


def shift_polynomial(shift: Tensor) -> Tensor:
    """Monomials 1, y, x, y^2, xy, x^2 of the shift: (B, T, 2) -> (B, T, 6)."""
    y, x = shift.clamp(-MAX_SHIFT, MAX_SHIFT).unbind(-1)
    return torch.stack([torch.ones_like(y), y, x, y * y, x * y, x * x], dim=-1)


class TemporalEncoder(nn.Module):
    """(B, T, C, h, w) and what is known of each date -> fused features (B, 2 width + 1, h, w).

    Any T >= 1; the order of the dates does not matter.
    """

    def __init__(self, bands: int, width: int, blocks: int, heads: int):
        super().__init__()
        self.heads = heads
        inputs = 6 * bands + bands + 5 + 5  # steered pixels, reference, shift monomials, two clear masks and three flags
        self.stem = nn.Conv2d(inputs, width, 3, padding=1)
        self.blocks = nn.ModuleList(ResidualBlock(width) for _ in range(blocks))
        self.query = nn.Conv2d(width, width, 1)
        self.key_value = nn.Conv2d(width, 2 * width, 1)
        self.key_position = nn.Linear(POSITION_SIZE, width)

    @property
    def radius(self) -> int:
        """Coarse pixels that a feature sees around itself."""
        return 1 + 2 * len(self.blocks)

    def forward(self, pixels: Tensor, clear: Tensor, shift: Tensor, shift_known: Tensor, days: Tensor, reference: Tensor) -> Tensor:
        """Encode and fuse: (B, 2 width + 1, h, w), the fused dates, the reference's own features and log(1 + clear dates).

        Args:
            pixels: (B, T, C, h, w) normalised reflectance, 0 where not clear.
            clear: (B, T, h, w) 0 or 1.
            shift: (B, T, 2) coarse pixels against the reference date.
            shift_known: (B, T) 0 or 1.
            days: (B, T) days from the target date.
            reference: (B,) index of the reference date.
        """
        batch, dates, _, height, width = pixels.shape
        row = torch.arange(batch, device=pixels.device)

        def plane(values: Tensor) -> Tensor:  # (B, T, k) -> (B, T, k, h, w)
            return values[..., None, None].to(pixels.dtype).expand(*values.shape, height, width)

        monomials = shift_polynomial(shift * shift_known[..., None]).to(pixels.dtype)
        steered = rearrange(pixels[:, :, None] * monomials[..., None, None, None], "b t m c h w -> b t (m c) h w")
        is_reference = torch.zeros_like(shift_known).scatter_(1, reference[:, None], 1.0)
        # The third flag is always 1: a plane that lets the first convolution tell the image from the zeros around it.
        flags = torch.stack([shift_known, is_reference, torch.ones_like(shift_known)], dim=-1)
        stacked = torch.cat(
            [
                steered,
                pixels[row, reference][:, None].expand(-1, dates, -1, -1, -1),
                clear[:, :, None].to(pixels.dtype),
                clear[row, reference][:, None, None].expand(-1, dates, -1, -1, -1).to(pixels.dtype),
                plane(monomials[..., 1:]),
                plane(flags),
            ],
            dim=2,
        )
        z = self.stem(stacked.flatten(0, 1).contiguous(memory_format=torch.channels_last))
        for block in self.blocks:
            z = block(z)
        return self._fuse(z, clear, days, reference)

    def _fuse(self, z: Tensor, clear: Tensor, days: Tensor, reference: Tensor) -> Tensor:
        """Per-pixel attention over dates. z (B*T, width, h, w) -> (B, 2 width + 1, h, w)."""
        batch, dates = clear.shape[:2]
        z_reference = rearrange(z, "(b t) c h w -> b t c h w", b=batch)[torch.arange(batch, device=z.device), reference]
        query = rearrange(self.query(z_reference.contiguous(memory_format=torch.channels_last)), "b (n c) h w -> b n c h w", n=self.heads)
        key, value = rearrange(self.key_value(z), "(b t) (k n c) h w -> k b t n c h w", b=batch, k=2, n=self.heads)
        # A bias of the key is a bias of the logit: q . PE(d) is a product of small tensors instead of one over all key pixels.
        position = rearrange(self.key_position(position_encoding(days).to(z.dtype)), "b t (n c) -> b t n c", n=self.heads)
        logits = [(query * key[:, i]).sum(2) + torch.einsum("bnchw,bnc->bnhw", query, position[:, i].to(query.dtype)) for i in range(dates)]
        logit = torch.stack(logits, dim=1).float() / math.sqrt(query.shape[2])
        weight = torch.softmax(logit + MASKED * (1 - clear.float())[:, :, None], dim=1).to(z.dtype)
        fused = sum(weight[:, i, :, None] * value[:, i] for i in range(dates))
        count = torch.log1p(clear.float().sum(1, keepdim=True)).to(z.dtype)
        return torch.cat([rearrange(fused, "b n c h w -> b (n c) h w"), z_reference, count], dim=1)
