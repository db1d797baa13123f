"""Which files a job makes, where they go, and whether they may be written there. Nothing here needs the model or its library."""

import datetime
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sitsr_core.errors import OutputError
from sitsr_core.inference.output_errors import existing_parent, output_errors
from sitsr_core.job import ALL_DATES, SuperResolutionJob, parse_date
from sitsr_core.own_files import RUN_FOLDER

PREFIX = "sitsr"
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
    """Where the job that repeats the run is written; in a folder, that of a single date is named after it."""
    output, dates = Path(job.output), job.target_dates
    if not writes_folder(job):
        return output.with_name(output.name + ".job.json")
    date = f"_{parse_date(dates[0])}" if len(dates) == 1 and dates != [ALL_DATES] else ""
    return output / f"{PREFIX}{date}.job.json"


def run_folder_path(job: SuperResolutionJob) -> Path:
    """The job's run folder, beside the output unless another is given."""
    return Path(job.run_folder) if job.run_folder else Path(job.output.rstrip("/\\") + RUN_FOLDER)


def require_places(job: SuperResolutionJob) -> None:
    """Find out what the job alone tells of whether its outputs can be written, before the series is opened. Makes no folder.

    Raises:
        OutputError: an output exists, is an input, or its folder cannot be written.
    """
    dates = [parse_date(text) for text in job.target_dates if text != ALL_DATES]
    files = output_files(job, sorted(set(dates)) if writes_folder(job) else [datetime.date.min])
    require_free(job, files, [*job.inputs, *job.masks.values(), job.date_table])
    folder = Path(job.output) if writes_folder(job) else Path(job.output).parent
    for path in (folder, run_folder_path(job)):
        _try_writing(path, existing_parent(path))
    for path in (*(file.path for file in files), job_copy_path(job), run_folder_path(job)):
        _require_short_name(path)


def require_place(path: Path) -> None:
    """Raise OutputError when no file or folder of this name can be made. Makes no folder."""
    _try_writing(path, existing_parent(path.parent))
    _require_short_name(path)


def require_free(job: SuperResolutionJob, files: Sequence[OutputFile], inputs: Iterable[str]) -> None:
    """Raise OutputError for an output that exists, that is an input, or whose place is taken by a folder."""
    if _several(job) and job.output.lower().endswith((".tif", ".tiff")) and not os.path.isdir(job.output):
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


def _try_writing(path: Path, folder: Path) -> None:
    """Raise OutputError for ``path`` when no file can be made in ``folder``."""
    with output_errors(path), tempfile.TemporaryFile(dir=folder):
        pass


def _require_short_name(path: Path) -> None:
    """Raise OutputError when a part of the path that is to be made has a longer name than the disk takes."""
    parent = existing_parent(path)
    for name in Path(os.path.abspath(path)).relative_to(parent).parts:
        with output_errors(path), suppress(FileNotFoundError):
            os.lstat(parent / name)


def exists_already(path: str | Path) -> OutputError:
    """What is said where an output must not be replaced."""
    hint = "Choose another name, or allow overwriting (--overwrite, or overwrite=True in a job)."
    return OutputError(f"The output '{path}' exists already.", hint)


def _identity(path: str | Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino
