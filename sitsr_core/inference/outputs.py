"""Which files a job makes, where they go, and what is written in them besides pixels."""

import datetime
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import Resampling

from sitsr_core import __version__
from sitsr_core.errors import OutputError
from sitsr_core.inference.output_errors import existing_parent, output_errors, require_space
from sitsr_core.inference.radiometry import Encoding
from sitsr_core.inference.selection import Selection
from sitsr_core.inference.tiling import TILE_STEP, fine_transform
from sitsr_core.inference.writer import RasterSpec
from sitsr_core.job import ALL_DATES, FACTOR, SuperResolutionJob
from sitsr_core.own_files import RESULT_TAG, RUN_FOLDER
from sitsr_core.series.acquisition import Acquisition, Grid, Window
from sitsr_core.series.radiometry import PRODUCT_METADATA, SCALING_TAG, scaling_text

PREFIX = "sitsr"
NOTE = "Detail finer than the input's pixels is estimated by a model, not observed"
KINDS = ("image", "uncertainty", "clear_count")
_SUFFIX = {"image": "", "uncertainty": "_std", "clear_count": "_clear_count"}


@dataclass(frozen=True)
class OutputFile:
    """One raster that a job delivers; ``kind`` is one of KINDS."""

    path: Path
    date: datetime.date
    kind: str

    def to_dict(self) -> dict:
        """As the result lists it."""
        return {"path": str(self.path), "date": str(self.date), "kind": self.kind}


def writes_folder(job: SuperResolutionJob) -> bool:
    """True when ``job.output`` is a folder: several dates were asked for, or its name is not that of a TIFF."""
    return _several(job) or not job.output.lower().endswith((".tif", ".tiff"))


def _several(job: SuperResolutionJob) -> bool:
    return ALL_DATES in job.target_dates or len(set(job.target_dates)) > 1


def output_files(job: SuperResolutionJob, dates: Sequence[datetime.date]) -> tuple[OutputFile, ...]:
    """Every raster of the job: for each date the image, then the standard deviation and the clear count if wanted."""
    kinds = [kind for kind in KINDS if kind == "image" or (job.clear_count if kind == "clear_count" else gives_std(job))]
    output = Path(job.output)
    files = []
    for date in dates:
        image = output / f"{PREFIX}_{date}.tif" if writes_folder(job) else output
        files += [OutputFile(image.with_name(image.stem + _SUFFIX[kind] + image.suffix), date, kind) for kind in kinds]
    return tuple(files)


def gives_std(job: SuperResolutionJob) -> bool:
    """True when the standard deviation is written."""
    return job.uncertainty or job.mode == "ensemble"


def job_copy_path(job: SuperResolutionJob) -> Path:
    """Where the job that repeats the run is written."""
    output = Path(job.output)
    return output / f"{PREFIX}.job.json" if writes_folder(job) else output.with_name(output.name + ".job.json")


def run_folder_path(job: SuperResolutionJob) -> Path:
    """The job's run folder, beside the output unless another is given."""
    return Path(job.run_folder) if job.run_folder else Path(job.output.rstrip("/\\") + RUN_FOLDER)


def prepare_places(job: SuperResolutionJob, files: Sequence[OutputFile], inputs: Sequence[str]) -> None:
    """Make the folder of the outputs and find out, before anything is computed, that they can be written.

    Raises:
        OutputError: an output exists, is an input, or its folder cannot be written.
    """
    if _several(job) and job.output.lower().endswith((".tif", ".tiff")) and not Path(job.output).is_dir():
        raise OutputError(f"'{job.output}' is a file name, but several dates were asked for.", "Give a folder as the output.")
    taken = {_identity(path) for path in inputs if os.path.exists(path)}
    for file in files:
        with output_errors(file.path):
            exists = os.path.lexists(file.path)
        if exists and _identity(file.path) in taken:
            raise OutputError(f"The output '{file.path}' is one of the inputs.", "Choose another name: inputs are never overwritten.")
        if exists and file.path.is_dir():
            raise OutputError(f"The output '{file.path}' is a folder.", "Give the name of a .tif file.")
        if exists and not job.overwrite:
            raise exists_already(file.path)
    folder = files[0].path.parent
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def exists_already(path: str | Path) -> OutputError:
    """What is said where an output must not be replaced."""
    return OutputError(f"The output '{path}' exists already.", "Choose another name, or allow overwriting (--overwrite).")


