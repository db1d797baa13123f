"""Batches as a pure function of (seed, step), so that a resumed training sees exactly what an unbroken one would."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from sitsr_core.datasets.places import Place
from sitsr_core.datasets.simulate import MARGIN, SimulationConfig, TrainingBatch, simulate
from sitsr_core.errors import JobError
from sitsr_core.sensor import FACTOR

BANDS = 4
LEAST = {"batch": 1, "patch": 5, "max_dates": 1}  # losses leave out two coarse pixels on each side of a patch


@dataclass
class SamplerConfig:
    """Where batches come from. Raises JobError for what makes no batch.

    Attributes:
        batch: samples in a batch, all with the same number of dates.
        patch: coarse pixels a side.
        max_dates: the number of dates is drawn from 1 to this.
        favour_few: 2: few dates more often than many (``number_of_dates``); 1: all numbers alike.
        alone: share of the batches that have one date besides those that happen to.
        shares: source -> share of the samples.
        real_dates: share of the samples of a multi-date place whose series is made of its real other dates.
        drop_nir: share of the samples with four bands that are shown without NIR.
        seed: of everything drawn.
    """

    batch: int = 16
    patch: int = 32
    max_dates: int = 16
    favour_few: float = 2.0
    alone: float = 0.0
    shares: dict[str, float] = field(default_factory=dict)
    real_dates: float = 0.6
    drop_nir: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in LEAST.items():
            if getattr(self, name) < least:
                raise JobError(f"The batches are to have {name} = {getattr(self, name)}.", f"Give {least} or more.")
        if not 0 <= self.alone <= 1:
            raise JobError(f"The batches are to have alone = {self.alone}.", "Give a share from 0 to 1.")
        if not self.favour_few > 0:
            raise JobError(f"The batches are to have favour_few = {self.favour_few}.", "Give more than 0.")


def number_of_dates(rng: np.random.Generator, most: int, alone: float = 0.0, favour_few: float = 2.0) -> int:
    """One in the share ``alone``; else 1 + most u^favour_few, u uniform, rounded down.

    With a ``favour_few`` of 2 that is a third of ``most`` on average, and one in a quarter of the time where 16 is the most.
    """
    if alone and rng.random() < alone:
        return 1
    return 1 + int(most * rng.random() ** favour_few)


def expected_dates(most: int, alone: float = 0.0, favour_few: float = 2.0) -> float:
    """Mean of ``number_of_dates``."""
    return 1 + (1 - alone) * sum(1 - (number / most) ** (1 / favour_few) for number in range(1, most))


class PlaceSampler:
    """``batch(step)`` gives the step's batch, for networks of ``factor``."""

    def __init__(self, places: list[Place], config: SamplerConfig, simulation: SimulationConfig, factor: int = FACTOR):
        self.config, self.factor = config, factor
        self.simulation = simulation
        self.groups = {s: [p for p in places if p.source == s] for s in config.shares}
        self.groups = {s: group for s, group in self.groups.items() if group}
        if not self.groups:
            found = ", ".join(sorted({p.source for p in places})) or "none"
            raise JobError("No source of [sampler.shares] has images to draw from.", f"Sources found: {found}.")
        self.sources = list(self.groups)
        share = np.array([config.shares[s] for s in self.sources])
        self.share = share / share.sum()
        self.area = {s: np.array([p.images[0, 0].size for p in g], float) for s, g in self.groups.items()}

    def batch(self, step: int, dates: int = 0) -> TrainingBatch:
        """Draw the places, the crops and the dates (``dates`` of them, or a random number) of one step, then simulate."""
        rng = np.random.default_rng([self.config.seed, step])
        dates = dates or number_of_dates(rng, self.config.max_dates, self.config.alone, self.config.favour_few)
        drawn = [self._draw(rng, dates) for _ in range(self.config.batch)]
        scenes, weight, days, reference, intrinsic, valid = (torch.from_numpy(np.stack(values)) for values in zip(*drawn, strict=True))
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        return simulate(scenes, weight, days, reference, intrinsic, valid, self.simulation, generator, factor=self.factor)

    def _draw(self, rng: np.random.Generator, dates: int) -> tuple[Any, ...]:
        """One sample: scenes (T, BANDS, S, S), weight (BANDS,), days (T,), the reference's index, shifts (T, 2) coarse px, valid (S, S)."""
        source = self.sources[rng.choice(len(self.sources), p=self.share)]
        area = self.area[source]
        place = self.groups[source][rng.choice(len(area), p=area / area.sum())]
        side = self.factor * self.config.patch
        row, column = corner(rng, place.valid, side)
        real = len(place.days) > 1 and rng.random() < self.config.real_dates
        chosen = (
            rng.choice(len(place.days), dates, replace=len(place.days) < dates) if real else np.full(dates, rng.integers(len(place.days)))
        )
        window = row - MARGIN, column - MARGIN, side + 2 * MARGIN
        crops = {d: place.crop(d, *window) for d in set(chosen.tolist())}
        scenes = np.stack([crops[d] for d in chosen])
        intrinsic = (place.shifts[chosen] - place.shifts[chosen[0]]) / self.factor
        days = (
            (place.days[chosen] - place.days[chosen[0]]).astype(np.float32) if real else rng.normal(0, 60, dates).round().astype(np.float32)
        )
        days[0] = 0 if rng.random() < 0.8 else days[0] + rng.integers(-15, 16)
        weight = np.ones(BANDS, np.float32)
        scenes, intrinsic, valid = _augment(rng, scenes, intrinsic, place.crop_valid(*window), photometric=place.scale is None)
        if scenes.shape[1] < BANDS or rng.random() < self.config.drop_nir:
            weight[3:] = 0
            scenes = np.concatenate([scenes[:, :3], np.zeros_like(scenes[:, :1])], axis=1)
        order = rng.permutation(dates)
        reference = np.int64(np.argmin(order))  # the first one chosen, wherever it went
        return scenes[order], weight, days[order], reference, intrinsic[order].astype(np.float32), valid


def corner(rng: np.random.Generator, valid: np.ndarray, side: int) -> tuple[int, int]:
    """A crop's corner with at least 98 % valid pixels, or the best of twenty."""
    best, found = -1.0, (0, 0)
    for _ in range(20):
        row = int(rng.integers(max(valid.shape[0] - side, 0) + 1))
        column = int(rng.integers(max(valid.shape[1] - side, 0) + 1))
        share = float(valid[row : row + side, column : column + side].mean())
        if share > best:
            best, found = share, (row, column)
        if share >= 0.98:
            break
    return found


def turned(rng: np.random.Generator, images: list[np.ndarray], shift: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """The same random flips and transposition of all images (..., H, W), and the shifts (T, 2) that belong to them."""
    shift = shift.copy()
    for axis in (0, 1):
        if rng.random() < 0.5:
            images, shift[:, axis] = [np.flip(image, axis - 2) for image in images], -shift[:, axis]
    if rng.random() < 0.5:
        images, shift = [image.swapaxes(-1, -2) for image in images], shift[:, ::-1]
    return images, shift


def _augment(
    rng: np.random.Generator, scenes: np.ndarray, intrinsic: np.ndarray, valid: np.ndarray, photometric: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flips, transposition and, for display values, random gains. scenes (T, C, H, W), intrinsic (T, 2), valid (H, W)."""
    (scenes, valid), intrinsic = turned(rng, [scenes, valid], intrinsic)
    low, high, band = (0.5, 1.8, 0.15) if photometric else (0.8, 1.25, 0.05)
    gain = np.exp(rng.uniform(np.log(low), np.log(high))) * np.exp(rng.normal(0, band, scenes.shape[1]))
    scenes = np.ascontiguousarray(scenes * gain[:, None, None], dtype=np.float32)
    return scenes, np.ascontiguousarray(intrinsic), np.ascontiguousarray(valid, dtype=np.float32)
