"""Write a training's averaged weights as a model file.

python training/export.py runs/small_flow training/configs/small_card.toml --out small.safetensors
"""

import argparse
import sys
import tomllib
from pathlib import Path

import torch

from sitsr_core.datasets.places import load_places
from sitsr_core.datasets.split import split_places
from sitsr_core.errors import SitsrError
from sitsr_core.models.card import ModelCard, save_model
from sitsr_core.training.calibration import calibrate
from sitsr_core.training.checkpoint import load_averaged
from sitsr_core.training.validation import Validation


def main() -> int:
    """Load, calibrate on the validation sites, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", help="folder of the training")
    parser.add_argument("card", help="TOML file with the model card's texts and figures")
    parser.add_argument("--out", required=True, help="the .safetensors file to write")
    parser.add_argument("--data", help="data folder, instead of the training's")
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    try:
        network, config = load_averaged(Path(options.run))
        places = split_places(load_places(options.data or config.data), config.split)
        batches = Validation(places["validation"], config.sampler).batches
        print("calibration:", calibrate(network, batches["steady"] + batches["changing"]).tolist())
        save_model(network, ModelCard(**tomllib.loads(Path(options.card).read_text(encoding="utf-8"))), options.out)
    except SitsrError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
