"""The one description of a run, shared by QGIS, the command line, Python and a cluster."""

import dataclasses
import datetime
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from sitsr_core.errors import JobError
from sitsr_core.job_fields import as_text, as_texts, is_number, read_fields, require_whole

MODES = ("mean", "sample", "ensemble")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")
ORIENTATION_COUNTS = (1, 2, 4, 8)
ALL_DATES = "all"
OTHER_FORMATS = (
    ".jpg", ".jpeg", ".png", ".jp2", ".j2k", ".gif", ".bmp", ".webp", ".pdf", ".vrt", ".img", ".nc", ".nc4", ".h5", ".hdf", ".zarr", ".dat",
    ".bil", ".bip", ".bsq", ".asc", ".ntf", ".ecw", ".sid", ".gpkg", ".mbtiles",
)  # fmt: skip
FACTOR = 4


@dataclass
class SuperResolutionJob:
    """What to super-resolve, with what, and where to write it. Plain data: ``to_json`` and ``from_json`` round-trip.

    One input or target date may be given without its list, dates as ``datetime.date``, files as ``pathlib.Path``: they become texts.

    Attributes:
        inputs: rasters (anything GDAL opens, /vsi paths too), one folder, or one stacked raster.
        output: a ``.tif`` or ``.tiff`` file, or a folder (a name without the ending of a raster format), where each date gets a file.
        target_dates: ISO dates; ``["all"]`` for every acquisition; empty for the latest usable one.
        mode: ``mean`` (one evaluation), ``sample`` (one draw in ``steps`` steps) or ``ensemble`` (mean of ``members`` draws, and std).
        steps: denoising steps of a sample.
        members: draws of an ensemble, which come in pairs: an odd number is rounded up.
        orientations: the mean is that of the series turned and mirrored in 1, 2, 4 or 8 ways; each costs another evaluation.
        seed: the same seed gives the same raster.
        model: a bundled model's name or the path of a ``.safetensors`` file; empty for the default.
        dates: input path (or 1-based date position in a stack, as text) -> ISO date; wins over what the files say.
        date_table: CSV with the columns ``layer,date``.
        bands: role (``B02``...) -> 1-based band number, the same for every input.
        scale: reflectance = DN * scale + offset; None to detect.
        offset: see ``scale``.
        masks: path, name or ISO date of an input, a folder for all in it, or "" for all that have no other -> raster whose non-zero
            pixels are clear (or an SCL raster).
        align: warp every date to the grid of the finest pixels (of several the commonest, then the earliest date's) instead of refusing
            mixed grids.
        window: (column, row, width, height) in input pixels; None for all.
        bounds: (xmin, ymin, xmax, ymax) in the input's CRS, or in ``bounds_crs``; None for all.
        bounds_crs: CRS of ``bounds`` as EPSG:4326 or WKT; empty for the input's (of the grid that all are warped to).
        max_dates: acquisitions used for each target date, the nearest usable ones.
        back_projection: iterations that pull the result towards the observed pixels; 0 to switch off.
        uncertainty: write the standard deviation too (always written by ``ensemble``).
        clear_count: write how many clear acquisitions each pixel had.
        output_format: ``GTiff`` (BigTIFF when needed, with overviews) or ``COG``.
        tile: output tile in input pixels; 0 to choose from the memory that is free.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:0``, ``mps``.
        precision: ``auto`` follows the machine.
        threads: CPU threads; 0 for all.
        run_folder: where finished tiles are recorded; empty for ``<output>.sitsr-run``.
        overwrite: replace an existing output.
    """

    inputs: list[str]
    output: str
    target_dates: list[str] = field(default_factory=list)
    mode: str = "mean"
    steps: int = 4
    members: int = 8
    orientations: int = 1
    seed: int = 0
    model: str = ""
    dates: dict[str, str] = field(default_factory=dict)
    date_table: str = ""
    bands: dict[str, int] = field(default_factory=dict)
    scale: float | None = None
    offset: float | None = None
    masks: dict[str, str] = field(default_factory=dict)
    align: bool = False
    window: list[int] | None = None
    bounds: list[float] | None = None
    bounds_crs: str = ""
    max_dates: int = 16
    back_projection: int = 3
    uncertainty: bool = False
    clear_count: bool = False
    output_format: str = "GTiff"
    tile: int = 0
    device: str = "auto"
    precision: str = "auto"
    threads: int = 0
    run_folder: str = ""
    overwrite: bool = False

    def __post_init__(self) -> None:
        self.inputs, self.target_dates = as_texts(self.inputs), as_texts(self.target_dates)
        for name in ("output", "date_table", "model", "run_folder"):
            setattr(self, name, as_text(getattr(self, name)))
        for name in ("dates", "masks"):
            if isinstance(mapping := getattr(self, name), dict):
                setattr(self, name, {as_text(key): as_text(value) for key, value in mapping.items()})

    def validate(self) -> "SuperResolutionJob":
        """Check everything that needs no file. Returns self; raises JobError."""
        if not self.inputs:
            raise JobError("No input layers were given.", "Give at least one multispectral raster.")
        if not self.output:
            raise JobError("No output was given.", "Give a .tif file, or a folder for several dates.")
        if self.output.lower().endswith(OTHER_FORMATS):
            raise JobError(
                f"The output '{self.output}' has the ending of a format that is not written.",
                "End it in .tif (GeoTIFF or COG), or give a folder.",
            )
        if self.mode not in MODES:
            raise JobError(f"Unknown mode '{self.mode}'.", f"Use one of {', '.join(MODES)}.")
        if self.precision not in PRECISIONS:
            raise JobError(f"Unknown precision '{self.precision}'.", f"Use one of {', '.join(PRECISIONS)}.")
        if self.output_format not in ("GTiff", "COG"):
            raise JobError(f"Unknown output format '{self.output_format}'.", "Use GTiff or COG.")
        if self.orientations not in ORIENTATION_COUNTS:
            raise JobError(f"'orientations' is {self.orientations}.", f"Use one of {', '.join(map(str, ORIENTATION_COUNTS))}.")
        limits = {"steps": (1, 1000), "members": (2, 256), "max_dates": (1, 256), "back_projection": (0, 20), "tile": (0, 4096)}
        require_whole(self, {**limits, "threads": (0, 1024)})
        if self.scale is not None and not (is_number(self.scale) and self.scale > 0):
            raise JobError(f"The scale is {self.scale}.", "Give what a number is multiplied by to be reflectance, such as 0.0001.")
        if self.offset is not None and not is_number(self.offset):
            raise JobError(f"The offset is {self.offset}.", "Give the reflectance that is added to the scaled number, such as -0.1.")
        for text in [t for t in self.target_dates if t != ALL_DATES] + list(self.dates.values()):
            parse_date(text)
        return self

    def to_json(self) -> str:
        """The job as indented JSON."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    @classmethod
    def from_dict(cls, values: dict) -> "SuperResolutionJob":
        """A validated job from plain values. Raises JobError for what it does not know."""
        return read_fields(cls, values, _FIELD_KINDS, ("inputs", "output")).validate()

    @classmethod
    def from_json(cls, text: str) -> "SuperResolutionJob":
        """Read what ``to_json`` wrote."""
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise JobError("The job is not valid JSON.", f"Line {error.lineno}, column {error.colno}: {error.msg}.") from error
        except (ValueError, RecursionError) as error:
            raise JobError("The job is not valid JSON.", "A number is too long, or it is nested too deeply.", repr(error)) from error
        return cls.from_dict(values)

    @classmethod
    def from_file(cls, path: str | Path) -> "SuperResolutionJob":
        """Read a job file."""
        try:
            return cls.from_json(Path(path).read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise JobError(f"The job file '{path}' is not text in UTF-8.", "Write it with 'sitsr predict' or QGIS.") from error
        except OSError as error:
            raise JobError(f"The job file '{Path(path).absolute()}' cannot be read: {error.strerror}.", "Check the path.") from error


_FIELD_KINDS = {
    "inputs": "texts", "target_dates": "texts", "dates": "names", "masks": "names", "bands": "bands", "window": "four", "bounds": "four",
    "scale": "number", "offset": "number", "align": "flag", "uncertainty": "flag", "clear_count": "flag", "overwrite": "flag",
    "steps": "whole", "members": "whole", "seed": "whole", "max_dates": "whole", "back_projection": "whole", "tile": "whole",
    "threads": "whole", "orientations": "whole",
}  # fmt: skip


def parse_date(text: str) -> datetime.date:
    """An ISO date (a time after it is dropped). Raises JobError."""
    text = str(text).strip()
    try:
        if not re.fullmatch(r"(T\d\d.*| \d\d:\d\d.*)?", text[10:]):
            raise ValueError(text)
        return datetime.date.fromisoformat(text[:10])
    except ValueError as error:
        raise JobError(f"'{text}' is not a date.", "Write it as YYYY-MM-DD.") from error
