"""Held-out scenes to judge a model on: simulated series that stand still, and real other dates.

A scene is a series with a fine truth. ``simulated`` keeps the place still and knows each shift to 0.1 pixel: what several dates can add.
``real_years`` shows the place in its real other years, and ``real_series`` degrades a real Sentinel-2 series from 10 m to 40 m: whether
other real dates help or harm.
"""

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from sitsr_core import sensor
from sitsr_core.datasets.places import Place, load_places
from sitsr_core.datasets.simulate import MARGIN, STEADY, simulate
from sitsr_core.datasets.split import split_places
from sitsr_core.errors import InputError
from sitsr_core.models.network import SeriesBatch
from sitsr_core.series.acquisition import Window
from sitsr_core.series.image_series import ImageSeries

DATES = 16
SHIFT_ERROR = 0.1  # coarse pixels
CLEAR_DATE = 0.98


@dataclass
class Scene:
    """One series (batch of 1), its truth (C, 4h, 4w) and where it counts (4h, 4w)."""

    name: str
    series: SeriesBatch
    truth: np.ndarray
    mask: np.ndarray

    def observed(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The reference date's reflectance (1, C, h, w) and clear mask (1, 1, h, w)."""
        reference = int(self.series.reference[0])
        return self.series.reflectance[:, reference], self.series.clear[:, reference, None]

    def with_dates(self, number: int) -> "Scene":
        """The scene with the reference and the next ``number`` - 1 dates."""
        reference = int(self.series.reference[0])
        order = [reference] + [i for i in range(self.series.days.shape[1]) if i != reference]
        return self.pick(order[:number])

    def pick(self, order: list[int]) -> "Scene":
        """The scene with the dates of ``order``, whose first is the reference."""
        s = self.series
        fields = {n: getattr(s, n)[:, order] for n in ("reflectance", "clear", "shift", "shift_known", "days")}
        return dataclasses.replace(self, series=SeriesBatch(**fields, reference=torch.zeros(1, dtype=torch.long)))

    def with_shuffled_shifts(self) -> "Scene":
        """The shifts of the other dates dealt out wrongly: shows whether they are used."""
        shift = self.series.shift.clone()
        shift[:, 1:] = shift[:, 1:].roll(1, 1)
        return dataclasses.replace(self, series=dataclasses.replace(self.series, shift=shift))


def _scene(name: str, crops: np.ndarray, days: np.ndarray, intrinsic: np.ndarray, seed: int) -> Scene:
    """A steady simulation of crops (T, C, 4h + 2 MARGIN, 4w + 2 MARGIN), whose first is the truth; intrinsic (T, 2) coarse pixels."""
    generator = torch.Generator().manual_seed(seed)
    bands = crops.shape[1]
    batch = simulate(
        torch.from_numpy(crops)[None], torch.ones(1, bands), torch.from_numpy(days)[None], torch.zeros(1, dtype=torch.long),
        torch.from_numpy(intrinsic)[None], torch.ones(1, *crops.shape[2:]), STEADY, generator, bands=("B02", "B03", "B04", "B08")[:bands],
    )  # fmt: skip
    series = batch.series
    series.shift[:, 1:] += SHIFT_ERROR * torch.randn(series.shift[:, 1:].shape, generator=generator)
    return Scene(name, series, batch.truth[0].numpy(), np.ones(batch.truth.shape[-2:], bool))


def _spread(items: list, limit: int) -> list:
    """At most ``limit`` of the items, taken evenly."""
    return items[:: max(1, len(items) // limit)][:limit]


def simulated(places: list[Place], source: str, coarse: int, limit: int) -> Iterator[Scene]:
    """Still scenes of one source with 16 dates: shifts uniform in +-0.5 coarse pixels, known to 0.1, noise 0.002."""
    corners = [(p, _most_valid(p.valid, 4 * coarse)) for p in places if p.source == source and min(p.valid.shape) >= 4 * coarse]
    chosen = [(p, (r, c)) for p, (r, c) in corners if p.valid[r : r + 4 * coarse, c : c + 4 * coarse].all()]
    for number, (place, (row, column)) in enumerate(_spread(chosen, limit)):
        crop = place.crop(0, row - MARGIN, column - MARGIN, 4 * coarse + 2 * MARGIN)
        days = np.linspace(0, 150, DATES).astype(np.float32)
        yield _scene(place.name, np.repeat(crop[None], DATES, 0), days, np.zeros((DATES, 2), np.float32), number)


def real_years(places: list[Place], limit: int) -> Iterator[Scene]:
    """Fine places seen in several years: the truth is one year, the series its own and the other years' simulated acquisitions."""
    chosen = [p for p in places if p.source == "california" and len(p.days) > 1]
    for number, place in enumerate(_spread(chosen, limit)):
        first = number % len(place.days)
        order = [first] + [d for d in range(len(place.days)) if d != first]
        size = min(place.valid.shape) // 4 * 4
        crops = np.stack([place.crop(d, -MARGIN, -MARGIN, size + 2 * MARGIN) for d in order])
        days = (place.days[order] - place.days[first]).astype(np.float32)
        intrinsic = ((place.shifts[order] - place.shifts[first]) / 4).astype(np.float32)
        yield _scene(place.name, crops, days, intrinsic, 1000 + number)


def real_series(
    name: str, reflectance: np.ndarray, clear: np.ndarray, days: np.ndarray, shifts: np.ndarray, known: np.ndarray
) -> Iterator[Scene]:
    """Every clear date of a real series as truth at its own resolution, the whole series degraded by 4 as input.

    Args:
        name: of the series.
        reflectance: (T, C, H, W); H and W multiples of 4.
        clear: (T, H, W) bool.
        days: (T,).
        shifts: (T, 2) of each date, in the series' own pixels.
        known: (T,) bool, whether the shift could be estimated.
    """
    bands = ("B02", "B03", "B04", "B08")[: reflectance.shape[1]]
    coarse = sensor.observe(torch.from_numpy(reflectance), bands)
    seen = torch.from_numpy(clear.reshape(len(clear), clear.shape[1] // 4, 4, clear.shape[2] // 4, 4).all((2, 4))).float()
    usable = [i for i in range(len(days)) if clear[i].mean() > CLEAR_DATE]
    for target in usable:
        order = [target, *sorted((i for i in usable if i != target), key=lambda i: abs(days[i] - days[target]))]
        told = torch.from_numpy(known[order] & known[target])[None].float()
        told[:, 0] = 1  # of the reference against itself
        series = SeriesBatch(
            reflectance=coarse[order][None] * seen[order][None, :, None], clear=seen[order][None],
            shift=torch.from_numpy((shifts[order] - shifts[target]) / 4)[None].float() * told[..., None], shift_known=told,
            days=torch.from_numpy(days[order] - days[target])[None].float(), reference=torch.zeros(1, dtype=torch.long),
        )  # fmt: skip
        yield Scene(f"{name}/{np.datetime64(int(days[target]), 'D')}", series, reflectance[target], clear[target])


def _most_valid(valid: np.ndarray, side: int) -> tuple[int, int]:
    """Corner of the window with the most valid pixels, on a lattice of 16."""
    corners = [(r, c) for r in range(0, valid.shape[0] - side + 1, 16) for c in range(0, valid.shape[1] - side + 1, 16)]
    return max(corners, key=lambda rc: valid[rc[0] : rc[0] + side, rc[1] : rc[1] + side].mean())


def read_series(files: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(reflectance, clear, days, shifts, known) for ``real_series``, as the product reads it; cropped to whole blocks of four pixels."""
    with ImageSeries.open(files) as series:
        height, width = series.grid.height // 4 * 4, series.grid.width // 4 * 4
        pixels = series.read(Window(0, 0, height, width))
        days = np.array([(a.date - datetime.date(1970, 1, 1)).days for a in series.acquisitions])
        shifts = np.array([a.shift for a in series.acquisitions], np.float32)
        known = np.array([a.shift_known for a in series.acquisitions])
    return pixels.reflectance, pixels.clear, days, shifts, known


def held_out(data: str, split: str, limit: int) -> dict[str, list[Scene]]:
    """The project's held-out sets by name, from the data folder of the training (``datasets.places``), at most ``limit`` scenes each.

    A set without a scene is left out. Raises InputError when all are.
    """
    places = split_places(load_places(data), split)["test"]
    sets = {
        "simulated_rgb": list(simulated(places, "massachusetts_2.5m", 40, limit)),
        "simulated_rgbn": list(simulated(places, "california", 32, limit)),
        "real_years": list(real_years(places, limit)),
    }
    files = sorted(str(path) for path in (Path(data) / "series" / "boadella").glob("*.tif"))
    if files:
        sets["real_series"] = list(real_series("boadella", *read_series(files)))
    sets = {name: scenes for name, scenes in sets.items() if scenes}
    if not sets:
        raise InputError(f"'{data}' has no scene of the test sites in '{split}'.", 'Name held-out sites under "test" in the split file.')
    return sets
