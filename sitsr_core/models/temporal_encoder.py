"""The conditional temporal encoder: what each date adds to the reference, placed by its sub-pixel shift, fused pixel by pixel.

After HighRes-net (Deudon et al. 2020: each view is encoded together with a reference) and L-TAE (Garnot and Landrieu 2020: light
attention over dates), with three differences: the query comes from the reference date, cloudy dates are masked in the attention, and
what a date holds beyond the reference (its *innovation*) is dealt out to the sub-pixel positions that its shift says it was sampled
at. Summed over dates, innovations and sampling density per position are what a linear estimator would need (Elad and Feuer 1997).
"""

import math
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from sitsr_core import sensor
from sitsr_core.models.blocks import BLOCK_RADIUS, Convolution, ResidualBlock, through
from sitsr_core.models.trim import NO_SIDE, Trim

POSITION_SIZE = 16
MASKED = -1e4
MAX_SHIFT = 2  # coarse pixels; a date further off is taken for one that is this far off
INNOVATION_SCALE = 4.0  # innovations are a few times smaller than the contrast of the image
SAMPLE_WIDTH = 0.8  # fine pixels; how sharply a sample belongs to a sub-pixel position
CUBIC = -0.5
CUBIC_RADIUS = 2
INNOVATION_RADIUS = max(MAX_SHIFT, CUBIC_RADIUS)  # the date is read at whole pixels, the reference within half a pixel of its own
ROWS_AT_ONCE = 32  # of a product with a banded matrix
PIXELS_AT_ONCE = 1 << 16  # the maps of so many pixels stay in the processor's cache


def position_encoding(days: Tensor, size: int = POSITION_SIZE) -> Tensor:
    """PE(d)_{2j,2j+1} = sin, cos(d * 1000^(-j/J)): (B, T) signed days -> (B, T, size)."""
    half = size // 2
    angle = days.float()[..., None] * 1000.0 ** (-torch.arange(half, device=days.device) / half)
    return torch.cat([angle.sin(), angle.cos()], dim=-1)


def cubic_matrix(shift: Tensor, size: int) -> Tensor:
    """Matrices that read a row of ``size`` pixels at r - shift by cubic convolution: (...,) -> (..., size, size)."""
    index = torch.arange(size, device=shift.device, dtype=torch.float32)
    weight = sensor.cubic_kernel((index - index[:, None]) + shift.float()[..., None, None], CUBIC)
    total = weight.sum(-1, keepdim=True)
    # Away from the edge the sum is 1 but for rounding, which would depend on where the row lies.
    return torch.where((total - 1).abs() < 1e-5, weight, weight / total.clamp(min=0.1))


def seen_at(image: Tensor, shift: Tensor) -> Tensor:
    """What dates with these shifts would see of an image: (B, C, h, w), (B, T, 2) coarse pixels within +-1 -> (B, T, C, h, w), float32."""
    rows = cubic_matrix(shift[..., 0], image.shape[-2])[:, :, None]
    columns = cubic_matrix(shift[..., 1], image.shape[-1])[:, :, None]
    across = _banded_product(columns, image.float()[:, None].transpose(-1, -2))
    return _banded_product(rows, across.transpose(-1, -2))


def _banded_product(matrix: Tensor, images: Tensor) -> Tensor:
    """matrix @ images, where the matrix is 0 further than CUBIC_RADIUS + 1 from its diagonal: (..., n, n), (..., n, m)."""
    size, reach = matrix.shape[-1], CUBIC_RADIUS + 1
    parts = []
    for first in range(0, size, ROWS_AT_ONCE):
        low, high = max(0, first - reach), min(size, first + ROWS_AT_ONCE + reach)
        parts.append(matrix[..., first : first + ROWS_AT_ONCE, low:high] @ images[..., low:high, :])
    return torch.cat(parts, dim=-2)


def sampled_positions(shift: Tensor, factor: int) -> Tensor:
    """How much a coarse pixel's sample belongs to each of its factor^2 fine positions: (..., 2) within +-0.5 -> (..., factor^2).

    The centre of a pixel shifted by s lies at fine coordinate (factor - 1) / 2 - factor s of the reference's pixel.
    """
    centre = (factor - 1) / 2 - factor * shift.float()
    distance = torch.arange(factor, device=shift.device) - centre[..., None]
    row, column = torch.exp(-0.5 * (distance / SAMPLE_WIDTH) ** 2).unbind(-2)
    return (row[..., :, None] * column[..., None, :]).flatten(-2)


def move_whole_pixels(images: Tensor, pixels: Tensor) -> Tensor:
    """out(r, c) = images(r + p_y, c + p_x), 0 beyond the edge: images (B, T, ..., h, w), pixels (B, T, 2) whole numbers."""
    if not pixels.any():
        return images
    moved = images.clone()
    for b, t in pixels.any(-1).nonzero().tolist():
        dy, dx = (int(p) for p in pixels[b, t])
        image = images[b, t].roll((-dy, -dx), (-2, -1))
        for axis, step in ((-2, dy), (-1, dx)):
            size = image.shape[axis]
            if step:
                image.narrow(axis, size - step if step > 0 else 0, abs(step)).zero_()
        moved[b, t] = image
    return moved


