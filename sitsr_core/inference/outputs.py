"""What is written in a job's files besides pixels."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import Resampling

from sitsr_core import __version__
from sitsr_core.inference.output_errors import existing_parent, require_space
from sitsr_core.inference.radiometry import Encoding
from sitsr_core.inference.selection import Selection, is_usable
from sitsr_core.inference.tiling import TILE_STEP, fine_transform
from sitsr_core.inference.writer import RasterSpec
from sitsr_core.job import FACTOR, SuperResolutionJob
from sitsr_core.own_files import RESULT_TAG
from sitsr_core.series.acquisition import Acquisition, Grid, Window
from sitsr_core.series.radiometry import PRODUCT_METADATA, SCALING_TAG, scaling_text

NOTE = "Detail finer than the input's pixels is estimated by a model, not observed"


def require_room(specs: Sequence[RasterSpec], run_folder: Path, share_done: float) -> None:
    """Check the disk before computing: the tiles that are still to come uncompressed, and the outputs compressed (about 0.6 of that)."""
    raw = sum(spec.raw_bytes for spec in specs)
    require_space(existing_parent(run_folder), int(raw * (1 - share_done) + 0.6 * raw))


def is_tagged(acquisition: Acquisition) -> bool:
    """Whether the acquisition's file has scale and offset tags."""
    source = next(iter(acquisition.bands.values()))
    with rasterio.open(source.path) as dataset:
        return (dataset.scales[source.band - 1], dataset.offsets[source.band - 1]) != (1.0, 0.0)


def must_be_tagged(acquisitions: Sequence[Acquisition]) -> bool:
    """Whether results need scale and offset tags though their date's file has none.

    Where dates are stored differently, their results cannot be compared without; and an offset that only a product's metadata told is
    in none of the files that sitsr writes. Dates without anything clear do not count: nothing tells how they are stored.
    """
    usable = list(filter(is_usable, acquisitions))
    if len({(one.scale, one.offset) for one in usable}) > 1:
        return True
    return any(one.offset and one.radiometry_source == PRODUCT_METADATA for one in usable)


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
        names, dtype, nodata = tuple(f"{band} standard deviation (reflectance)" for band in bands), "float32", float("nan")
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
        tags["SITSR_MEMBERS"] = str(job.members + job.members % 2)  # they come in pairs
    return tags


def count_blocks(count: np.ndarray, dtype: str, factor: int = FACTOR) -> np.ndarray:
    """Clear counts (h, w) on the output's grid: (1, factor h, factor w)."""
    return expand(np.minimum(count, np.iinfo(dtype).max).astype(dtype), factor)[None]


def expand(coarse: np.ndarray, factor: int = FACTOR) -> np.ndarray:
    """Each input pixel's value on its output pixels: (h, w) -> (factor h, factor w)."""
    return coarse.repeat(factor, axis=0).repeat(factor, axis=1)
