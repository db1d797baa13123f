"""Scenes of a prepared dataset: real pairs of its test places, of any factor and any bands."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import torch

from sitsr_core.datasets.folder import FolderSite, Truth
from sitsr_core.datasets.reading import EPOCH
from sitsr_core.errors import InputError
from sitsr_core.evaluation.scene import Scene
from sitsr_core.inference.selection import relative_shifts
from sitsr_core.models.network import SeriesBatch
from sitsr_core.series.acquisition import BANDS

DATES = 16  # of a scene at most: the reference and those nearest in time, of equally near ones the clearer
SIDE = 64  # coarse pixels of a scene; 0: the whole image
LATTICE = 8  # coarse pixels between the places where a scene may begin


def bands_of(sites: list[FolderSite]) -> tuple[str, ...]:
    """The bands that any of the places has, Sentinel-2's usual four first."""
    found = dict.fromkeys(band for site in sites for band in site.bands)
    return (*(band for band in BANDS if band in found), *(band for band in found if band not in BANDS))


def factor_of(sites: list[FolderSite]) -> int:
    """The factor that all places share. Raises InputError."""
    factors = sorted({site.factor for site in sites})
    if len(factors) != 1:
        raise InputError(f"The places of the dataset have the factors {factors}.", "Prepare each factor in a folder of its own.")
    return factors[0]


def pair_scenes(
    sites: list[FolderSite], bands: tuple[str, ...], limit: int, side: int = SIDE, scores: dict[str, float] | None = None
) -> list[Scene]:
    """At most ``limit`` scenes: the first fine image of every place, then the second ones. A place without a clear pixel there is left out.

    Args:
        sites: to judge on.
        bands: of the series' channels, in their order; one that a place lacks is 0 and not judged.
        limit: of scenes.
        side: coarse pixels of a scene, at most; the most valid window is taken, of several the first. 0: whole images.
        scores: name of a place -> cPSNR of the dataset's own baseline on its whole image; used where ``side`` is 0.
    """
    most = max((len(site.truths) for site in sites), default=0)
    turns = [(site, site.truths[turn]) for turn in range(most) for site in sites if turn < len(site.truths)]
    found = []
    for site, truth in _spread(turns, len(sites), limit):
        scene = _scene(site, truth, bands, side)
        if scene.mask.any():
            found.append(dataclasses.replace(scene, baseline=(scores or {}).get(site.name) if not side else None))
    return found


def _spread(turns: list, places: int, limit: int) -> Iterator:
    """``limit`` of the turns: spread over the places when there are more places than that."""
    if limit >= places:
        yield from turns[:limit]
    else:
        yield from (turns[number * places // limit] for number in range(limit))


def _scene(site: FolderSite, truth: Truth, bands: tuple[str, ...], side: int) -> Scene:
    factor = site.factor
    rows, columns = _window(truth.whole, side)
    chosen = _dates(site, truth)
    shown = np.stack([site.values[date][:, rows, columns] for date in chosen]).astype(np.float32) * np.float32(site.scale)
    clear = np.stack([site.clear[date][rows, columns] for date in chosen])
    series = np.zeros((len(chosen), len(bands), *clear.shape[1:]), np.float32)
    for position, band in enumerate(bands):
        if band in site.bands:
            series[:, position] = shown[:, site.bands.index(band)]
    of_truth = truth.bands_of(site)
    judged = tuple(position for position, band in enumerate(bands) if band in of_truth)
    fine = slice(factor * rows.start, factor * rows.stop), slice(factor * columns.start, factor * columns.stop)
    picked = [of_truth.index(bands[position]) for position in judged]
    values = truth.values[:, *fine][picked].astype(np.float32) * truth.gain[picked, None, None] + truth.offset[picked, None, None]
    shift, known = relative_shifts(site.acquisitions, site.acquisitions[truth.reference])
    days = np.array([(one.date - EPOCH).days - truth.day for one in site.acquisitions], np.float32)
    batch = SeriesBatch(
        reflectance=torch.from_numpy(series)[None], clear=torch.from_numpy(clear)[None].float(),
        shift=torch.from_numpy(shift[chosen])[None].float(), shift_known=torch.from_numpy(known[chosen])[None].float(),
        days=torch.from_numpy(days[chosen])[None], reference=torch.zeros(1, dtype=torch.long),
    )  # fmt: skip
    name = site.name if len(site.truths) == 1 else f"{site.name}/{np.datetime64(truth.day, 'D')}"
    valid = np.asarray(truth.valid[fine])
    mask = valid & clear[0].repeat(factor, 0).repeat(factor, 1)
    return Scene(name, batch, values.astype(np.float32), mask, bands, judged, valid)


def _dates(site: FolderSite, truth: Truth) -> list[int]:
    """The reference, then the usable dates nearest to it."""
    reference = site.acquisitions[truth.reference]
    others = [index for index in site.usable if index != truth.reference]
    others.sort(key=lambda i: (abs((site.acquisitions[i].date - reference.date).days), -site.acquisitions[i].clear_fraction))
    return [truth.reference, *others[: DATES - 1]]


def _window(whole: np.ndarray, side: int) -> tuple[slice, slice]:
    """The window of ``side`` coarse pixels with the most valid ones."""
    height, width = (min(side or size, size) for size in whole.shape)
    corners = [(r, c) for r in range(0, whole.shape[0] - height + 1, LATTICE) for c in range(0, whole.shape[1] - width + 1, LATTICE)]
    row, column = max(corners, key=lambda rc: int(whole[rc[0] : rc[0] + height, rc[1] : rc[1] + width].sum()))
    return slice(row, row + height), slice(column, column + width)