def to_tokens(images: Tensor) -> Tensor:
    """(..., C, h, w) -> (..., h w, C); nothing moves when the images are channels_last."""
    return rearrange(images, "... c h w -> ... (h w) c")


def to_maps(tokens: Tensor, height: int) -> Tensor:
    """(..., h w, C) -> (..., C, h, w), channels_last; nothing moves."""
    return rearrange(tokens, "... (h w) c -> ... c h w", h=height)


@dataclass
class AlignedDates:
    """The dates as the encoder used them: moved by whole pixels, so that what is left of their shifts lies within half a pixel.

    Attributes:
        pixels: (B, T, C, h, w) normalised reflectance.
        clear: (B, T, h, w) 0 or 1.
        shift: (B, T, 2) coarse pixels within +-0.5.
        positions: (B, T, factor^2) how much a sample belongs to each sub-pixel position.
        gate: (B, T, 1, h, w) 0 to 1, how much of a date's misfit to a draft is to be believed; 0 where the shift is not known.
    """

    pixels: Tensor
    clear: Tensor
    shift: Tensor
    positions: Tensor
    gate: Tensor

    def cropped(self, pixels: int, trim: Trim) -> "AlignedDates":
        """Without ``pixels`` on each side of ``trim``."""
        images = (trim.crop(image, pixels) for image in (self.pixels, self.clear, self.gate))
        return replace(self, **dict(zip(("pixels", "clear", "gate"), images, strict=True)))


