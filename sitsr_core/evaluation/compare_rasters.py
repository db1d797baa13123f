"""A super-resolved raster judged against a reference raster of the same place, beside bicubic interpolation of the input if it is given."""

from dataclasses import asdict, dataclass, field

import numpy as np
import torch
from scipy.ndimage import minimum_filter

from sitsr_core import metrics, sensor
from sitsr_core.errors import Cancelled, InputError, JobError
from sitsr_core.evaluation.raster import Raster, read_raster
from sitsr_core.evaluation.scalings import settled
from sitsr_core.inference.events import Listener, Message, Progress, StopQuestion
from sitsr_core.job_fields import read_fields
from sitsr_core.models.card import FACTORS
from sitsr_core.series.acquisition import Window
from sitsr_core.series.header import display_name
from sitsr_core.series.reader import same_crs

TOLERANCE = 0.05  # pixels by which two grids may differ
FIGURES = {"psnr": metrics.psnr, "cpsnr": metrics.cpsnr, "ssim": metrics.ssim, "sam": metrics.sam, "ergas": metrics.ergas}


@dataclass
class ComparisonJob:
    """What to compare: the super-resolved ``image``, the ``reference``, and the coarse ``input`` of the same date if it is at hand.

    ``bands``, ``scale`` and ``offset`` are those of ``SuperResolutionJob``, for all of them; without, each is read as it states itself
    and, where it does not, like the others (``scalings``).
    """

    image: str
    reference: str
    input: str = ""
    bands: dict[str, int] = field(default_factory=dict)
    scale: float | None = None
    offset: float | None = None

    @classmethod
    def from_dict(cls, values: dict) -> "ComparisonJob":
        """A validated job from plain values. Raises JobError."""
        job = read_fields(cls, values, {"bands": "bands", "scale": "number", "offset": "number"}, ("image", "reference"))
        if not job.image or not job.reference:
            raise JobError("No image or no reference was given.", "Give both.")
        return job


def compare_rasters(job: ComparisonJob, tell: Listener, should_stop: StopQuestion) -> dict:
    """Compare them where they overlap, in the bands that they share.

    Pixels near those without data are left out, as far as the shift-tolerant PSNR reaches.

    Returns:
        "rows": method ("result", and "bicubic" with an input) -> figure -> value: psnr and cpsnr in dB, ssim, sam in degrees, ergas, and
        with an input "consistency", the mean |A x - y| in reflectance; "bands", "pixels" (how many counted), "width", "height"; "scalings":
        "image", "reference" and "input" -> "scale", "offset", "source", "guessed".

    Raises:
        InputError: rasters that cannot be read or do not fit each other; ``Cancelled``.
    """
    tell(Progress(0.0, None, "Reading"))
    image, reference = (read_raster(path, job.bands, job.scale, job.offset, tell) for path in (job.image, job.reference))
    coarse = read_raster(job.input, job.bands, job.scale, job.offset, tell) if job.input else None
    image, reference, coarse = settled(image, reference, coarse)
    rasters = {"image": image, "reference": reference} | ({"input": coarse} if coarse else {})
    for one in rasters.values():
        if one.scaling.guessed:
            tell(Message("warning", guess_note(one)))
    bands = tuple(band for band in image.bands if band in reference.bands)
    here, there = overlap(image, reference)
    pixels, seen = image.part(bands, here)
    truth, known = reference.part(bands, there)
    counted = minimum_filter(seen & known, 2 * metrics.SHIFT_TOLERANCE + 1)
    candidates, misfits = {"result": pixels}, {}
    if coarse:
        factor = factor_between(coarse, image)
        whole, _ = image.part(bands, Window(0, 0, image.grid.height, image.grid.width))
        observed, clear = coarse.part(bands, Window(0, 0, coarse.grid.height, coarse.grid.width))
        bicubic = sensor.upsample(torch.from_numpy(observed)[None], factor)[0].numpy()
        candidates["bicubic"] = bicubic[:, here.row : here.row + here.height, here.column : here.column + here.width]
        misfits = {name: misfit(one, observed, clear, bands, factor) for name, one in (("result", whole), ("bicubic", bicubic))}
    rows: dict[str, dict[str, float]] = {name: {} for name in candidates}
    steps = [(name, figure) for name in candidates for figure in FIGURES]
    for number, (name, figure) in enumerate(steps):
        if should_stop():
            raise Cancelled(hint="")
        tell(Progress(0.1 + 0.9 * number / len(steps), None, f"{figure} of {name}"))
        try:
            rows[name][figure] = FIGURES[figure](candidates[name], truth, counted)
        except ValueError as error:
            raise InputError(
                "No pixel is left to compare: all are without data or within the border that is left out.",
                f"Give rasters that overlap by more than {2 * metrics.BORDER} pixels.", str(error),
            ) from error  # fmt: skip
    for name, value in misfits.items():
        rows[name]["consistency"] = value
    border = slice(metrics.BORDER, -metrics.BORDER)
    tell(Progress(1.0, 0.0, "Done"))
    return {
        "rows": rows,
        "bands": list(bands),
        "pixels": int(counted[border, border].sum()),
        "width": here.width,
        "height": here.height,
        "scalings": {name: asdict(one.scaling) for name, one in rasters.items()},
    }


