"""Weights to start a training from."""

from pathlib import Path

from sitsr_core.models.card import load_model
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.checkpoint import load_averaged


def load_start(name_or_path: str) -> SuperResolver:
    """The averaged weights of a training's folder, or a model: a bundled name or a .safetensors file. Not calibrated. Raises ModelError."""
    path = Path(name_or_path)
    network = load_averaged(path)[0] if path.is_dir() else load_model(name_or_path)
    if isinstance(network, SuperResolver):
        network.calibration.fill_(1.0)  # what is learned is the spread before calibration
    return network
