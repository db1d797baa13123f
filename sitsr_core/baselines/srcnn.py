"""SRCNN: a deep convolutional network for image super-resolution (Dong et al. 2014, arXiv:1501.00092 in its journal form), section 3.

The coarse image is interpolated bicubically to the fine grid; three convolutions follow (section 3.1): patch extraction (equation 1),
non-linear mapping (equation 2) and reconstruction (equation 3), with rectifiers after the first two. f1-f2-f3 = 9-1-5 with 64 and 32
channels is the paper's usual network, 9-5-5 its largest (section 4.3.2).

Deviations:
    - All bands at once instead of luminance; pixels are normalised by band.
    - Padding by the edge's pixels; the paper trains without padding. The outermost pixels count for no loss here either.
    - PyTorch's usual initial weights instead of N(0, 0.001^2), and one learning rate instead of a smaller one for the last layer: neither
      gets far in a short training.
    - The loss is this project's, for all, instead of the mean squared error (equation 4).
    - The input is the reference date with its cloudy pixels filled.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sitsr_core import sensor
from sitsr_core.baselines.views import BaselineConfig, Normalisation
from sitsr_core.models.network import SeriesBatch, filled_reference


@dataclass
class SrcnnConfig(BaselineConfig):
    """``kernels`` f1, f2, f3 (odd) and ``widths`` n1, n2; the paper's 9-1-5 by default. Raises ValueError for other numbers of them."""

    kernels: tuple[int, ...] = (9, 1, 5)
    widths: tuple[int, ...] = (64, 32)


def _convolution(inputs: int, outputs: int, kernel: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, padding_mode="replicate")


class Srcnn(nn.Module):
    """The reference date in, its fine image out. See the module."""

    def __init__(self, config: SrcnnConfig | None = None):
        super().__init__()
        self.config = config = config or SrcnnConfig()
        if len(config.kernels) != 3 or len(config.widths) != 2 or any(kernel % 2 == 0 for kernel in config.kernels):
            raise ValueError(f"three odd kernels and two widths are needed, not {config.kernels} and {config.widths}")
        bands, (first, second) = len(config.bands), config.widths
        self.normalise = Normalisation(config)
        self.extract = _convolution(bands, first, config.kernels[0])
        self.map = _convolution(first, second, config.kernels[1])
        self.reconstruct = _convolution(second, bands, config.kernels[2])

    def forward(self, batch: SeriesBatch) -> Tensor:
        """(B, given, factor h, factor w) reflectance."""
        coarse = filled_reference(batch)
        hidden = torch.relu(self.extract(self.normalise(sensor.upsample(coarse, self.config.factor))))
        return self.normalise.inverse(self.reconstruct(torch.relu(self.map(hidden))), coarse.shape[1])

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """(B, given, factor h, factor w) reflectance; nothing is drawn."""
        return self(batch)
