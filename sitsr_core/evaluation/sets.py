"""The held-out sets to judge on: simulated series that stand still, real other years, real Sentinel-2; or a prepared dataset's pairs.

``simulated`` keeps the place still and is told each shift to 0.1 pixel, from where the product's own registration goes on: what several
dates can add. ``real_years`` shows the place in its real other years. The sets of ``sentinel2_sets`` take Sentinel-2 itself as truth.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from sitsr_core.datasets.places import Place, load_places
from sitsr_core.datasets.prepared import Prepared, is_prepared, load_prepared
from sitsr_core.datasets.simulate import MARGIN, STEADY, simulate
from sitsr_core.datasets.split import split_places
from sitsr_core.errors import InputError, JobError
from sitsr_core.evaluation.prepared_sets import SIDE, bands_of, pair_scenes
from sitsr_core.evaluation.scene import FineDates, Scene
from sitsr_core.evaluation.sentinel2_sets import read_series, real_scenes, real_series
from sitsr_core.models.network import SeriesBatch
from sitsr_core.series.acquisition import BANDS
from sitsr_core.series.registration import refined

DATES = 16
SHIFT_ERROR = 0.1  # coarse pixels
SIMULATED = ("simulated_rgb", "simulated_rgbn")
NAMES = (*SIMULATED, "real_years", "real_series", "real_series_at_scale", "real_s2")

Makers = dict[str, Callable[[], Iterable[Scene]]]


def _scene(name: str, crops: np.ndarray, days: np.ndarray, intrinsic: np.ndarray, seed: int) -> Scene:
    """A steady simulation of crops (T, C, 4h + 2 MARGIN, 4w + 2 MARGIN), whose first is the truth; intrinsic (T, 2) coarse pixels."""
    generator = torch.Generator().manual_seed(seed)
    bands = crops.shape[1]
    batch = simulate(
        torch.from_numpy(crops)[None], torch.ones(1, bands), torch.from_numpy(days)[None], torch.zeros(1, dtype=torch.long),
        torch.from_numpy(intrinsic)[None], torch.ones(1, *crops.shape[2:]), STEADY, generator, bands=BANDS[:bands],
    )  # fmt: skip
    series = batch.series
    series.shift[:, 1:] += SHIFT_ERROR * torch.randn(series.shift[:, 1:].shape, generator=generator)
    series.shift[0] = registered(series)
    return Scene(name, series, batch.truth[0].numpy(), np.ones(batch.truth.shape[-2:], bool))


def registered(series: SeriesBatch) -> torch.Tensor:
    """The shifts (T, 2) of a batch of one, made exact as the product makes its own; the first date is the reference."""
    pixels, clear = series.reflectance[0].numpy(), series.clear[0].numpy() > 0
    told = [(dy, dx) for dy, dx in series.shift[0].tolist()]
    exact = [refined([pixels[0]], [clear[0]], [pixels[i]], [clear[i]], (dy, dx)) for i, (dy, dx) in enumerate(told[1:], 1)]
    return torch.tensor([told[0], *exact])


def spread(items: list, limit: int) -> list:
    """At most ``limit`` of the items, taken evenly."""
    number = min(limit, len(items))
    return [items[i * len(items) // number] for i in range(number)]


def simulated(places: list[Place], source: str, coarse: int, limit: int) -> Iterator[Scene]:
    """Still scenes of one source with 16 dates: shifts uniform in +-0.5 coarse pixels, told to 0.1, noise 0.001."""
    corners = [(p, _most_valid(p.valid, 4 * coarse)) for p in places if p.source == source and min(p.valid.shape) >= 4 * coarse]
    chosen = [(p, (r, c)) for p, (r, c) in corners if p.valid[r : r + 4 * coarse, c : c + 4 * coarse].all()]
    for number, (place, (row, column)) in enumerate(spread(chosen, limit)):
        crop = place.crop(0, row - MARGIN, column - MARGIN, 4 * coarse + 2 * MARGIN)
        days = np.linspace(0, 150, DATES).astype(np.float32)
        yield _scene(place.name, np.repeat(crop[None], DATES, 0), days, np.zeros((DATES, 2), np.float32), number)


def real_years(places: list[Place], limit: int) -> Iterator[Scene]:
    """Fine places seen in several years: the truth is one year, the series its own and the other years' simulated acquisitions."""
    chosen = [p for p in places if p.source == "california" and len(p.days) > 1]
    for number, place in enumerate(spread(chosen, limit)):
        first = number % len(place.days)
        order = [first] + [d for d in range(len(place.days)) if d != first]
        size = min(place.valid.shape) // 4 * 4
        crops = np.stack([place.crop(d, -MARGIN, -MARGIN, size + 2 * MARGIN) for d in order])
        days = (place.days[order] - place.days[first]).astype(np.float32)
        intrinsic = ((place.shifts[order] - place.shifts[first]) / 4).astype(np.float32)
        inside = slice(MARGIN, MARGIN + size)
        fine = FineDates(crops[..., inside, inside], 4 * intrinsic, STEADY.noise[0])
        yield dataclasses.replace(_scene(place.name, crops, days, intrinsic, 1000 + number), fine=fine)


