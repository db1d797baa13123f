"""What can be judged: anything that makes a fine image of a scene. Interpolation, a model's products, and other trained systems.

A model's products are those of the product (``inference``): its mean with the predicted standard deviation, one sample, and the mean and
spread of an ensemble, each followed by back-projection. Everything is computed in float32.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from sitsr_core import sensor
from sitsr_core.evaluation.scene import Scene
from sitsr_core.job import SuperResolutionJob
from sitsr_core.models.ensemble import ensemble
from sitsr_core.models.network import Prediction, SeriesBatch, SuperResolver, filled_reference
from sitsr_core.models.orientations import mean_over_orientations

NUMBERS = (1, 2, 4, 8, 16)
ALL = NUMBERS[-1]
BACK_PROJECTION = SuperResolutionJob.back_projection  # what the product does when it is not told otherwise


@dataclass
class Estimate:
    """image (C, 4h, 4w) reflectance and, where a method gives it, the standard deviation of its error."""

    image: np.ndarray
    std: np.ndarray | None = None


class Method(Protocol):
    """One system to judge.

    Attributes:
        name: of its rows.
        numbers: of dates that it is given, where a scene has as many; the last one stands for all.
        shuffled: whether it is also judged with shifts and days dealt out wrongly.
        slow: whether it is judged on fewer scenes when asked so.
    """

    name: str
    numbers: tuple[int, ...]
    shuffled: bool
    slow: bool

    def predict(self, scene: Scene) -> Estimate:
        """The fine image of the scene's reference date."""
        ...


@dataclass
class Bicubic:
    """Bicubic interpolation of the reference date."""

    name: str = "bicubic"
    numbers: tuple[int, ...] = (1,)
    shuffled: bool = False
    slow: bool = False

    def predict(self, scene: Scene) -> Estimate:
        """See ``Method``."""
        return Estimate(sensor.upsample(filled_reference(scene.series), scene.factor)[0].numpy())


def median_bicubic(series: SeriesBatch, factor: int = sensor.FACTOR) -> np.ndarray:
    """Bicubic interpolation of the per-pixel median over clear dates: (C, factor h, factor w)."""
    pixels = torch.where(series.clear[:, :, None] > 0, series.reflectance, torch.nan)
    median = torch.nan_to_num(pixels.nanmedian(1).values)
    return sensor.upsample(median, factor)[0].numpy()


@dataclass
class MedianBicubic:
    """Bicubic interpolation of the median over clear dates."""

    name: str = "median_bicubic"
    numbers: tuple[int, ...] = (8, ALL)
    shuffled: bool = False
    slow: bool = False

    def predict(self, scene: Scene) -> Estimate:
        """See ``Method``."""
        return Estimate(median_bicubic(scene.series, scene.factor))


class Encoder:
    """A network and its prediction for the scene asked for last: the products of one scene share it, as they do in the product."""

    def __init__(self, network: SuperResolver):
        self.network = network
        self._last: tuple[Scene, Prediction] | None = None

    @torch.inference_mode()
    def __call__(self, scene: Scene) -> Prediction:
        if self._last is None or self._last[0] is not scene:
            self._last = scene, self.network.encode(scene.series)
        return self._last[1]

    @torch.inference_mode()
    def draw(self, scene: Scene, steps: int, seed: int, sign: int = 1) -> np.ndarray:
        """One sample (C, 4h, 4w) from the seed's noise or from its opposite, back-projected."""
        shape = 1, len(scene.bands), *scene.truth.shape[1:]
        noise = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
        return self.refine(self.network.sample(self(scene), sign * noise, steps), scene)

    def refine(self, image: torch.Tensor, scene: Scene) -> np.ndarray:
        """Back-projection of (1, C, 4h, 4w) onto the reference date's clear pixels: (C, 4h, 4w)."""
        observed, clear = scene.observed()
        return sensor.back_project(image.float(), observed, clear, scene.bands, BACK_PROJECTION, scene.factor)[0].numpy()


@dataclass
class MeanProduct:
    """A model's expected image and its predicted standard deviation."""

    name: str
    encoder: Encoder
    numbers: tuple[int, ...] = NUMBERS
    shuffled: bool = True
    slow: bool = False

    def predict(self, scene: Scene) -> Estimate:
        """See ``Method``."""
        prediction = self.encoder(scene)
        return Estimate(self.encoder.refine(prediction.mean, scene), prediction.std[0].numpy())


@dataclass
class OrientedMean:
    """A model's expected image as the mean over ``orientations`` of the series."""

    name: str
    encoder: Encoder
    orientations: int
    numbers: tuple[int, ...] = NUMBERS
    shuffled: bool = False
    slow: bool = False

    @torch.inference_mode()
    def predict(self, scene: Scene) -> Estimate:
        """See ``Method``."""
        network = self.encoder.network
        mean = mean_over_orientations(lambda series: network.encode(series).mean, scene.series, self.orientations, self.encoder(scene).mean)
        return Estimate(self.encoder.refine(mean, scene))


@dataclass
class SampleProduct:
    """One draw of a model in ``steps`` evaluations of its denoiser."""

    name: str
    encoder: Encoder
    steps: int
    numbers: tuple[int, ...] = (1, ALL)
    shuffled: bool = False
    slow: bool = True

    def predict(self, scene: Scene) -> Estimate:
        """See ``Method``."""
        return Estimate(self.encoder.draw(scene, self.steps, 0))


@dataclass
class EnsembleProduct:
    """Mean of ``members`` draws of a model and the standard deviation that is expected of its error."""

    name: str
    encoder: Encoder
    members: int
    steps: int = 4
    numbers: tuple[int, ...] = (1, ALL)
    shuffled: bool = False
    slow: bool = True

    def predict(self, scene: Scene) -> Estimate:
        """See ``Method``."""

        def draw(seed: int, sign: int) -> torch.Tensor:
            return torch.from_numpy(self.encoder.draw(scene, self.steps, seed, sign))

        mean, std = ensemble(draw, self.members, self.encoder(scene).std[0])
        return Estimate(mean.numpy(), std.numpy())


class Trained(Protocol):
    """What a trained system of ``sitsr_core.baselines`` offers."""

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> torch.Tensor:
        """(B, C, 4h, 4w) reflectance of the reference date; what a system draws comes from the generator."""
        ...


@dataclass
class TrainedSystem:
    """A published system, trained; its output as it is, without back-projection. Those that sample are ``slow``."""

    name: str
    module: Trained
    numbers: tuple[int, ...] = NUMBERS
    shuffled: bool = True
    slow: bool = False

    @torch.inference_mode()
    def predict(self, scene: Scene) -> Estimate:
        """See ``Method``."""
        return Estimate(self.module.estimate(scene.series, torch.Generator().manual_seed(0))[0].float().numpy())
