"""What a run that was stopped leaves behind to go on from."""

from __future__ import annotations

import glob
import os

from . import tr

RUN_SUFFIX = ".sitsr-run"
TILES = "tile-*.npz"
CHECKPOINTS = os.path.join("*", "checkpoint.pt")


def can_resume(output: str) -> bool:
    """Whether a stopped run left finished tiles for this output."""
    return is_left(output, TILES)


def is_left(output: str, pattern: str) -> bool:
    """Whether the run folder of this output holds a file that fits the pattern."""
    folder = glob.escape(output.rstrip("/\\") + RUN_SUFFIX)
    return bool(output) and bool(glob.glob(os.path.join(folder, pattern)))


def what_is_kept(task: str, output: str) -> str:
    """What a task that was cancelled or killed on its way to this output left, for the user; empty when nothing."""
    if task == "finetune" and is_left(output, CHECKPOINTS):
        return tr("What was learned so far is kept: run it again with the same output and settings to go on.")
    return tr("Finished tiles are kept: run it again with the same output to resume.") if can_resume(output) else ""
