"""One run at a time in a run folder: a lock that the system lets go when the process ends, however it ends."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from sitsr_core.errors import OutputError
from sitsr_core.own_files import RUN_LOCK


class RunLock:
    """Holds a run folder, which is made when missing, until it is released or the process ends; a killed one leaves no stale lock.

    Raises:
        OutputError: another run holds the folder.
        OSError: the folder cannot be written.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._made = [place for place in folder.parents if not place.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        self._descriptor: int | None = _acquire(folder)

    def release(self) -> None:
        """Let another run have the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def remove(self) -> None:
        """Release it, and delete the lock's file, and the folder if nothing else is in it; so too those above that were made for it."""
        if self._descriptor is None:  # another run may hold it by now
            return
        lock = self.folder / RUN_LOCK
        with suppress(OSError):
            if sys.platform != "win32":  # there a file that is open cannot be deleted
                lock.unlink()  # while it is held: afterwards it may be another run's
        self.release()
        with suppress(OSError):
            if sys.platform == "win32":
                lock.unlink()
            for place in (self.folder, *self._made):
                place.rmdir()


def require_unlocked(folder: Path) -> None:
    """Raise OutputError when another run holds the folder, and OSError when it cannot be written; a missing one is not made."""
    if folder.is_dir():
        RunLock(folder).release()


def _acquire(folder: Path) -> int:
    while True:
        descriptor = _locked(folder)
        if sys.platform == "win32":
            return descriptor
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), os.stat(folder / RUN_LOCK)):
                return descriptor
        os.close(descriptor)  # of a file that the run before deleted in between


def _locked(folder: Path) -> int:
    descriptor = os.open(folder / RUN_LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise OutputError(
            f"Another run is using the run folder '{folder}'.", "Wait for it to end, or give this run another output.", str(error)
        ) from error
    return descriptor
