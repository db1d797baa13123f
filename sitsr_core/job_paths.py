"""The paths of a job made absolute, so that the job can be run from any folder."""

import dataclasses
import datetime
import os

from sitsr_core.job import SuperResolutionJob


def with_absolute_paths(job: SuperResolutionJob) -> SuperResolutionJob:
    """The job with absolute paths wherever it names a local file or folder.

    What is no local file stays as it is: ``/vsi`` paths, URLs, GDAL's subdatasets, names of bundled models, and the names and dates that
    stand for an input in ``dates`` and ``masks``.
    """
    return dataclasses.replace(
        job,
        inputs=[_absolute(path) for path in job.inputs],
        output=_absolute_output(job.output),
        run_folder=os.path.abspath(job.run_folder) if job.run_folder else "",
        date_table=_absolute(job.date_table),
        model=_absolute(job.model) if os.path.splitext(job.model)[1] or os.path.dirname(job.model) else job.model,
        dates={_absolute(key) if os.path.dirname(key) else key: date for key, date in job.dates.items()},
        masks={_absolute_key(key): _absolute(path) for key, path in job.masks.items()},
    )


def _absolute(path: str) -> str:
    return os.path.abspath(path) if path and os.path.exists(path) else path


def _absolute_output(path: str) -> str:
    """A slash at the end stays: it says that the output is a folder."""
    found = os.path.abspath(path)
    return os.path.join(found, "") if path.endswith(("/", os.sep)) else found


def _absolute_key(key: str) -> str:
    """A bare file name or date means an input wherever that lies; what has folders in it, or is one, is a path."""
    return _absolute(key) if os.path.dirname(key) or (os.path.isdir(key) and not _is_date(key)) else key


def _is_date(key: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(key))
    except ValueError:
        return False
