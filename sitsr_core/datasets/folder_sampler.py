"""Batches of real pairs from the sites of a folder, as a pure function of (seed, step)."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from sitsr_core.datasets.folder import EPOCH, FolderSite, Truth
from sitsr_core.datasets.sampler import BANDS, SamplerConfig, corner, number_of_dates, turned
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.errors import InputError
from sitsr_core.inference.selection import relative_shifts
from sitsr_core.models.network import SeriesBatch
from sitsr_core.sensor import FACTOR

GAIN, BAND_GAIN = 0.15, 0.05  # standard deviations of the logarithm of the random gains
CLOUDED = 0.2  # weight of what the reference does not show, as in ``simulate``


@dataclass(frozen=True)
class _Pair:
    """One fine image and what its site's dates are to it: days (T,), and against its reference shifts (T, 2), known or not (T,)."""

    site: FolderSite
    truth: Truth
    days: np.ndarray
    shift: np.ndarray
    known: np.ndarray
    valid: np.ndarray  # (h, w): all fine pixels are


class FolderSampler:
    """``batch(step)`` gives the step's batch. Of the configuration, ``shares`` and ``real_dates`` mean nothing here: all dates are real."""

    def __init__(self, sites: list[FolderSite], config: SamplerConfig):
        small = next((site for site in sites if min(site.clear.shape[1:]) < config.patch), None)
        if small:
            height, width = small.clear.shape[1:]
            raise InputError(
                f"Site '{small.name}' has {height} x {width} low-resolution pixels, patches need {config.patch}.",
                "Use smaller patches (--patch), or larger rasters.",
            )
        self.config = config
        self.pairs = [_pair(site, truth) for site in sites for truth in site.truths]
        area = np.array([pair.valid.size for pair in self.pairs], float)
        self.share = area / area.sum()
        self.max_dates = min(config.max_dates, max(len(site.usable) for site in sites))

    def batch(self, step: int, dates: int = 0) -> TrainingBatch:
        """Draw the pairs, the crops and the dates (``dates`` of them, or a random number); dates that a site lacks are never clear."""
        rng = np.random.default_rng([self.config.seed, step])
        dates = dates or number_of_dates(rng, self.max_dates)
        drawn = [self._draw(rng, dates) for _ in range(self.config.batch)]
        *series, truth, weight = (torch.from_numpy(np.stack(values)) for values in zip(*drawn, strict=True))
        return TrainingBatch(SeriesBatch(*series), truth, weight)

    def _draw(self, rng: np.random.Generator, dates: int) -> tuple[Any, ...]:
        """One sample: the fields of ``SeriesBatch``, then truth and weight (BANDS, FACTOR p, FACTOR p)."""
        pair = self.pairs[rng.choice(len(self.pairs), p=self.share)]
        site, reference, patch = pair.site, pair.truth.reference, self.config.patch
        row, column = corner(rng, pair.valid, patch)
        others = [index for index in site.usable if index != reference]
        chosen = np.array([reference, *rng.choice(others, min(dates - 1, len(others)), replace=False)], int)
        window = slice(row, row + patch), slice(column, column + patch)
        truth, valid = pair.truth.crop(FACTOR * row, FACTOR * column, FACTOR * patch)
        seen = np.kron(site.clear[reference][window], np.ones((FACTOR, FACTOR), np.float32))
        weight = np.where(valid, CLOUDED + (1 - CLOUDED) * seen, 0)
        images, shift = turned(
            rng, [site.reflectance[chosen][..., *window], site.clear[chosen][..., *window], truth, weight], pair.shift[chosen]
        )
        reflectance, clear, truth, weight = images
        gain = np.exp(rng.normal(0, GAIN) + rng.normal(0, BAND_GAIN, BANDS)).astype(np.float32)[:, None, None]
        has = [min(len(truth), BANDS), reflectance.shape[1]]
        if rng.random() < self.config.drop_nir:
            has = [3, 3]
        order = rng.permutation(dates)
        where = order[: len(chosen)]  # each chosen date's place; the other places stay empty
        return (
            _placed(_with_bands(reflectance, has[1]) * gain, where, dates),
            _placed(clear.astype(np.float32), where, dates),
            _placed(shift, where, dates),
            _placed(pair.known[chosen], where, dates),
            _placed(pair.days[chosen], where, dates),
            np.int64(where[0]),
            _with_bands(truth, has[0]) * gain,
            _with_bands(np.broadcast_to(weight, (BANDS, *weight.shape)), has[0]).astype(np.float32),
        )


def folder_batches(sites: list[FolderSite], config: SamplerConfig, dates: int, count: int) -> dict[str, list[TrainingBatch]]:
    """Fixed batches of held-out sites, for validation and calibration."""
    sampler = FolderSampler(sites, dataclasses.replace(config, seed=config.seed + 777, drop_nir=0.0))
    return {"held_out": [sampler.batch(step, dates=dates) for step in range(count)]}


def _pair(site: FolderSite, truth: Truth) -> _Pair:
    shift, known = relative_shifts(site.acquisitions, site.acquisitions[truth.reference])
    days = np.array([(one.date - EPOCH).days - truth.day for one in site.acquisitions], np.float32)
    height, width = site.clear.shape[1:]
    valid = np.asarray(truth.valid.reshape(height, FACTOR, width, FACTOR).all(axis=(1, 3)))
    return _Pair(site, truth, days, shift, known.astype(np.float32), valid)


def _placed(values: np.ndarray, where: np.ndarray, dates: int) -> np.ndarray:
    """(n, ...) -> (dates, ...), each at its place, 0 elsewhere."""
    result = np.zeros((dates, *values.shape[1:]), np.float32)
    result[where] = values
    return result


def _with_bands(image: np.ndarray, kept: int) -> np.ndarray:
    """(..., C, H, W) -> (..., BANDS, H, W): the first ``kept`` bands, 0 in the others."""
    result = np.zeros((*image.shape[:-3], BANDS, *image.shape[-2:]), np.float32)
    result[..., :kept, :, :] = image[..., :kept, :, :]
    return result
