"""The VGG-style discriminators of SRGAN (Ledig et al. 2017, figure 4) and of ESRGAN's public code."""

import torch
from torch import Tensor, nn

from sitsr_core.baselines.batch_norm import BatchNorm

SLOPE = 0.2


def _layer(inputs: int, outputs: int, kernel: int, stride: int, normalised: bool) -> list[nn.Module]:
    norm = [BatchNorm(outputs)] if normalised else []
    return [nn.Conv2d(inputs, outputs, kernel, stride, padding=1), *norm, nn.LeakyReLU(SLOPE)]


class VggDiscriminator(nn.Module):
    """Images (B, bands, H, W) -> one logit each (B, 1), float32: large for what it takes for real.

    Each of the ``stages`` is a convolution and one of stride 2 with a kernel of ``down``, both with batch normalisation, but for the
    first, and leaky rectifiers; two dense layers follow. They expect maps of ``side`` by ``side``: larger or smaller ones are averaged to
    that size first, so that a patch may have any size; a patch of ``side * 2^stages`` pixels is what the papers have.
    """

    def __init__(self, bands: int, stages: tuple[int, ...], side: int, hidden: int, down: int = 3):
        super().__init__()
        layers: list[nn.Module] = []
        for number, (inputs, outputs) in enumerate(zip((bands, *stages[:-1]), stages, strict=True)):
            layers += _layer(inputs, outputs, 3, 1, normalised=number > 0)
            layers += _layer(outputs, outputs, down, 2, normalised=True)
        self.layers = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(side)
        self.judge = nn.Sequential(nn.Linear(stages[-1] * side**2, hidden), nn.LeakyReLU(SLOPE), nn.Linear(hidden, 1))

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        features = self.layers(images.contiguous(memory_format=torch.channels_last))
        return self.judge(self.pool(features).flatten(1)).float()
