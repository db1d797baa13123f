"""A fine image of the user's becomes a Sentinel-2-like series of pixels four times coarser, with all that is not known of a real one."""

import csv
import datetime
import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rasterio
import torch
from rasterio.transform import Affine
from torch import Tensor

from sitsr_core import sensor
from sitsr_core.datasets import observation
from sitsr_core.datasets.simulate import MARGIN
from sitsr_core.demo.scene import write_raster
from sitsr_core.errors import Cancelled, InputError, JobError
from sitsr_core.inference.events import Listener, Message, Progress, StopQuestion
from sitsr_core.inference.output_errors import output_errors
from sitsr_core.job import parse_date
from sitsr_core.job_fields import read_fields, require_real, require_whole
from sitsr_core.series.acquisition import Window
from sitsr_core.series.image_series import ImageSeries
from sitsr_core.whole_file import write_whole

MOST_PIXELS = 4096 * 4096
LEAST_SIDE = 8  # coarse pixels
REPEAT_DAYS = 5  # of the two satellites together
COVER = (0.1, 0.7)  # share of a cloudy date's image under cloud
GAIN, OFFSET = 0.03, 0.001  # how far dates differ in brightness: relative, and in reflectance
SERIES, MASKS, TABLE = "series", "masks", "shifts.csv"


@dataclass
class SimulationJob:
    """What to simulate.

    Attributes:
        input: the fine image.
        folder: where the series goes: ``series`` and ``masks``, one GeoTIFF a date in each, and the table ``shifts.csv``.
        truth: path of the fine image as the series shows it, a .tif.
        count: number of dates.
        first_date: the reference: seen without shift, cloud or change of brightness, so that its truth is known. Others follow it.
        cloudy: share of the other dates that have clouds, 0..1.
        shift: half-width in coarse pixels of the uniform shifts.
        noise: its std at a reflectance of 0.15.
        seed: the same seed gives the same files.
        bands, scale, offset: as in ``SuperResolutionJob``.
    """

    input: str
    folder: str
    truth: str = ""
    count: int = 8
    first_date: str = "2024-06-01"
    cloudy: float = 0.3
    shift: float = 0.5
    noise: float = 0.001
    seed: int = 0
    bands: dict[str, int] = field(default_factory=dict)
    scale: float | None = None
    offset: float | None = None

    @classmethod
    def from_dict(cls, values: dict) -> "SimulationJob":
        """A validated job from plain values. Raises JobError."""
        kinds = {"count": "whole", "seed": "whole", "cloudy": "real", "shift": "real", "noise": "real"}
        job = read_fields(cls, values, {**kinds, "bands": "bands", "scale": "number", "offset": "number"}, ("input", "folder"))
        if not job.input or not job.folder:
            raise JobError("No fine image or no folder for the series was given.", "Give both.")
        require_whole(job, {"count": (1, 100), "seed": (0, 2**31 - 1)})
        require_real(job, {"cloudy": (0, 1), "shift": (0, 1), "noise": (0, 0.1)})
        parse_date(job.first_date)
        return job


@dataclass(frozen=True)
class FineImage:
    """reflectance (C, H, W), NaN without data; its bands and place."""

    reflectance: Tensor
    bands: tuple[str, ...]
    transform: Affine
    crs: str


