"""Batches of real pairs from the sites of a folder or of a prepared dataset, as a pure function of (seed, step)."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from sitsr_core.datasets.folder import FolderSite, Truth
from sitsr_core.datasets.reading import EPOCH
from sitsr_core.datasets.sampler import SamplerConfig, corner, number_of_dates, turned
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.errors import InputError
from sitsr_core.inference.selection import relative_shifts
from sitsr_core.models.network import SeriesBatch
from sitsr_core.sensor import FACTOR
from sitsr_core.series.acquisition import BANDS

GAIN, BAND_GAIN = 0.15, 0.05  # standard deviations of the logarithm of the random gains
CLOUDED = 0.2  # weight of what the reference does not show, as in ``simulate``
NIR = "B08"


@dataclass(frozen=True)
class _Pair:
    """One fine image and what its site's dates are to it: days (T,), and against its reference shifts (T, 2), known or not (T,)."""

    site: FolderSite
    truth: Truth
    days: np.ndarray
    shift: np.ndarray
    known: np.ndarray


class FolderSampler:
    """``batch(step)`` gives the step's batch. Of the configuration, ``shares`` and ``real_dates`` mean nothing here: all dates are real.

    Args:
        sites: to draw from.
        config: of the batches.
        bands: of the network, in its order. One that a site lacks is 0 and not learned from; one that only the site has is left out.
        factor: of the network.

    Raises:
        InputError: a site smaller than a patch, without any of the bands, or of another factor.
    """

    def __init__(self, sites: list[FolderSite], config: SamplerConfig, bands: tuple[str, ...] = BANDS, factor: int = FACTOR):
        small = next((site for site in sites if min(site.clear.shape[1:]) < config.patch), None)
        if small:
            height, width = small.clear.shape[1:]
            raise InputError(
                f"Site '{small.name}' has {height} x {width} low-resolution pixels, patches need {config.patch}.",
                "Use smaller patches (--patch; in QGIS 'Side of a patch'), or larger rasters.",
            )
        for site in sites:
            if not set(site.truths[0].bands_of(site)) & set(bands):
                raise InputError(f"Site '{site.name}' has the bands {', '.join(site.bands)}.", f"The network is for {', '.join(bands)}.")
            if site.factor != factor:
                raise InputError(f"Site '{site.name}' has fine images of a factor of {site.factor}.", f"The network is for {factor}.")
        self.config, self.bands = config, bands
        self.pairs = [_pair(site, truth) for site in sites for truth in site.truths]
        area = np.array([pair.truth.whole.size for pair in self.pairs], float)
        self.share = area / area.sum()
        self.max_dates = min(config.max_dates, max(len(site.usable) for site in sites))

    def batch(self, step: int, dates: int = 0) -> TrainingBatch:
        """Draw the pairs, the crops and the dates (``dates`` of them, or a random number); dates that a site lacks are never clear."""
        rng = np.random.default_rng([self.config.seed, step])
        dates = dates or number_of_dates(rng, self.max_dates, self.config.alone, self.config.favour_few)
        drawn = [self._draw(rng, dates) for _ in range(self.config.batch)]
        reflectance, clear, shift, known, days, reference, truth, weight = (
            torch.from_numpy(np.stack(values)) for values in zip(*drawn, strict=True)
        )
        return TrainingBatch(SeriesBatch(reflectance, clear, shift, known, days, reference), truth, weight)

    def _draw(self, rng: np.random.Generator, dates: int) -> tuple[Any, ...]:
        """One sample: the fields of ``SeriesBatch``, then truth and weight (bands, factor p, factor p)."""
        pair = self.pairs[rng.choice(len(self.pairs), p=self.share)]
        site, reference, patch, factor = pair.site, pair.truth.reference, self.config.patch, pair.site.factor
        row, column = corner(rng, pair.truth.whole, patch)
        others = [index for index in site.usable if index != reference]
        chosen = np.array([reference, *rng.choice(others, min(dates - 1, len(others)), replace=False)], int)
        shown, clear = site.crop(chosen, row, column, patch)
        truth, valid = pair.truth.crop(factor * row, factor * column, factor * patch)
        seen = np.kron(clear[0], np.ones((factor, factor), np.float32))
        weight = np.where(valid, CLOUDED + (1 - CLOUDED) * seen, 0)
        images, shift = turned(rng, [shown, clear, truth, weight], pair.shift[chosen])
        reflectance, clear, truth, weight = images
        gain = np.exp(rng.normal(0, GAIN) + rng.normal(0, BAND_GAIN, len(self.bands))).astype(np.float32)[:, None, None]
        given, learned = site.bands, pair.truth.bands_of(site)
        if rng.random() < self.config.drop_nir and len(given) > 1:
            given, learned = (tuple(band for band in bands if band != NIR) for bands in (given, learned))
        order = rng.permutation(dates)
        where = order[: len(chosen)]  # each chosen date's place; the other places stay empty
        return (
            _placed(self._with_bands(reflectance, site.bands, given) * gain, where, dates),
            _placed(clear.astype(np.float32), where, dates),
            _placed(shift, where, dates),
            _placed(pair.known[chosen], where, dates),
            _placed(pair.days[chosen], where, dates),
            np.int64(where[0]),
            self._with_bands(truth, site.bands, learned) * gain,
            self._with_bands(np.broadcast_to(weight, truth.shape), site.bands, learned),
        )

    def _with_bands(self, image: np.ndarray, bands: tuple[str, ...], kept: tuple[str, ...]) -> np.ndarray:
        """(..., C, H, W) of ``bands`` -> the network's bands (..., C', H, W): those ``kept``, 0 in the others."""
        result = np.zeros((*image.shape[:-3], len(self.bands), *image.shape[-2:]), np.float32)
        for index, band in enumerate(self.bands):
            if band in kept:
                result[..., index, :, :] = image[..., bands.index(band), :, :]
        return result


def folder_batches(
    sites: list[FolderSite], config: SamplerConfig, dates: int, count: int, bands: tuple[str, ...] = BANDS, factor: int = FACTOR
) -> dict[str, list[TrainingBatch]]:
    """Fixed batches of held-out sites, for validation and calibration."""
    sampler = FolderSampler(sites, dataclasses.replace(config, seed=config.seed + 777, drop_nir=0.0), bands, factor)
    return {"held_out": [sampler.batch(step, dates=dates) for step in range(count)]}


def _pair(site: FolderSite, truth: Truth) -> _Pair:
    shift, known = relative_shifts(site.acquisitions, site.acquisitions[truth.reference])
    days = np.array([(one.date - EPOCH).days - truth.day for one in site.acquisitions], np.float32)
    return _Pair(site, truth, days, shift, known.astype(np.float32))


def _placed(values: np.ndarray, where: np.ndarray, dates: int) -> np.ndarray:
    """(n, ...) -> (dates, ...), each at its place, 0 elsewhere."""
    result = np.zeros((dates, *values.shape[1:]), np.float32)
    result[where] = values
    return result
