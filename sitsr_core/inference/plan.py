"""Everything that is decided before the first tile is computed. One record, made once, read by the rest of the run."""

import dataclasses
import datetime
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import rasterio
from rasterio.errors import RasterioError

from sitsr_core import __version__
from sitsr_core.errors import InputError, ModelError
from sitsr_core.inference.area import job_area
from sitsr_core.inference.clear_share import clear_within, clearer
from sitsr_core.inference.device import DeviceChoice
from sitsr_core.inference.outputs import is_tagged, must_be_tagged, raster_spec
from sitsr_core.inference.places import OutputFile, output_files, require_free
from sitsr_core.inference.radiometry import Encoding
from sitsr_core.inference.selection import Selection, is_usable, select, target_dates
from sitsr_core.inference.writer import RasterSpec
from sitsr_core.job import SuperResolutionJob
from sitsr_core.models.network import SuperResolver
from sitsr_core.series.acquisition import Acquisition, Window
from sitsr_core.series.image_series import ImageSeries

# What the result's bytes do not depend on: an interrupted run resumes when one of these is changed.
_INDIFFERENT = {"output", "run_folder", "overwrite", "tile", "threads", "output_format", "device", "precision"}


@dataclass(frozen=True)
class Plan:
    """What a run will do.

    Attributes:
        job: the job.
        series: the open series.
        area: input pixels to deliver.
        selections: one a target date.
        encodings: how each target date's image is stored.
        scaling: scale and offset tags of each target date's image, or None.
        files: every raster to deliver.
        indices: acquisitions that are read at all.
        model: name, version and hash.
        factor: output pixels in an input pixel, along an axis.
    """

    job: SuperResolutionJob
    series: ImageSeries
    area: Window
    selections: tuple[Selection, ...]
    encodings: dict[datetime.date, Encoding]
    scaling: dict[datetime.date, tuple[float, float] | None]
    files: tuple[OutputFile, ...]
    indices: tuple[int, ...]
    model: dict[str, str]
    factor: int

    def spec(self, file: OutputFile, any_missing: bool = False) -> RasterSpec:
        """What one output looks like, without its tags."""
        dates = next(len(s.indices) for s in self.selections if s.date == file.date)
        encoding = self.encodings[file.date]
        spec = raster_spec(file.kind, self.series.bands, self.series.grid, self.area, encoding, dates, any_missing, self.factor)
        return dataclasses.replace(spec, scaling=self.scaling[file.date]) if file.kind == "image" else spec

    def pixels(self) -> int:
        """Input pixels times target dates."""
        return self.area.height * self.area.width * len(self.selections)

    def fingerprint(self, choice: DeviceChoice) -> dict:
        """Plain values on which the bytes of the result depend; the tile size is kept beside it."""
        fields = {k: v for k, v in dataclasses.asdict(self.job).items() if k not in _INDIFFERENT}
        return {
            "version": __version__,
            "job": fields,
            "model": self.model["hash"],
            "device": choice.device.split(":")[0],
            "precision": choice.precision,
            "targets": [str(s.date) for s in self.selections],
            "files": _file_states(input_paths(self.job, self.series.acquisitions)),
        }


@dataclass(frozen=True)
class Targets:
    """What is delivered: the area in input pixels, the dates, and every raster of them; and how clear the acquisitions are there."""

    area: Window
    acquisitions: tuple[Acquisition, ...]
    dates: tuple[datetime.date, ...]
    files: tuple[OutputFile, ...]


def choose_targets(job: SuperResolutionJob, series: ImageSeries) -> Targets:
    """Choose dates, area and outputs, before there is a model.

    Of a part of the image, the date that nobody asked for is one that is clear there, and dates count as usable that are clear there or in
    the whole image: so a part is the crop of the whole but for dates that hardly show anything of the whole.

    Raises:
        InputError, JobError: the target dates or the area do not fit the series.
        OutputError: an output exists or is an input.
    """
    area = job_area(series.grid, job.window, job.bounds, job.bounds_crs)
    acquisitions = here = series.acquisitions
    if (area.height, area.width) != (series.grid.height, series.grid.width):
        here = clear_within(series, area)
        acquisitions = clearer(here, acquisitions)
    dates = target_dates(here if not job.target_dates and any(map(is_usable, here)) else acquisitions, job.target_dates)
    files = output_files(job, dates)
    require_free(job, files, input_paths(job, series.acquisitions))
    return Targets(area, acquisitions, dates, files)


def make_plan(job: SuperResolutionJob, series: ImageSeries, targets: Targets, model: SuperResolver, model_id: dict[str, str]) -> Plan:
    """Choose what each target date is computed from, and how it is stored. Computes nothing.

    Raises:
        InputError: an input can no longer be read.
        ModelError: the model is for other bands.
    """
    _check_bands(series.bands, model)
    limit = max(1, min(job.max_dates, model.card.dates[1] if model.card else job.max_dates))
    selections = tuple(select(targets.acquisitions, date, limit) for date in targets.dates)
    sources = {s.date: series.acquisitions[s.radiometry] for s in selections}
    try:
        always = must_be_tagged(series.acquisitions)
        scaling = {date: (one.scale, one.offset) if always or is_tagged(one) else None for date, one in sources.items()}
    except RasterioError as error:
        raise InputError("An input can no longer be read.", "It may have been moved while the run was starting.", str(error)) from error
    return Plan(
        job=job,
        series=series,
        area=targets.area,
        selections=selections,
        encodings={date: Encoding(series.dtype, a.scale, a.offset, series.nodata) for date, a in sources.items()},
        scaling=scaling,
        files=targets.files,
        indices=tuple(sorted({i for s in selections for i in (*s.indices, *([] if s.observed is None else [s.observed]))})),
        model=model_id,
        factor=model.config.factor,
    )


def _check_bands(bands: tuple[str, ...], model: SuperResolver) -> None:
    expected = tuple(model.config.bands)
    if bands not in (expected, expected[:-1]):
        raise ModelError(
            f"The model is for the bands {', '.join(expected)}, and the series has {', '.join(bands)}.",
            "Choose a model for these bands, or assign the bands by hand.",
        )


def input_paths(job: SuperResolutionJob, acquisitions: Sequence[Acquisition]) -> list[str]:
    """Every file that the job reads pixels or dates from."""
    paths = set(job.inputs) | set(job.masks.values()) | ({job.date_table} if job.date_table else set())
    for acquisition in acquisitions:
        sources = [*acquisition.bands.values(), *([acquisition.mask] if acquisition.mask is not None else [])]
        paths |= {source.path for source in sources}
    for path in sorted(paths):
        with suppress(RasterioError, OSError), rasterio.open(path) as dataset:
            paths |= set(dataset.files)  # what a VRT or a SAFE folder points to
    return sorted(paths)


def _file_states(paths: Sequence[str]) -> list:
    states = []
    for path in paths:
        with suppress(OSError):
            if Path(path).is_file():
                status = os.stat(path)
                states.append([os.path.abspath(path), status.st_size, status.st_mtime_ns])
                continue
        states.append([path])
    return states
