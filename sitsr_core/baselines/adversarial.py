"""Adversarial learning (Goodfellow et al. 2014): what a generator and a discriminator minimise, in turn.

A discriminator gives an image a logit, large for real ones. Losses are means over the batch of all processes; images are normalised pixels
without the border, 0 in bands and pixels that the source lacks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.baselines.content import VISIBLE, Content, Distance, VggFeatures
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.models.network import SeriesBatch
from sitsr_core.training.distributed import ALONE, Processes
from sitsr_core.training.objectives import inner, log_squared_error, usual_unit


def standard_losses(real: Tensor, fake: Tensor, processes: Processes = ALONE) -> tuple[Tensor, Tensor]:
    """(discriminator's, generator's) from logits (B, 1): -log D(x) - log(1 - D(G)), -log D(G) (Ledig et al. 2017, equations 2 and 6)."""
    return (F.softplus(-real) + F.softplus(fake)).mean(), F.softplus(-fake).mean()


def relativistic_losses(real: Tensor, fake: Tensor, processes: Processes = ALONE) -> tuple[Tensor, Tensor]:
    """The same of the relativistic average discriminator (Jolicoeur-Martineau 2019, arXiv:1807.00734; Wang et al. 2018, equations 1 and 2).

    D_Ra(a, b) = sigmoid(C(a) - E[C(b)]); the discriminator minimises -E[log D_Ra(real, fake)] - E[log(1 - D_Ra(fake, real))], the generator
    the same with the two exchanged.
    """
    above = real - processes.mean_with_gradient(fake.mean())
    below = fake - processes.mean_with_gradient(real.mean())
    return (F.softplus(-above) + F.softplus(below)).mean(), (F.softplus(above) + F.softplus(-below)).mean()


def image_of(network: nn.Module, series: SeriesBatch, generator: torch.Generator, processes: Processes) -> Tensor:
    """What a network that draws nothing answers: (B, C, H, W) reflectance."""
    return network(series)


@dataclass(frozen=True)
class Pair:
    """The generator's image and the truth, normalised (B, C, H, W), 0 where ``weight`` (the same shape) is 0."""

    fake: Tensor
    real: Tensor
    weight: Tensor

    def mean(self, error: Tensor, processes: Processes) -> Tensor:
        """Mean of an error (B, C, H, W) over what is learned from."""
        return (error * self.weight).mean() / processes.mean(self.weight.mean()).clamp(min=1e-3)


@dataclass(frozen=True)
class AdversarialObjective:
    """All losses of an adversarially trained system. Called as a plain objective it is what the generator learns first, alone.

    Attributes:
        discriminator: configuration -> untrained discriminator.
        content: what is minimised besides the adversary.
        weight: of the adversary, in the generator's loss.
        first: distance of pixels that the generator learns by alone.
        losses: ``standard_losses`` or ``relativistic_losses``.
        image: (network, series, generator, processes) -> image while training.
    """

    discriminator: Callable[[Any], nn.Module]
    content: Content
    weight: float
    first: Distance
    losses: Callable[[Tensor, Tensor, Processes], tuple[Tensor, Tensor]] = standard_losses
    image: Callable[[nn.Module, SeriesBatch, torch.Generator, Processes], Tensor] = image_of

    def __call__(
        self, network: nn.Module, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
    ) -> tuple[Tensor, dict[str, float]]:
        """The generator's loss before the adversary joins, and figures to log."""
        pair, figures = self.pair(network, batch, generator, processes)
        loss = pair.mean(self.first(pair.fake, pair.real), processes)
        return loss, {"loss": loss.item()} | figures

    def pair(
        self, network: nn.Module, batch: TrainingBatch, generator: torch.Generator, processes: Processes
    ) -> tuple[Pair, dict[str, float]]:
        """The generator's image beside the truth, and the dB that it gains over bicubic."""
        image = self.image(network, batch.series, generator, processes)
        gain = log_squared_error(image.detach(), batch, usual_unit(image), processes)[1]
        weight = inner(batch.weight.expand_as(batch.truth))
        fake, real = (inner(network.normalise(x)) * (weight > 0) for x in (image, batch.truth))  # type: ignore[operator]
        return Pair(fake, real, weight), {"gain_db": gain}

    def ready_content(self, config: Any, device: str) -> tuple[Callable[[Pair, Processes], Tensor], str]:
        """The content loss with what this computer has, and its description. Raises ModelError for damaged weights of VGG."""
        vgg, words = self.content.features_for(config, device)
        return ContentLoss(self.content, vgg, config, device), words

    def generator_loss(
        self, discriminator: nn.Module, content: Callable[[Pair, Processes], Tensor], pair: Pair, processes: Processes = ALONE
    ) -> tuple[Tensor, dict[str, float]]:
        """Content and adversary; the discriminator's weights get no gradient if they are frozen."""
        held = content(pair, processes)
        adversarial = self.losses(discriminator(pair.real), discriminator(pair.fake), processes)[1]
        loss = held + self.weight * adversarial
        return loss, {"loss": loss.item(), "content": held.item(), "adversarial": adversarial.item()}

    def discriminator_loss(self, discriminator: nn.Module, pair: Pair, processes: Processes = ALONE) -> tuple[Tensor, dict[str, float]]:
        """How badly the two are told apart; the generator gets no gradient."""
        real, fake = discriminator(pair.real), discriminator(pair.fake.detach())
        loss = self.losses(real, fake, processes)[0]
        return loss, {"discriminator": loss.item(), "logit_real": real.mean().item(), "logit_fake": fake.mean().item()}


@dataclass(frozen=True)
class ContentLoss:
    """``Content`` with VGG or its substitute: a pair -> a number."""

    content: Content
    vgg: VggFeatures | None
    config: Any
    device: str

    def __call__(self, pair: Pair, processes: Processes = ALONE) -> Tensor:
        """See the class."""
        if self.vgg is None:
            return pair.mean(self.content.substitute(pair.fake, pair.real), processes)
        fake, real = (self.vgg(self._visible(x)) for x in (pair.fake, pair.real))
        loss = self.content.feature_weight * self.content.feature(fake, real).mean()
        if self.content.pixel_weight:
            loss = loss + self.content.pixel_weight * pair.mean(self.content.pixel(pair.fake, pair.real), processes)
        return loss

    def _visible(self, pixels: Tensor) -> Tensor:
        """Red, green and blue reflectance of normalised pixels."""
        order = [self.config.bands.index(band) for band in VISIBLE]
        center, spread = (torch.tensor(x, device=pixels.device)[order].view(1, -1, 1, 1) for x in (self.config.center, self.config.spread))
        return pixels[:, order].float() * spread + center
