"""S2GAN: the Sentinel-2 super-resolution GAN of Zhang, Sumbul and Demir (2020, arXiv:1912.06013, M2GARSS).

It sharpens the 20 m and 60 m bands of Sentinel-2 with the guidance of its 10 m bands. A generator of convolutions with residual connections
and a long skip from its (interpolated) input to its output; a discriminator that describes an image by its features and classifies it as
real or generated; both learn as in a min-max game.

Only the paper's abstract could be read here. What it does not say is filled from what it builds on, and marked as an assumption:
    - Sizes of the generator: those of DSen2 (Lanaras et al. 2018, arXiv:1803.04271, section 3.2), which has the same input and the same
      long skip: a convolution, 6 residual blocks of 128 channels (two convolutions with a rectifier between, no normalisation, times
      0.1), a convolution.
    - Discriminator and weights of the losses: SRGAN's (Ledig et al. 2017, figure 4 and equation 3), whose game it is; L1 distance of pixels
      as DSen2 (section 3.3), plus 0.001 times the adversarial loss.

Deviations:
    - No guidance: there all bands are at most 10 m, and here they are to become finer than that. The input is bicubically interpolated to
      the fine grid, as the coarser bands are there, and nothing is set beside it.
    - Factor 2 and 6 there; any here.
    - Half of the steps are without the adversary (``pretraining``).
    - Pixels are normalised by band; the input is the reference date with its cloudy pixels filled.

The discriminator has batch normalisation, as SRGAN's; the generator has none.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sitsr_core import sensor
from sitsr_core.baselines.adversarial import AdversarialObjective
from sitsr_core.baselines.content import Content, absolute
from sitsr_core.baselines.srgan import srgan_discriminator
from sitsr_core.baselines.views import BaselineConfig, Normalisation
from sitsr_core.models.network import SeriesBatch, filled_reference

BLOCK_SCALE = 0.1


@dataclass
class S2ganConfig(BaselineConfig):
    """DSen2's and SRGAN's sizes by default.

    Attributes:
        width, blocks: channels and residual blocks of the generator.
        stages: channels of the discriminator's stages; each halves the image.
        hidden: channels between its dense layers.
    """

    width: int = 128
    blocks: int = 6
    stages: tuple[int, ...] = (64, 128, 256, 512)
    hidden: int = 1024


class ScaledBlock(nn.Module):
    """x + 0.1 conv(relu(conv(x)))."""

    def __init__(self, width: int):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, H, W) -> the same shape."""
        return x + BLOCK_SCALE * self.layers(x)


class S2gan(nn.Module):
    """The reference date in, its fine image out. See the module."""

    def __init__(self, config: S2ganConfig | None = None):
        super().__init__()
        self.config = config = config or S2ganConfig()
        bands, width = len(config.bands), config.width
        self.normalise = Normalisation(config)
        self.layers = nn.Sequential(
            nn.Conv2d(bands, width, 3, padding=1),
            nn.ReLU(),
            *(ScaledBlock(width) for _ in range(config.blocks)),
            nn.Conv2d(width, bands, 3, padding=1),
        )

    def forward(self, batch: SeriesBatch) -> Tensor:
        """(B, given, factor h, factor w) reflectance."""
        coarse = filled_reference(batch)
        fine = self.normalise(sensor.upsample(coarse, self.config.factor)).contiguous(memory_format=torch.channels_last)
        return self.normalise.inverse(fine + self.layers(fine).float(), coarse.shape[1])

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """(B, given, factor h, factor w) reflectance; nothing is drawn."""
        return self(batch)


S2GAN_OBJECTIVE = AdversarialObjective(
    discriminator=srgan_discriminator,
    content=Content(
        pixel=absolute, pixel_weight=1.0, feature=absolute, feature_weight=0.0, activated=False,
        substitute=absolute, words="L1 of pixels",
    ),
    weight=1e-3,
    first=absolute,
)  # fmt: skip
