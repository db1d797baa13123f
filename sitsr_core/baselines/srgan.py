"""SRGAN: photo-realistic super-resolution with a generative adversarial network (Ledig et al. 2017, arXiv:1609.04802).

The generator is SRResNet (section 2.1.1, figure 4): a 9x9 convolution, 16 residual blocks of two 3x3 convolutions with batch
normalisation and PReLU, one more with a long skip, two sub-pixel convolutions, a 9x9 convolution. The discriminator (figure 4) has eight
convolutions from 64 to 512 channels, every other of stride 2, and two dense layers. The perceptual loss (section 2.2, equation 3) is
0.006 (1 / 12.75^2) times the squared error of VGG19's features after the rectifier before the fifth pooling (VGG54, equation 5), plus
0.001 times the adversarial loss -log D(G) (equation 6). The generator first learns by the squared error of pixels alone (section 3.2).

Deviations:
    - Without VGG's weights the content loss is the squared error of pixels (equation 4): the paper's SRGAN-MSE (section 3.4).
    - All bands at once; pixels are normalised by band instead of brought to [0, 1] and [-1, 1].
    - One training whose rate falls along a cosine, half of it without the adversary (``pretraining``), instead of 10^6 steps of SRResNet
      and 2 x 10^5 of SRGAN.
    - The discriminator's sigmoid is part of the loss, and a patch of any size is averaged to the 6 by 6 that follow from the paper's
      96 pixels: a patch of 28 coarse pixels is 96 fine ones without the border that is learned from.
    - At a factor that is no power of two there is one sub-pixel convolution.
    - The input is the reference date with its cloudy pixels filled.

Batch normalisation is the paper's, in the generator too. In use its statistics are fixed, so that the result does not depend on tiles.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from sitsr_core.baselines.adversarial import AdversarialObjective
from sitsr_core.baselines.batch_norm import BatchNorm
from sitsr_core.baselines.content import Content, absolute, squared
from sitsr_core.baselines.discriminator import VggDiscriminator
from sitsr_core.baselines.pixel_shuffle import pixel_shuffles
from sitsr_core.baselines.views import BaselineConfig, Normalisation
from sitsr_core.models.network import SeriesBatch, filled_reference

VGG_UNIT = 1 / 12.75


@dataclass
class SrganConfig(BaselineConfig):
    """The paper's sizes by default.

    Attributes:
        width, blocks: channels and residual blocks of the generator.
        stages: channels of the discriminator's stages; each halves the image.
        hidden: channels between its dense layers.
    """

    width: int = 64
    blocks: int = 16
    stages: tuple[int, ...] = (64, 128, 256, 512)
    hidden: int = 1024


class NormalisedBlock(nn.Module):
    """x + norm(conv(prelu(norm(conv(x)))))."""

    def __init__(self, width: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1), BatchNorm(width), nn.PReLU(), nn.Conv2d(width, width, 3, padding=1), BatchNorm(width)
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        return x + self.layers(x)


class Srgan(nn.Module):
    """SRResNet: the reference date in, its fine image out. See the module."""

    def __init__(self, config: SrganConfig | None = None):
        super().__init__()
        self.config = config = config or SrganConfig()
        bands, width = len(config.bands), config.width
        self.normalise = Normalisation(config)
        self.first = nn.Sequential(nn.Conv2d(bands, width, 9, padding=4), nn.PReLU())
        self.blocks = nn.Sequential(*(NormalisedBlock(width) for _ in range(config.blocks)))
        self.join = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), BatchNorm(width))
        self.up = pixel_shuffles(width, config.factor, nn.PReLU)
        self.last = nn.Conv2d(width, bands, 9, padding=4)

    def forward(self, batch: SeriesBatch) -> Tensor:
        """(B, given, factor h, factor w) reflectance."""
        coarse = filled_reference(batch)
        first = self.first(self.normalise(coarse).contiguous(memory_format=torch.channels_last))
        return self.normalise.inverse(self.last(self.up(first + self.join(self.blocks(first)))), coarse.shape[1])

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """(B, given, factor h, factor w) reflectance; nothing is drawn."""
        return self(batch)


def srgan_discriminator(config: Any) -> VggDiscriminator:
    """Figure 4's, of a configuration with ``stages`` and ``hidden``: 96 pixels a side end as 6."""
    return VggDiscriminator(len(config.bands), config.stages, side=6, hidden=config.hidden)


SRGAN_OBJECTIVE = AdversarialObjective(
    discriminator=srgan_discriminator,
    content=Content(
        pixel=absolute, pixel_weight=0.0, feature=squared, feature_weight=VGG_UNIT**2, activated=True,
        substitute=squared, words="squared error of pixels (SRGAN-MSE)",
    ),
    weight=1e-3,
    first=squared,
)  # fmt: skip
