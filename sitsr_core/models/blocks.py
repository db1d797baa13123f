"""The one residual block that every part of the network is made of."""

import torch
from torch import Tensor, nn

BLOCK_RADIUS = 2  # pixels that an output pixel sees around itself


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(x))), optionally scaled and shifted per channel by a vector.

    There is no normalisation: statistics over space would make seams.
    """

    def __init__(self, width: int, condition: int = 0):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        self.modulation = nn.Linear(condition, 2 * width) if condition else None
        with torch.no_grad():
            self.conv2.weight.mul_(0.1)

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """x (B, width, h, w); condition (B, condition)."""
        hidden = self.conv1(x)
        if self.modulation is not None:
            scale, offset = self.modulation(condition)[:, :, None, None].chunk(2, dim=1)
            hidden = hidden * (1 + scale) + offset
        return x + self.conv2(torch.relu(hidden))
