"""Write a training's averaged weights as a model file.

python training/export.py runs/small_flow training/configs/small_card.toml --out small.safetensors
"""

import argparse
import dataclasses
import sys
from pathlib import Path

import torch

from sitsr_core.baselines.registry import OWN
from sitsr_core.errors import ModelError
from sitsr_core.models.card import ModelCard, save_model
from sitsr_core.script import above_zero, exit_code
from sitsr_core.training.blend import blend
from sitsr_core.training.calibration import calibrate, strengthen
from sitsr_core.training.checkpoint import load_averaged
from sitsr_core.training.data import batches_to_calibrate
from sitsr_core.training.start import load_start


def main() -> int:
    """Parse, then export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", help="folder of the training")
    parser.add_argument("card", help="TOML file with the model card's texts and figures")
    parser.add_argument("--out", required=True, help="the .safetensors file to write")
    parser.add_argument("--pull", type=above_zero, default=1.0, help="factor on the pull of the gradient steps")
    parser.add_argument("--doubt", type=above_zero, default=1.0, help="factor on their doubt: it weakens the pull where dates are few")
    parser.add_argument("--blend", metavar="MODEL", help="move the weights some of the way to those of this model")
    parser.add_argument("--share", type=above_zero, default=0.15, help="how much of the way, 0 to 1 (0.15)")
    parser.add_argument("--data", help="data folder, instead of the training's")
    options = parser.parse_args()
    return exit_code(lambda: export(options))


@torch.no_grad()
def export(options: argparse.Namespace) -> None:
    """Load, calibrate on all sites but those of the tests, save."""
    card = ModelCard.from_file(options.card)
    network, config = load_averaged(Path(options.run))
    if config.system != OWN:
        raise ModelError(f"'{options.run}' holds a training of {config.system}.", f"Only the network of {OWN} can be exported as a model.")
    if options.blend:
        torch.manual_seed(config.optimization.seed)  # blocks that a shallower model gains are those that the training began with
        blend(network, load_start(options.blend), options.share)
    strengthen(network, options.pull, options.doubt)
    batches = batches_to_calibrate(dataclasses.replace(config, data=options.data or config.data))
    print("calibration:", calibrate(network, batches).tolist())
    save_model(network, card, options.out)


if __name__ == "__main__":
    sys.exit(main())
