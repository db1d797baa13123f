"""The folder of a run: finished tiles are kept in it, so that a run that was cancelled or killed goes on where it stopped."""

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from sitsr_core.errors import OutputError
from sitsr_core.inference.output_errors import output_errors
from sitsr_core.own_files import RUN_RECORD, RUN_TILE, RUN_WORK
from sitsr_core.run_lock import RunLock

_FORMAT = 4


class RunFolder:
    """Finished tiles on disk, one file a tile and date. Only one process at a time may hold it; a killed one leaves no stale lock.

    A folder with another fingerprint is emptied of *our* files; files that we did not write are never touched.

    Args:
        path: the folder, made when missing.
        fingerprint: plain values on which the result's bytes depend.
        tile: tile size of a new run.
        keep_tile: take over the tile size of an interrupted run (the user gave none).

    Raises:
        OutputError: the folder cannot be written, or another run holds it.
    """

    def __init__(self, path: str | Path, fingerprint: Mapping, tile: int, keep_tile: bool = False):
        self.path = Path(path)
        with output_errors(self.path):
            self._lock = RunLock(self.path)
        try:
            with output_errors(self.path):
                self.tile = self._resume_or_start(fingerprint, tile, keep_tile)
        except OutputError:
            self.close()
            raise

    def _resume_or_start(self, fingerprint: Mapping, tile: int, keep_tile: bool) -> int:
        digest = hashlib.sha256(json.dumps([_FORMAT, fingerprint], sort_keys=True, default=str).encode()).hexdigest()
        record = self._read_record()
        if record.get("fingerprint") == digest and isinstance(record.get("tile"), int) and (keep_tile or record["tile"] == tile):
            self._remove(RUN_WORK)
            return record["tile"]
        self._remove(RUN_TILE)
        self._remove(RUN_WORK)
        _write_whole(self.path / RUN_RECORD, json.dumps({"format": _FORMAT, "fingerprint": digest, "tile": tile}).encode())
        return tile

    def _read_record(self) -> dict:
        try:
            record = json.loads((self.path / RUN_RECORD).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return record if isinstance(record, dict) else {}

    def _remove(self, pattern: re.Pattern) -> None:
        for entry in self.path.iterdir():
            if pattern.match(entry.name):
                entry.unlink()

    def _tile_path(self, index: int, date: object) -> Path:
        return self.path / f"tile-{index:06d}-{date}.npz"

    def has(self, index: int, date: object) -> bool:
        """True when this tile of this date is on disk and undamaged (a zip archive carries a checksum of each array)."""
        path = self._tile_path(index, date)
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None
        except (OSError, zipfile.BadZipFile):
            return False

    def save(self, index: int, date: object, arrays: Mapping[str, np.ndarray]) -> None:
        """Record a finished tile; it is there whole or not at all."""
        path = self._tile_path(index, date)
        part = path.with_name(path.name + ".part")
        with output_errors(self.path):
            with open(part, "wb") as file:
                np.savez(file, allow_pickle=False, **arrays)  # type: ignore[arg-type]
            os.replace(part, path)

    def load(self, index: int, date: object, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Read these arrays of a finished tile."""
        path = self._tile_path(index, date)
        try:
            with np.load(path, allow_pickle=False) as archive:
                return {name: archive[name] for name in names}
        except (OSError, ValueError, zipfile.BadZipFile, KeyError) as error:
            hint = "Run again: the tile is then computed anew."
            raise OutputError(f"The finished tile '{path.name}' in the run folder is damaged.", hint, str(error)) from error

    def work_path(self, name: str) -> Path:
        """Where an output is assembled before it gets its final name."""
        return self.path / f"work-{name}.tif"

    def remove(self) -> None:
        """Delete our files after success, and the folder if nothing else is in it."""
        self._remove(RUN_TILE)
        self._remove(RUN_WORK)
        with suppress(OSError):
            (self.path / RUN_RECORD).unlink()
        self._lock.remove()

    def close(self) -> None:
        """Let another run have the folder."""
        self._lock.release()

    def __enter__(self) -> "RunFolder":
        return self

    def __exit__(self, *_: object) -> None:
        """Without a finished tile there is nothing to resume, and nothing is left behind."""
        if self.path.is_dir() and not any(RUN_TILE.match(entry.name) for entry in self.path.iterdir()):
            self.remove()
        self.close()


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)
