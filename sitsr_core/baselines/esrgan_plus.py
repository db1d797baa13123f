"""ESRGAN+ and nESRGAN+: ESRGAN with dense residual blocks and noise inputs (Rakotonirina and Rasoanaivo 2020, arXiv:2001.08073).

The generator is ESRGAN's (Wang et al. 2018, arXiv:1809.00219, section 3.1): 23 residual-in-residual blocks of three dense blocks, a long
skip, interpolation to the nearest and convolution for each doubling, two convolutions; no normalisation. ESRGAN+ adds to each dense
block (residual-in-residual dense residual block, RRDRB) a skip every two layers: the second layer's result plus a 1x1 convolution of the
input, the fourth's plus the second's. nESRGAN+ adds Gaussian noise after each dense block, in training, of 0.1 times each feature, as
in the authors' public code. The discriminator is their VGG-style one of ten convolutions, relativistic average (Wang et al., section 3.2).
The generator's loss is the L1 distance of VGG19's features before the rectifier (section 3.3), plus 0.005 times the adversarial loss,
plus 0.01 times the L1 distance of pixels; it first learns by the L1 distance of pixels alone.

Deviations:
    - Without VGG's weights content is the L1 distance of pixels and of their differences to the next pixel, of weight 1.
    - All bands at once; pixels are normalised by band instead of brought to [0, 1].
    - One training whose rate falls along a cosine, half of it without the adversary (``pretraining``), instead of a trained ESRGAN's
      generator and halvings of the rate over 5 x 10^5 steps.
    - Losses are the papers' sums of two terms; the public code halves the adversarial ones.
    - The discriminator averages a patch of any size to the 4 by 4 that follow from the code's 128 pixels: a patch of 36 coarse pixels is
      128 fine ones without the border that is learned from.
    - At a factor that is no power of two there is one interpolation.
    - PyTorch's usual initial weights instead of smaller ones (Wang et al., section 3.1).
    - The input is the reference date with its cloudy pixels filled.

The discriminator's batch normalisation is the code's. The generator has none, so that its result does not depend on tiles.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.baselines.adversarial import AdversarialObjective, relativistic_losses
from sitsr_core.baselines.content import Content, absolute, with_gradients
from sitsr_core.baselines.discriminator import VggDiscriminator
from sitsr_core.baselines.rrdb import RESIDUAL_SCALE, SLOPE, DenseBlock, RrdbNet
from sitsr_core.baselines.views import BaselineConfig, Normalisation
from sitsr_core.models.network import SeriesBatch, filled_reference
from sitsr_core.training.distributed import Processes

Change = Callable[[Tensor], Tensor]


@dataclass
class EsrganPlusConfig(BaselineConfig):
    """The authors' sizes by default.

    Attributes:
        width, growth, blocks: channels, those that a layer of a dense block adds, and residual-in-residual blocks of the generator.
        noise: standard deviation of the noise after a dense block, in units of the feature; 0 is ESRGAN+, more is nESRGAN+.
        stages: channels of the discriminator's stages; each halves the image.
        hidden: channels between its dense layers.
    """

    width: int = 64
    growth: int = 32
    blocks: int = 23
    noise: float = 0.1
    stages: tuple[int, ...] = (64, 128, 256, 512, 512)
    hidden: int = 100


class DenseResidualBlock(DenseBlock):
    """A dense block whose second layer's result takes up the input by a 1x1 convolution, and its fourth's the second's."""

    def __init__(self, width: int, growth: int):
        super().__init__(width, growth)
        self.skip = nn.Conv2d(width, growth, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        seen = [x]
        for number, layer in enumerate(self.layers[:-1], 1):
            result = F.leaky_relu(layer(torch.cat(seen, dim=1)), SLOPE)
            if number == 2:
                result = result + self.skip(x)
            if number == 4:
                result = result + seen[2]
            seen.append(result)
        return x + RESIDUAL_SCALE * self.layers[-1](torch.cat(seen, dim=1))


class EsrganPlus(nn.Module):
    """The reference date in, its fine image out. See the module."""

    def __init__(self, config: EsrganPlusConfig | None = None):
        super().__init__()
        self.config = config = config or EsrganPlusConfig()
        self.normalise = Normalisation(config)
        self.trunk = RrdbNet(len(config.bands), config.width, config.blocks, config.growth, config.factor, DenseResidualBlock)

    def forward(self, batch: SeriesBatch, change: Change | None = None) -> Tensor:
        """(B, given, factor h, factor w) reflectance; ``change`` is done to the result of each dense block."""
        coarse = filled_reference(batch)
        features = self.trunk.features(self.normalise(coarse).contiguous(memory_format=torch.channels_last), change)[-1]
        return self.normalise.inverse(self.trunk.regress(features), coarse.shape[1])

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """(B, given, factor h, factor w) reflectance; nothing is drawn."""
        return self(batch)


def relative_noise(scale: float, generator: torch.Generator, processes: Processes) -> Change:
    """x -> x (1 + scale n), n ~ N(0, 1), drawn for the whole batch of all processes: (B, ...) -> the same shape."""

    def change(x: Tensor) -> Tensor:
        drawn = torch.randn(processes.count * len(x), *x.shape[1:], generator=generator)
        return x + scale * processes.part(drawn).to(x) * x

    return change


def noisy_image(network: nn.Module, series: SeriesBatch, generator: torch.Generator, processes: Processes) -> Tensor:
    """The image while training, with noise; while validating, without."""
    scale: float = network.config.noise  # type: ignore[union-attr, assignment]
    return network(series, relative_noise(scale, generator, processes) if scale and network.training else None)


def esrgan_discriminator(config: EsrganPlusConfig) -> VggDiscriminator:
    """The public code's: 128 pixels a side end as 4."""
    return VggDiscriminator(len(config.bands), config.stages, side=4, hidden=config.hidden, down=4)


ESRGAN_OBJECTIVE = AdversarialObjective(
    discriminator=esrgan_discriminator,
    content=Content(
        pixel=absolute, pixel_weight=1e-2, feature=absolute, feature_weight=1.0, activated=False,
        substitute=with_gradients, words="L1 of pixels and of their differences to the next pixel",
    ),
    weight=5e-3,
    first=absolute,
    losses=relativistic_losses,
    image=noisy_image,
)  # fmt: skip
