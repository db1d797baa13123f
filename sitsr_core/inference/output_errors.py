"""What went wrong while writing, in the user's words."""

import errno
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rasterio.errors import RasterioError

from sitsr_core.errors import OutputError

_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def output_errors(path: str | Path) -> Iterator[None]:
    """Turn what the system or GDAL says about writing ``path`` into an OutputError."""
    try:
        yield
    except OSError as error:
        raise _explained(path, error) from error
    except RasterioError as error:
        raise _from_gdal(path, str(error)) from error


def _explained(path: str | Path, error: OSError) -> OutputError:
    if error.errno in _FULL:
        return full_disk(path, str(error))
    if error.errno in _NOT_ALLOWED:
        return OutputError(f"'{path}' cannot be written: permission denied.", "Choose a folder you may write to.", str(error))
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return OutputError(f"'{path}' cannot be written: a part of its path is a file, not a folder.", "Choose another place.", str(error))
    if error.errno == errno.ENAMETOOLONG:
        return OutputError(f"'{path}' cannot be written: its name is too long.", "Choose a shorter name for the output.", str(error))
    if isinstance(error, RasterioError):
        return _from_gdal(path, str(error))
    return OutputError(f"'{path}' cannot be written: {error.strerror or error}.", "Choose another place for the output.", str(error))


def full_disk(path: str | Path, detail: str) -> OutputError:
    """The disk that holds ``path`` has no room left."""
    return OutputError(f"The disk that holds '{path}' is full.", "Free some space and run again: the finished tiles are kept.", detail)


def _from_gdal(path: str | Path, text: str) -> OutputError:
    """GDAL gives no error number, and TIFF libraries often no text either: a disk without room is recognised by looking at it."""
    if "no space" in text.lower() or "too large" in text.lower() or _room(path) < 1 << 20:
        return full_disk(path, text)
    if "permission" in text.lower():
        return OutputError(f"'{path}' cannot be written: permission denied.", "Choose a folder you may write to.", text)
    return OutputError(f"GDAL could not write '{path}'.", "The log holds its message.", text)


def _room(path: str | Path) -> int:
    try:
        return shutil.disk_usage(existing_parent(path)).free
    except OSError:
        return 1 << 62


def existing_parent(path: str | Path) -> Path:
    """``path`` itself, or the nearest folder above it that exists."""
    place = Path(os.path.abspath(path))
    while not os.path.exists(place) and place != place.parent:
        place = place.parent
    return place


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def no_silent_gdal_error(path: str | Path) -> Iterator[None]:
    """Raise OutputError for what GDAL only logs: blocks that fail to reach the disk when a dataset is closed."""
    collector = _Collector()
    logger = logging.getLogger("rasterio")
    logger.addHandler(collector)
    try:
        with output_errors(path):
            yield
    finally:
        logger.removeHandler(collector)
    if collector.lines:
        raise _from_gdal(path, " ".join(collector.lines))


def require_space(path: str | Path, needed: int) -> None:
    """Raise OutputError when the disk that will hold ``path`` has less than ``needed`` bytes free."""
    free = _room(path)
    if free < needed:
        raise OutputError(
            f"The run needs about {_size(needed)} on the disk that holds '{path}', and {_size(free)} are free.",
            "Free some space, choose another disk, or super-resolve a smaller area.",
        )


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