def guess_note(raster: Raster) -> str:
    """What the user should check."""
    one = raster.scaling
    how = f"reflectance = number * {one.scale:.6g} {one.offset:+.6g} is a guess ({one.source})"
    return f"{display_name(raster.path)}: nothing states how its numbers become reflectance; {how}. Give scale and offset to be sure."


def overlap(image: Raster, reference: Raster) -> tuple[Window, Window]:
    """The part they share, in pixels of each. Raises InputError when their pixels do not lie on each other."""
    one, other = image.grid, reference.grid
    a, b, left, d, e, top = one.transform
    steps = np.array([[a, b], [d, e]])
    size = np.abs(
        np.linalg.solve(steps, np.array([[other.transform[0], other.transform[1]], [other.transform[3], other.transform[4]]])) - np.eye(2)
    )
    column, row = np.linalg.solve(steps, np.array([other.transform[2] - left, other.transform[5] - top]))
    off = max(abs(column - round(column)), abs(row - round(row)))
    if not same_crs(one.crs, other.crs) or size.max() * max(one.width, one.height) > TOLERANCE or off > TOLERANCE:
        raise InputError(
            f"The pixels of '{image.path}' and '{reference.path}' do not lie on each other: CRS, pixel size or origin differ.",
            "Warp the reference to the image's grid first (Raster > Projections > Warp).",
        )
    row, column = round(row), round(column)
    top_row, left_column = max(0, row), max(0, column)
    height = min(one.height, row + other.height) - top_row
    width = min(one.width, column + other.width) - left_column
    if min(height, width) <= 2 * metrics.BORDER:
        raise InputError(
            f"'{image.path}' and '{reference.path}' overlap by too little: a border of {metrics.BORDER} pixels is left out.",
            "Give rasters of the same place.",
        )
    return Window(top_row, left_column, height, width), Window(top_row - row, left_column - column, height, width)


def factor_between(coarse: Raster, image: Raster) -> int:
    """How many times finer the image is, one of ``FACTORS``. Raises InputError when it is not exactly the input's extent in such pixels."""
    one, other = coarse.grid, image.grid
    factor = other.width // one.width
    near = np.allclose(one.corners, other.corners, atol=TOLERANCE * max(other.pixel_size))
    fits = factor in FACTORS and (factor * one.width, factor * one.height) == (other.width, other.height)
    if not same_crs(one.crs, other.crs) or not fits or not near:
        raise InputError(
            f"'{image.path}' is not '{coarse.path}' made {' or '.join(map(str, FACTORS))} times finer: CRS, extent or size differ.",
            "Give the input that it was computed from, or none.",
        )
    if missing := [band for band in image.bands if band not in coarse.bands]:
        raise InputError(f"The input '{coarse.path}' lacks {', '.join(missing)}.", "Give the input that the image was computed from.")
    return factor


def misfit(image: np.ndarray, observed: np.ndarray, valid: np.ndarray, bands: tuple[str, ...], factor: int) -> float:
    """Mean |A x - y| in reflectance over the valid coarse pixels whose neighbours are valid too; NaN where there are none."""
    difference = np.abs(sensor.observe(torch.from_numpy(np.ascontiguousarray(image))[None], bands, factor)[0].numpy() - observed)
    counted = minimum_filter(valid, sensor.TAPS_PER_FACTOR + 1)
    return float(difference[:, counted].mean()) if counted.any() else float("nan")
