"""Train a model: python training/train.py training/configs/small.toml --out runs/small [--data FOLDER]."""

import argparse
import sys
from pathlib import Path

import torch

from sitsr_core.datasets.places import load_places
from sitsr_core.datasets.sampler import PlaceSampler
from sitsr_core.datasets.split import split_places
from sitsr_core.errors import SitsrError
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.checkpoint import load_averaged
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.trainer import Trainer
from sitsr_core.training.validation import Validation


def main() -> int:
    """Read the configuration, then train or resume."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="TOML file")
    parser.add_argument("--out", required=True, help="folder for checkpoints and logs; an existing training there is resumed")
    parser.add_argument("--data", help="data folder, instead of the one in the configuration")
    parser.add_argument("--init", help="folder of a training whose averaged weights to start from")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: all)")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        config = TrainingConfig.from_file(options.config)
        places = split_places(load_places(options.data or config.data), config.split)
        network = load_averaged(Path(options.init))[0] if options.init else SuperResolver(config.network)
        sampler = PlaceSampler(places["train"], config.sampler, config.simulation)
        validation = Validation(places["validation"], config.sampler) if places["validation"] else None
        Trainer(network, sampler, config, Path(options.out), validation).run()
    except SitsrError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"Stopped. Run the same command to go on from the last checkpoint in '{options.out}'.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
