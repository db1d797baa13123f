"""Training checkpoints: everything an exact resume needs, written whole or not at all, read with ``weights_only=True``."""

import json
import os
from pathlib import Path
from typing import Any

import torch

from sitsr_core.baselines.registry import OWN, find_system
from sitsr_core.errors import ModelError, OutputError
from sitsr_core.models.network import UNSAID, NetworkConfig
from sitsr_core.training.config import TrainingConfig

NAME = "checkpoint.pt"
PARTS = ("network", "average", "updates", "optimizer", "step", "config")


def save_checkpoint(folder: Path, state: dict) -> None:
    """Write ``state`` (``PARTS``: tensors and plain values) to the folder's checkpoint. Raises OutputError."""
    temporary = folder / (NAME + ".part")
    try:
        torch.save(state, temporary)
        os.replace(temporary, folder / NAME)
    except (OSError, RuntimeError) as error:  # torch's writer raises RuntimeError on a full disk
        raise OutputError(f"The checkpoint '{folder / NAME}' cannot be written.", "Check its free space.", repr(error)) from error


def load_checkpoint(folder: Path) -> dict | None:
    """The folder's checkpoint, or None when there is none. Raises ModelError when it is damaged."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a file that is not a checkpoint
        raise ModelError(f"The checkpoint '{path}' is damaged.", "Delete it to start the training anew.", repr(error)) from error
    if not isinstance(state, dict) or not set(PARTS) <= set(state):
        raise ModelError(f"'{path}' is not a checkpoint of this program.", "Use another folder, or delete it.")
    return state


def config_of(state: dict[str, Any]) -> TrainingConfig:
    """The configuration of a checkpoint, also of one that was written before a field of the network was."""
    values = json.loads(state["config"])
    if find_system(values.get("system", OWN)).config is NetworkConfig:
        values["network"] = UNSAID | values.get("network", {})
    return TrainingConfig.from_dict(values)


def load_averaged(folder: Path) -> tuple[Any, TrainingConfig]:
    """The network with a training's averaged weights, and its configuration. Raises ModelError when the folder holds no checkpoint."""
    state = load_checkpoint(folder)
    if state is None:
        raise ModelError(f"'{folder}' holds no checkpoint.", "Give the folder that the training was written to.")
    config = config_of(state)
    network = find_system(config.system).build(config.network)
    network.load_state_dict(state["average"])
    return network.eval(), config