def _identity(path: str | Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino


def require_room(specs: Sequence[RasterSpec], run_folder: Path, share_done: float) -> None:
    """Check the disk before computing: the tiles that are still to come uncompressed, and the outputs compressed (about 0.6 of that)."""
    raw = sum(spec.raw_bytes for spec in specs)
    require_space(existing_parent(run_folder), int(raw * (1 - share_done) + 0.6 * raw))


def stored_scaling(acquisition: Acquisition) -> tuple[float, float] | None:
    """Scale and offset tags of the acquisition's file, or None when it has none."""
    source = next(iter(acquisition.bands.values()))
    with rasterio.open(source.path) as dataset:
        scale, offset = dataset.scales[source.band - 1], dataset.offsets[source.band - 1]
    return None if (scale, offset) == (1.0, 0.0) else (float(scale), float(offset))


def must_be_tagged(acquisitions: Sequence[Acquisition]) -> bool:
    """Whether results need scale and offset tags though their date's file has none.

    Where dates are stored differently, their results cannot be compared without; and an offset that only a product's metadata told is
    in none of the files that sitsr writes.
    """
    if len({(one.scale, one.offset) for one in acquisitions}) > 1:
        return True
    return any(one.offset and one.radiometry_source == PRODUCT_METADATA for one in acquisitions)


def raster_spec(
    kind: str,
    bands: tuple[str, ...],
    grid: Grid,
    area: Window,
    encoding: Encoding,
    dates: int,
    any_missing: bool = False,
    factor: int = FACTOR,
) -> RasterSpec:
    """What one output of ``dates`` acquisitions looks like, without its tags; its pixels are ``factor`` times finer than the grid's."""
    names, dtype, nodata, resampling = bands, str(encoding.output_dtype), encoding.declared(any_missing), Resampling.average
    if kind == "uncertainty":
        names, dtype, nodata = tuple(f"{band} std" for band in bands), "float32", float("nan")
    elif kind == "clear_count":
        dtype = "uint8" if dates < 256 else "uint16"
        names, nodata, resampling = ("clear dates",), None, Resampling.nearest
    return RasterSpec(
        width=area.width * factor,
        height=area.height * factor,
        crs=grid.crs,
        transform=fine_transform(grid, area, factor),
        dtype=dtype,
        bands=names,
        nodata=nodata,
        resampling=resampling,
        block=TILE_STEP * factor,
    )


def raster_tags(
    job: SuperResolutionJob, selection: Selection, used: Sequence[Acquisition], encoding: Encoding, model: dict, consistency: dict
) -> dict[str, str]:
    """Where the image comes from. Nothing here depends on the moment or the machine, so that equal runs give equal files.

    Args:
        job: the job.
        selection: of the target date.
        used: the acquisitions used.
        encoding: how the image stores reflectance.
        model: name, version and hash.
        consistency: band -> mean |A x - y|; empty when the target date was not observed.
    """
    tags = {
        "ACQUISITIONDATETIME": str(selection.date),
        "SITSR_VERSION": __version__,
        "SITSR_MODE": job.mode,
        "SITSR_SEED": str(job.seed),
        "SITSR_ORIENTATIONS": str(job.orientations),
        "SITSR_STEPS": str(1 if job.mode == "mean" else job.steps),
        RESULT_TAG: f"{model['name']} {model['version']}".strip(),
        f"{RESULT_TAG}_HASH": model["hash"],
        "SITSR_INPUTS": json.dumps([one.name for one in used]),
        "SITSR_DATES_USED": json.dumps([str(one.date) for one in used]),
        # what makes reflectance of the numbers in the image, and in each input: the files themselves often do not say it
        SCALING_TAG: scaling_text(encoding.scale, encoding.offset),
        "SITSR_INPUT_SCALINGS": f"[{', '.join(scaling_text(one.scale, one.offset) for one in used)}]",
        "SITSR_CONSISTENCY": json.dumps({band: float(f"{value:.6g}") for band, value in consistency.items()}),
        "SITSR_NOTE": NOTE,
    }
    if job.mode == "ensemble":
        tags["SITSR_MEMBERS"] = str(job.members)
    return tags


def count_blocks(count: np.ndarray, dtype: str, factor: int = FACTOR) -> np.ndarray:
    """Clear counts (h, w) on the output's grid: (1, factor h, factor w)."""
    return expand(np.minimum(count, np.iinfo(dtype).max).astype(dtype), factor)[None]


def expand(coarse: np.ndarray, factor: int = FACTOR) -> np.ndarray:
    """Each input pixel's value on its output pixels: (h, w) -> (factor h, factor w)."""
    return coarse.repeat(factor, axis=0).repeat(factor, axis=1)