def _most_valid(valid: np.ndarray, side: int) -> tuple[int, int]:
    """Corner of the window with the most valid pixels, on a lattice of 16."""
    corners = [(r, c) for r in range(0, valid.shape[0] - side + 1, 16) for c in range(0, valid.shape[1] - side + 1, 16)]
    return max(corners, key=lambda rc: valid[rc[0] : rc[0] + side, rc[1] : rc[1] + side].mean())


def held_out(data: str, split: str, limit: int, names: tuple[str, ...] = (), side: int = SIDE) -> dict[str, list[Scene]]:
    """The held-out sets of a data folder by name, at most ``limit`` scenes each; a set without a scene is left out.

    Args:
        data: fine images (``datasets.places``), of which the sets ``NAMES`` are made, or a prepared dataset, which is one set.
        split: JSON file of site names; of a prepared dataset "" for its own parts.
        limit: of scenes.
        names: only these sets; () for all.
        side: coarse pixels of a prepared dataset's scenes, 0 for whole images.

    Raises:
        InputError: no scene is left, or what the loaders raise.
        JobError: a set that the folder does not make.
    """
    makers = _prepared_set(load_prepared(data), split, limit, side) if is_prepared(data) else _place_sets(data, split, limit)
    unknown = sorted(set(names) - set(makers))
    if unknown:
        raise JobError(f"'{data}' makes no set '{unknown[0]}'.", f"It makes {', '.join(makers)}.")
    sets = {name: list(makers[name]()) for name in names or makers}
    sets = {name: scenes for name, scenes in sets.items() if scenes}
    if not sets:
        raise InputError(f"'{data}' has no scene of the test sites in '{split}'.", 'Name held-out sites under "test" in the split file.')
    return sets


def _prepared_set(prepared: Prepared, split: str, limit: int, side: int) -> Makers:
    """The test places, in all the bands that the dataset has."""
    sites = prepared.sites
    tests = split_places(sites, split)["test"] if split else [site for site in sites if site.part == "test"]
    return {prepared.card.name: lambda: pair_scenes(tests, bands_of(sites), limit, side, prepared.scores)}


def _place_sets(data: str, split: str, limit: int) -> Makers:
    places = split_places(load_places(data), split)["test"]
    return {
        "simulated_rgb": lambda: simulated(places, "massachusetts_2.5m", 40, limit),
        "simulated_rgbn": lambda: simulated(places, "california", 32, limit),
        "real_years": lambda: real_years(places, limit),
        "real_series": lambda: _boadella(data, limit),
        "real_series_at_scale": lambda: _boadella(data, limit, at_scale=True),
        "real_s2": lambda: spread(list(real_scenes(places)), limit),
    }


def _boadella(data: str, limit: int, at_scale: bool = False) -> list[Scene]:
    """The series that no training reads (it is not in ``datasets.places``), in windows."""
    files = sorted(str(path) for path in (Path(data) / "series" / "boadella").glob("*.tif"))
    return list(islice(real_series("boadella", *read_series(files), at_scale=at_scale), limit)) if files else []
