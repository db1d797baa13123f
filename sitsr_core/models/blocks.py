"""The one residual block that every part of the network is made of."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BLOCK_RADIUS = 2  # pixels that an output pixel sees around itself


def cropped(images: Tensor, pixels: int) -> Tensor:
    """Without ``pixels`` on each of the four sides: (..., h, w) -> (..., h - 2 pixels, w - 2 pixels)."""
    return images[..., pixels : images.shape[-2] - pixels, pixels : images.shape[-1] - pixels]


class Convolution(nn.Conv2d):
    """3 x 3 with zeros beyond the edge; ``trim`` leaves out the pixel on each side that sees them, and does not compute it."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs, 3, padding=1)

    def forward(self, input: Tensor, trim: bool = False) -> Tensor:
        """(B, inputs, h, w) -> (B, outputs, h, w), or 2 less along each axis."""
        return F.conv2d(input, self.weight, self.bias, padding=0 if trim else 1)


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(x))), optionally scaled and shifted per channel by a vector.

    There is no normalisation: statistics over space would make seams.
    """

    def __init__(self, width: int, condition: int = 0):
        super().__init__()
        self.conv1 = Convolution(width, width)
        self.conv2 = Convolution(width, width)
        self.modulation = nn.Linear(condition, 2 * width) if condition else None
        with torch.no_grad():
            self.conv2.weight.mul_(0.1)

    def forward(self, x: Tensor, condition: Tensor | None = None, trim: bool = False) -> Tensor:
        """x (B, width, h, w); condition (B, condition); ``trim`` leaves out the ``BLOCK_RADIUS`` pixels on each side that feel the edge."""
        hidden = self.conv1(x, trim)
        if self.modulation is not None:
            scale, offset = self.modulation(condition)[:, :, None, None].chunk(2, dim=1)
            hidden = hidden * (1 + scale) + offset
        # In place what autograd does not need: memory is what these two wait for.
        return self.conv2(hidden.relu_(), trim).add_(cropped(x, BLOCK_RADIUS) if trim else x)