class TemporalEncoder(nn.Module):
    """(B, T, C, h, w) and what is known of each date -> fused features (B, ``outputs``, h, w).

    Any T >= 1; the order of the dates does not matter.
    """

    def __init__(self, bands: int, width: int, blocks: int, heads: int, factor: int):
        super().__init__()
        self.heads, self.factor = heads, factor
        self.outputs = 2 * width + 1 + (bands + 1) * factor**2
        self.stem = Convolution(3 * bands + 4, width)  # date, reference, innovation; two clear masks and two flags
        self.stem_positions = nn.Linear(factor**2 * (bands + 1), width, bias=False)
        self.blocks = nn.ModuleList(ResidualBlock(width) for _ in range(blocks))
        self.query = nn.Conv2d(width, width, 1)
        self.key_value = nn.Conv2d(width, 2 * width + 2, 1)  # and the gates of the innovation and of the misfit
        self.key_position = nn.Linear(POSITION_SIZE, width)

    @property
    def radius(self) -> int:
        """Coarse pixels that a feature sees around itself."""
        return INNOVATION_RADIUS + 1 + BLOCK_RADIUS * len(self.blocks)

    def forward(
        self,
        pixels: Tensor,
        filled: Tensor,
        clear: Tensor,
        shift: Tensor,
        shift_known: Tensor,
        days: Tensor,
        reference: Tensor,
        trim: Trim = NO_SIDE,
    ) -> tuple[Tensor, AlignedDates]:
        """Encode and fuse: the fused dates, the reference's own features, log(1 + clear dates), innovations and density per position.

        Args:
            pixels: (B, T, C, h, w) normalised reflectance, 0 where not clear.
            filled: (B, C, h, w) the normalised reference with its cloudy pixels filled.
            clear: (B, T, h, w) 0 or 1.
            shift: (B, T, 2) coarse pixels against the reference date.
            shift_known: (B, T) 0 or 1.
            days: (B, T) days from the target date.
            reference: (B,) index of the reference date.
            trim: sides on which the ``radius`` pixels are left out that feel the edge, and what only they need. The others are the same.
        """
        batch, dates, bands = pixels.shape[:3]
        with torch.autocast(pixels.device.type, enabled=False):  # a small difference of large numbers
            shift = (shift * shift_known[..., None]).clamp(-MAX_SHIFT, MAX_SHIFT)
            whole = shift.round()
            pixels, clear = move_whole_pixels(pixels.float(), whole), move_whole_pixels(clear, whole)
            shift = shift - whole
            innovation = INNOVATION_SCALE * (pixels - seen_at(filled, shift)) * clear[:, :, None]
            positions = sampled_positions(shift, self.factor) * shift_known[..., None]

        pixels, filled, clear, innovation = (trim.crop(image, INNOVATION_RADIUS) for image in (pixels, filled, clear, innovation))
        row = torch.arange(batch, device=pixels.device)
        is_reference = torch.zeros_like(shift_known).scatter_(1, reference[:, None], 1.0)
        known = torch.cat([filled, clear[row, reference][:, None]], dim=1)
        innovation = torch.cat([innovation, clear[:, :, None]], dim=2)
        # The innovation at its sub-pixel position, through a linear layer: the same as a kernel of its own for each date.
        kernel = torch.einsum("btp,opc->btco", positions, self.stem_positions.weight.view(-1, self.factor**2, bands + 1))
        flags = torch.stack([shift_known, is_reference], dim=-1)
        of_dates = [part.flatten(0, 1) for part in (pixels, innovation, flags, kernel)] + [row.repeat_interleave(dates)]
        step = max(1, PIXELS_AT_ONCE // (pixels.shape[-2] * pixels.shape[-1]))
        some = zip(*(part.split(step) for part in of_dates), strict=True)
        z = torch.cat([self._encode(p, i, f, k, known[series], trim) for p, i, f, k, series in some])
        innovation, clear, pixels = (trim.crop(image, self.radius - INNOVATION_RADIUS) for image in (innovation, clear, pixels))
        fused, gates = self._fuse(z, clear, days, reference)
        of_innovation, of_misfit = gates.split(1, dim=2)
        fused = torch.cat([fused, self.placed_sum(innovation, positions, of_innovation * clear[:, :, None]).to(fused.dtype)], dim=1)
        return fused, AlignedDates(pixels, clear, shift, positions, of_misfit * shift_known[..., None, None, None])

    def _encode(self, pixels: Tensor, innovation: Tensor, flags: Tensor, kernel: Tensor, known: Tensor, trim: Trim) -> Tensor:
        """Some dates by themselves: (n, C, h, w), innovation and clear (n, C + 1, h, w), ... -> (n, width, h, w)."""
        flags = flags[..., None, None].expand(-1, -1, *pixels.shape[-2:])
        stacked = torch.cat([pixels, known[:, :-1], innovation, known[:, -1:], flags], dim=1)
        z = self.stem(stacked.contiguous(memory_format=torch.channels_last), trim.by_layer)
        placed = torch.matmul(to_tokens(trim.by_layer.crop(innovation, 1)), kernel)
        z = z.add_(to_maps(placed, z.shape[-2]))
        return trim.at_end.crop(through(self.blocks, z, trim), 1)

    def _fuse(self, z: Tensor, clear: Tensor, days: Tensor, reference: Tensor) -> tuple[Tensor, Tensor]:
        """Per-pixel attention over dates: z (B*T, width, h, w) -> (B, 2 width + 1, h, w) and the two gates (B, T, 2, h, w)."""
        batch, _, height, _ = clear.shape
        width = z.shape[1]
        states = rearrange(z, "(b t) c h w -> b t (h w) c", b=batch)
        of_reference = states[torch.arange(batch, device=z.device), reference]
        assert self.key_value.bias is not None
        sizes = width, width, 2
        key, value, gate = zip(self.key_value.weight.flatten(1).split(sizes), self.key_value.bias.split(sizes), strict=True)
        # Sums over the channels of a head, and copies to them, are products with this matrix of 0 and 1: (width, heads).
        in_head = torch.eye(self.heads, dtype=z.dtype, device=z.device).repeat_interleave(width // self.heads, dim=0)
        query = to_tokens(self.query(to_maps(of_reference, height)))
        # A bias of the key is a bias of the logit: q . PE(d) is a product of small tensors instead of one over all key pixels.
        position = self.key_position(position_encoding(days).to(z.dtype))
        biases = torch.matmul(query, rearrange(position[..., None] * in_head, "b t c n -> b c (t n)")).split(self.heads, dim=-1)
        of_dates = states.unbind(1)
        logits = [torch.matmul(query * F.linear(state, *key), in_head) + bias for state, bias in zip(of_dates, biases, strict=True)]
        clear = clear.float().flatten(2)[..., None]
        logit = torch.stack(logits, dim=1).float() / math.sqrt(width // self.heads)
        weight = torch.softmax(logit + MASKED * (1 - clear), dim=1).to(z.dtype)
        fused = torch.zeros_like(of_reference)
        for share, state in zip(weight.unbind(1), of_dates, strict=True):
            fused = fused + torch.matmul(share, in_head.T) * F.linear(state, *value)
        count = torch.log1p(clear.sum(1)).to(z.dtype)
        return (
            to_maps(torch.cat([fused, of_reference, count], dim=-1), height),
            to_maps(torch.sigmoid(F.linear(states, *gate)), height),
        )

    def placed_sum(self, innovation: Tensor, positions: Tensor, gate: Tensor) -> Tensor:
        """Gated mean of what each date adds at each sub-pixel position, then the density there: (B, (C + 1) factor^2, h, w).

        innovation (B, T, C + 1, h, w), the last channel 1 where clear; positions (B, T, factor^2); gate (B, T, 1, h, w), 0 where not clear.
        """
        channels, height = innovation.shape[2:4]
        summed = torch.matmul(rearrange(gate.float() * innovation, "b t c h w -> b (h w c) t"), positions)
        summed = rearrange(summed, "b (n c) p -> b n c p", c=channels)
        density = summed[:, :, -1:]
        return to_maps(torch.cat([summed[:, :, :-1] / (density + 0.3), torch.log1p(density)], dim=2).flatten(2), height)
