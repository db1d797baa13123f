"""What a training writes down: one line of JSON a step, and TensorBoard events where TensorBoard is installed."""

import json
from pathlib import Path
from typing import Any, TextIO

from sitsr_core.errors import writing
from sitsr_core.whole_file import write_whole

NAME = "log.jsonl"


class TrainingLog:
    """A context manager that appends figures to the folder's log from ``step`` on; silent in all processes but the one that ``writes``.

    Raises OutputError when the folder cannot be written.
    """

    def __init__(self, folder: Path, step: int, writes: bool = True):
        self.folder, self.step, self.writes = folder, step, writes
        self._file: TextIO | None = None
        self._board: Any = None

    def __enter__(self) -> "TrainingLog":
        if self.writes:
            with writing(self.folder):
                self._file = (self.folder / NAME).open("a", encoding="utf-8")
                self._board = _summary_writer(self.folder, self.step)
        return self

    def __exit__(self, *_: object) -> None:
        for target in (self._file, self._board):
            if target is not None:
                target.close()

    def write(self, step: int, figures: dict[str, float]) -> None:
        """Add one step's figures."""
        if self._file is not None:
            with writing(self.folder):
                self._file.write(json.dumps({"step": step} | {name: round(value, 6) for name, value in figures.items()}) + "\n")
        if self._board is not None:
            for name, value in figures.items():
                self._board.add_scalar(name, value, step)

    def flush(self) -> None:
        """Bring the lines to the disk: what a checkpoint has behind it must not be lost."""
        if self._file is not None:
            with writing(self.folder):
                self._file.flush()


def forget_after(folder: Path, step: int) -> None:
    """Drop the lines past ``step``: a killed run logged them after its last checkpoint, and they are about to be repeated."""
    log = folder / NAME
    if not log.exists():
        return
    kept = []
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            if json.loads(line)["step"] <= step:
                kept.append(line + "\n")
        except (ValueError, KeyError, TypeError):
            continue  # the last line of a killed run may be cut
    write_whole(log, "".join(kept))


def _summary_writer(folder: Path, step: int) -> Any:
    """A TensorBoard writer that hides earlier events from ``step`` on, or None where TensorBoard is not installed."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder), purge_step=step + 1)