def simulate_series(job: SimulationJob, tell: Listener, should_stop: StopQuestion) -> dict:
    """Write the series, its masks (1 where clear), the table of true shifts and the truth.

    Returns:
        "series": {"path", "mask", "date", "shift_row", "shift_column", "clear_percent"} a date; "truth", "table", "folder", "masks".

    Raises:
        SitsrError: an image that cannot be used or a folder that cannot be written; ``Cancelled``.
    """
    tell(Progress(0.0, None, "Reading the fine image"))
    fine = read_fine(job, tell)
    height, width = ((side - 2 * MARGIN) // sensor.FACTOR for side in fine.reflectance.shape[1:])
    place = fine.transform @ Affine.translation(MARGIN, MARGIN)
    folder, generator = Path(job.folder), torch.Generator().manual_seed(job.seed)
    truth = Path(job.truth) if job.truth else folder / "truth.tif"
    inner = (slice(None), slice(MARGIN, MARGIN + sensor.FACTOR * height), slice(MARGIN, MARGIN + sensor.FACTOR * width))
    dates = series_dates(job, generator)
    rows = []
    with output_errors(folder):
        for part in (SERIES, MASKS):
            (folder / part).mkdir(parents=True, exist_ok=True)
    for number, date in enumerate(dates):
        if should_stop():
            raise Cancelled("Cancelled: the series is not complete.", hint="")
        tell(Progress(number / len(dates), None, f"Date {number + 1} of {len(dates)}"))
        shift, pixels, clear = see(fine, (height, width), job, number > 0, generator)
        path, mask = folder / SERIES / f"simulated_{date}.tif", folder / MASKS / f"clear_{date}.tif"
        with output_errors(path):
            write_raster(path, pixels.numpy(), place @ Affine.scale(sensor.FACTOR), fine.bands, fine.crs, date)
            write_mask(mask, clear.numpy(), place @ Affine.scale(sensor.FACTOR), fine.crs)
        share = round(100 * float(clear.float().mean()), 1)
        row, column = (round(float(one), 4) + 0.0 for one in shift)
        rows.append({"path": str(path), "mask": str(mask), "date": date, "shift_row": row, "shift_column": column, "clear_percent": share})
    with output_errors(truth):
        truth.parent.mkdir(parents=True, exist_ok=True)
        write_raster(truth, fine.reflectance[inner].numpy(), place, fine.bands, fine.crs, dates[0])
    write_whole(folder / TABLE, table(rows))
    tell(Progress(1.0, 0.0, "Done"))
    return {"series": rows, "truth": str(truth), "table": str(folder / TABLE), "folder": str(folder / SERIES), "masks": str(folder / MASKS)}


def read_fine(job: SimulationJob, tell: Listener) -> FineImage:
    """The image in reflectance. Raises InputError when it is too large or too small to simulate from."""
    dates = {job.input: job.first_date}
    with ImageSeries.open([job.input], dates=dates, bands=job.bands, scale=job.scale, offset=job.offset, estimate=False) as image:
        grid = image.grid
        size = f"'{job.input}' has {grid.width} x {grid.height} pixels"
        if grid.width * grid.height > MOST_PIXELS:
            raise InputError(f"{size}, more than a simulation takes ({MOST_PIXELS:,}).", "Clip a part of it first.")
        least = sensor.FACTOR * LEAST_SIDE + 2 * MARGIN
        if min(grid.width, grid.height) < least:
            raise InputError(f"{size}, and each side needs {least} or more.", "Take a larger part of it.")
        for text in image.warnings:
            tell(Message("warning", text))
        window = image.read(Window(0, 0, grid.height, grid.width), [0])
        reflectance = torch.from_numpy(window.reflectance[0]).masked_fill(~torch.from_numpy(window.valid[0]), torch.nan)
        if not torch.isfinite(reflectance).any():
            raise InputError(f"'{job.input}' holds nothing but no-data.", "Give an image with data.")
        return FineImage(reflectance, tuple(image.bands), Affine(*grid.transform), grid.crs)


def series_dates(job: SimulationJob, generator: torch.Generator) -> list[str]:
    """ISO dates from the first on, one to three repeat cycles apart."""
    day, dates = parse_date(job.first_date), []
    for _ in range(job.count):
        dates.append(day.isoformat())
        day += datetime.timedelta(days=REPEAT_DAYS * int(torch.randint(1, 4, (), generator=generator)))
    return dates


def see(
    fine: FineImage, size: tuple[int, int], job: SimulationJob, moves: bool, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """One date: shift (2,), pixels (C, h, w) with NaN where the sensor saw no data, clear mask (h, w)."""
    shift = moves * job.shift * (2 * torch.rand(2, generator=generator) - 1)
    drift = moves * torch.randn(2, len(fine.bands), 1, 1, generator=generator)
    cloudy = moves and float(torch.rand((), generator=generator)) < job.cloudy
    cover = COVER[0] + (COVER[1] - COVER[0]) * float(torch.rand((), generator=generator))
    empty = ~torch.isfinite(fine.reflectance)
    pixels = observation.project(fine.reflectance.nan_to_num(), fine.bands, shift, size)
    missing = observation.project(empty.any(0, keepdim=True).float(), fine.bands[:1], shift, size)[0] > 1e-3
    pixels = pixels * torch.exp(GAIN * drift[0]) + OFFSET * drift[1]
    pixels, clear = observation.pass_clouds(pixels, observation.field(size, generator), cover if cloudy else 0.0)
    pixels = observation.add_noise(pixels, job.noise, generator)
    return shift, pixels.masked_fill(missing, torch.nan), clear & ~missing


def write_mask(path: Path, clear: np.ndarray, transform: Affine, crs: str) -> None:
    """A byte raster, 1 where clear."""
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "height": clear.shape[0], "width": clear.shape[1], "compress": "deflate"}
    with rasterio.open(path, "w", **profile, crs=crs or None, transform=transform) as raster:
        raster.write(clear.astype(np.uint8), 1)
        raster.descriptions = ("clear",)


def table(rows: list[dict]) -> str:
    """The true shifts as CSV. Its first columns are those of a table of dates."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("layer", "date", "shift_row", "shift_column", "clear_percent"))
    for row in rows:
        writer.writerow((Path(row["path"]).name, row["date"], row["shift_row"], row["shift_column"], row["clear_percent"]))
    return text.getvalue()
