"""What is set after the training: how strongly the dates pull, and one factor per band that makes the predicted standard deviation true."""

import dataclasses
import math

import torch

from sitsr_core.datasets.places import Place
from sitsr_core.datasets.sampler import PlaceSampler
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.models.gradient_step import GradientStep
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.objectives import inner

COVERED = 0.9545  # share of a normal error within two standard deviations
BATCHES = 12


def calibration_batches(places: list[Place], config: TrainingConfig) -> list[TrainingBatch]:
    """Batches like those of the training, none of which it saw.

    They are of all places, those of the training too: a handful of validation sites is no measure of how hard places are, and the
    training's passes over its places are too few to know them by heart.
    """
    options = dataclasses.replace(config.sampler, seed=config.sampler.seed + 999, drop_nir=0.0)
    sampler = PlaceSampler(places, options, config.simulation, config.network.factor)
    return [sampler.batch(number) for number in range(BATCHES)]


@torch.no_grad()
def strengthen(network: SuperResolver, pull: float, doubt: float) -> None:
    """Multiply the pull and the doubt of every gradient step. A short training leaves these few numbers where they began.

    More of both pulls more strongly where dates are many, and as before where one is alone.
    """
    for step in network.gradient_steps:
        assert isinstance(step, GradientStep)
        step.pull.add_(math.log(pull))
        step.doubt.add_(math.log(doubt))


@torch.no_grad()
def calibrate(network: SuperResolver, batches: list[TrainingBatch]) -> torch.Tensor:
    """Set ``network.calibration`` so that two standard deviations cover 95.45 % of the errors of each band. Returns the factors (C,)."""
    network.calibration.fill_(1.0)
    ratios: list[list[torch.Tensor]] = [[] for _ in network.config.bands]
    for batch in batches:
        prediction = network.encode(batch.series)
        ratio = inner((batch.truth - prediction.mean).abs() / prediction.std)
        counted = inner(batch.weight.expand_as(batch.truth)) > 0.5
        for band, found in enumerate(ratios):
            found.append(ratio[:, band][counted[:, band]])
    for band, found in enumerate(ratios):
        values = torch.cat(found)
        if len(values):
            position = min(len(values) - 1, int(COVERED * len(values)))
            network.calibration[0, band] = values.kthvalue(position + 1).values / 2
    return network.calibration.flatten()
