"""What a run that was stopped leaves behind to go on from."""

from __future__ import annotations

import glob
import os
import re

from . import tr

RUN_SUFFIX = ".sitsr-run"
TILE_FILE = re.compile(r"tile-.*\.npz$")
CHECKPOINTS = os.path.join("*", "checkpoint.pt")


def can_resume(output: str) -> bool:
    """Whether a stopped run left finished tiles for this output."""
    try:
        return bool(output) and any(TILE_FILE.match(name) for name in os.listdir(output.rstrip("/\\") + RUN_SUFFIX))
    except OSError:
        return False


def what_is_kept(task: str, output: str) -> str:
    """What a task that was cancelled or killed on its way to this output left, for the user; empty when nothing."""
    if task == "finetune":
        trained = glob.glob(os.path.join(glob.escape(output + RUN_SUFFIX), CHECKPOINTS))
        if not trained:
            return ""
        return tr("What was learned so far is kept: run it again with the same output and settings to go on.")
    return tr("Finished tiles are kept: run it again with the same output to resume.") if can_resume(output) else ""
