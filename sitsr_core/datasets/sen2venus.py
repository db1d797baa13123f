"""SEN2VENuS (Michel et al. 2022): Sentinel-2 at 10 m and VENuS at 5 m on the same days, cut into patches, 29 sites, x2.

    <SITE>/index.csv   tab-separated: vns_site, date, nb_patches, tensor_10m_b2b3b4b8, tensor_05m_b2b3b4b8, ..
    ..                 torch tensors of int16, / 10000: N x 4 x 128 x 128 and N x 4 x 256 x 256, named in index.csv

The patches are cloud-free, registered and in one radiometry, so nothing is matched. The layout does not tell which patches of different
dates show one place, and dates have different numbers of them: they are told by what they show. Patches whose pattern of 16 x 16 means
is each other's most alike, with a correlation of ``MIN_LIKENESS`` or more, make one place with a series, every date of which has its fine
image. There is no official split; ``TEST`` and ``VALIDATION`` are whole sites, which is this project's choice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch

from sitsr_core.datasets.pairs import DatasetCard, Entry, Pair
from sitsr_core.datasets.reading import day_of, read_table, require
from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import BANDS

CARD = DatasetCard(
    name="sen2venus",
    title="SEN2VENuS (Michel, Vinasco-Salinas, Inglada and Hagolle 2022)",
    factor=2,
    matched=False,
    licence="Two licences, one of the patches of Sentinel-2 and one of those of VENuS; see the page of the dataset.",
    citation="J. Michel, J. Vinasco-Salinas, J. Inglada, O. Hagolle: SEN2VENµS, a Dataset for the Training of Sentinel-2 Super-Resolution "
    "Algorithms. Data 7(7), 2022.",
    source="https://zenodo.org/records/6514159",
)
TEST = ("ATTO", "FR-LAM", "LERIDA-1", "NARYN")
VALIDATION = ("ARM", "KUDALIAR")
COARSE, FINE = "tensor_10m_b2b3b4b8", "tensor_05m_b2b3b4b8"
SIDE, FINE_SIDE = 128, 256
SCALE = 1e-4
PIXEL = 10.0
CELLS = 16  # a side of the pattern that patches are recognised by
MIN_LIKENESS = 0.6


@dataclass(frozen=True)
class _Date:
    """One date of a site: its day and its tensors, mapped from the disk: (N, 4, SIDE, SIDE) and (N, 4, FINE_SIDE, FINE_SIDE)."""

    day: int
    coarse: torch.Tensor
    fine: torch.Tensor


@dataclass
class _Place:
    """(date, patch) of each date that shows the place, and the sum of their patterns (CELLS^2,)."""

    seen: list[tuple[int, int]] = field(default_factory=list)
    pattern: np.ndarray = field(default_factory=lambda: np.zeros(CELLS**2))


def entries(root: Path) -> Iterator[Entry]:
    """The places of all sites; of each site first what is damaged, whose loading says so. Raises InputError when there is no site."""
    tables = sorted(root.glob("*/index.csv"))
    if not tables:
        raise InputError(f"'{root}' has no site of SEN2VENuS.", "Give the folder that holds the sites, each with its index.csv.")
    for table in tables:
        yield from _site_entries(table)


def _site_entries(table: Path) -> Iterator[Entry]:
    site = table.parent.name
    part = "test" if site in TEST else "validation" if site in VALIDATION else "train"
    try:
        rows = read_table(table, ("date", "nb_patches", COARSE, FINE), "\t")
    except InputError as error:
        yield Entry(site, part, partial(_refuse, error))
        return
    dates = []
    for number, row in enumerate(rows, 2):
        try:
            dates.append(_date(table, number, row))
        except InputError as error:
            yield Entry(f"{site}/line {number}", part, partial(_refuse, error))
    dates.sort(key=lambda date: date.day)
    for number, place in enumerate(same_places([patterns(date.coarse) for date in dates])):
        name = f"{site}/{number:05}"
        yield Entry(name, part, partial(_load, name, [(dates[date], patch) for date, patch in place]))


def _refuse(error: InputError) -> list[Pair]:
    raise error


def _date(table: Path, number: int, row: dict[str, str]) -> _Date:
    require(row["nb_patches"].strip().isdigit(), table, f"has '{row['nb_patches']}' for the number of patches in line {number}")
    day, count = day_of(row["date"], table, f"line {number}"), int(row["nb_patches"])
    coarse, fine = table.parent / row[COARSE].strip(), table.parent / row[FINE].strip()
    sides = (SIDE, SIDE), (FINE_SIDE, FINE_SIDE)
    return _Date(day, _tensor(coarse, (count, len(BANDS), *sides[0])), _tensor(fine, (count, len(BANDS), *sides[1])))


def _tensor(path: Path, shape: tuple[int, ...]) -> torch.Tensor:
    """A tensor of whole numbers, mapped into memory. Raises InputError."""
    try:
        tensor = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        raise InputError(f"The training image '{path}' cannot be read.", "Remove it or fetch it again.", str(error)) from error
    require(isinstance(tensor, torch.Tensor) and tensor.dtype == torch.int16, path, "is not a tensor of 16-bit whole numbers")
    sizes = " x ".join(map(str, tensor.shape)), " x ".join(map(str, shape))
    require(tuple(tensor.shape) == shape, path, f"holds {sizes[0]} numbers instead of {sizes[1]}")
    return tensor


def patterns(coarse: torch.Tensor) -> np.ndarray:
    """What patches are recognised by: (N, 4, SIDE, SIDE) -> (N, CELLS^2), mean 0, length 1."""
    cell = SIDE // CELLS
    found = [patch.float().mean(0).reshape(CELLS, cell, CELLS, cell).mean((1, 3)).flatten() for patch in coarse]
    if not found:
        return np.zeros((0, CELLS**2))
    stacked = torch.stack(found).double().numpy()
    stacked = stacked - stacked.mean(1, keepdims=True)
    return stacked / np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-9)


def same_places(dates: list[np.ndarray]) -> list[list[tuple[int, int]]]:
    """The places of a site from its dates' patterns (N, CELLS^2): of each its (date, patch), in the order of the dates.

    A patch joins the place that it is most like if that place is most like it, and alike enough; else it is a new place.
    """
    places: list[_Place] = []
    for number, found in enumerate(dates):
        homes: dict[int, _Place] = {}
        if places and len(found):
            known = np.stack([place.pattern for place in places])
            likeness = found @ (known / np.maximum(np.linalg.norm(known, axis=1, keepdims=True), 1e-9)).T
            best_place, best_patch = likeness.argmax(1), likeness.argmax(0)
            for patch, place in enumerate(best_place):
                if best_patch[place] == patch and likeness[patch, place] >= MIN_LIKENESS:
                    homes[patch] = places[place]
        for patch, pattern in enumerate(found):
            if patch not in homes:
                places.append(_Place())
            home = homes.get(patch, places[-1])
            home.seen.append((number, patch))
            home.pattern = home.pattern + pattern
    return [place.seen for place in places]


def _load(name: str, seen: list[tuple[_Date, int]]) -> list[Pair]:
    stored = np.stack([date.coarse[patch].numpy() for date, patch in seen])
    clear = np.asarray((stored > 0).any(1))
    series = np.where(clear[:, None], stored * np.float32(SCALE), 0).astype(np.float32)
    days = np.array([date.day for date, _ in seen], np.float32)
    pairs = []
    for date, patch in seen:
        fine = date.fine[patch].numpy()
        valid = np.asarray((fine > 0).any(0))
        reference = np.where(valid, fine * np.float32(SCALE), 0).astype(np.float32)
        pairs.append(Pair(name, BANDS, series, days, clear, reference, date.day, valid, PIXEL))
    return pairs
