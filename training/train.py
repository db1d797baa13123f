"""Train a model: python training/train.py training/configs/small.toml --out runs/small [--data FOLDER].

On several processes: torchrun --nproc_per_node=2 training/train.py ... Each computes its part of every batch; the result is that of one.
"""

import argparse
import dataclasses
import sys
from pathlib import Path

import torch

from sitsr_core.baselines.registry import find_system
from sitsr_core.script import exit_code
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.data import training_batches
from sitsr_core.training.distributed import held_folder, started_processes, training_device
from sitsr_core.training.grow import fitted, take_denoiser
from sitsr_core.training.start import load_start
from sitsr_core.training.trainer import Trainer
from sitsr_core.training.validation import Validation


def main() -> int:
    """Parse, then train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="TOML file")
    parser.add_argument("--out", required=True, help="folder for checkpoints and logs; an existing training there is resumed")
    parser.add_argument("--data", help="data folder, instead of the one in the configuration")
    parser.add_argument(
        "--init",
        help="what to start from: a training's folder or a model, as deep or shallower (with a teacher, deeper too)",
    )
    parser.add_argument("--denoiser", metavar="MODEL", help="take the denoiser of this training or model, not that of --init")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: all)")
    options = parser.parse_args()
    stopped = f"Stopped. Run the same command to go on from the last checkpoint in '{options.out}'."
    return exit_code(lambda: train(options), stopped)


def train(options: argparse.Namespace) -> None:
    """Read the configuration, then train or resume."""
    if options.threads:
        torch.set_num_threads(options.threads)
    with held_folder(Path(options.out)), started_processes() as processes:
        config = TrainingConfig.from_file(options.config)
        sampler, held_out = training_batches(dataclasses.replace(config, data=options.data or config.data), processes.is_first)
        torch.manual_seed(config.optimization.seed)
        if options.init:
            network = fitted(load_start(options.init), config.network, leaving_out=bool(config.optimization.teacher))
        else:
            network = find_system(config.system).build(config.network)
        if options.denoiser:
            take_denoiser(network, load_start(options.denoiser))
        validation = Validation(held_out) if held_out else None
        device = training_device(options.device)
        trainer = Trainer(network, sampler, config, Path(options.out), validation, processes, device)
        for name, words in trainer.strategy.notes.items() if processes.is_first else ():
            print(f"{name}: {words}", flush=True)
        pace = trainer.run()
        if processes.is_first:
            print(pace)


if __name__ == "__main__":
    sys.exit(main())
