"""The one residual block that every part of the network is made of."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.models.trim import NO_SIDE, Trim

BLOCK_RADIUS = 2  # pixels that an output pixel sees around itself


class Convolution(nn.Conv2d):
    """3 x 3 with zeros beyond the edge; ``trim`` leaves out the pixel that sees them, and where that is all sides, does not compute it."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs, 3, padding=1)

    def forward(self, input: Tensor, trim: Trim = NO_SIDE) -> Tensor:
        """(B, inputs, h, w) -> (B, outputs, h, w), less a pixel on each side of ``trim``."""
        if trim.everywhere:
            return F.conv2d(input, self.weight, self.bias)
        return trim.crop(F.conv2d(input, self.weight, self.bias, padding=1), 1)


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

    def forward(self, x: Tensor, condition: Tensor | None = None, trim: Trim = NO_SIDE) -> Tensor:
        """x (B, width, h, w); condition (B, condition); ``trim`` leaves out ``BLOCK_RADIUS`` pixels on each of its sides."""
        hidden = self.conv1(x, trim)
        if self.modulation is not None:
            scale, offset = self.modulation(condition)[:, :, None, None].chunk(2, dim=1)
            hidden = hidden * (1 + scale) + offset
        # In place what autograd does not need: memory is what these two wait for.
        return self.conv2(hidden.relu_(), trim).add_(trim.crop(x, BLOCK_RADIUS))


def through(blocks: nn.ModuleList, features: Tensor, trim: Trim) -> Tensor:
    """Features (B, width, h, w) through residual blocks, less their radius on each side of ``trim``."""
    for block in blocks:
        features = block(features, trim=trim.by_layer)
    return trim.at_end.crop(features, BLOCK_RADIUS * len(blocks))
