"""Fine-tune a model on a folder of your own: python training/finetune.py FOLDER --model small --out runs/mine --data "..." --licence "...".

FOLDER/<site>/lr/ holds the low-resolution series of a site, FOLDER/<site>/hr/ one or more fine images of it: rasters with their date in
their names, the fine ones with pixels 4 times smaller on the same extent and in the same CRS. Each fine image is laid onto the nearest
clear date (by whole fine pixels) and matched to it by a gain and an offset a band; one that lies more than a low-resolution pixel off is
left out. Images of a display (gamma, contrast stretches) match worse than reflectance. The command can be stopped and repeated.
"""

import argparse
import sys
from pathlib import Path

import torch

from sitsr_core.datasets.sampler import SamplerConfig
from sitsr_core.script import exit_code
from sitsr_core.training.distributed import held_folder, started_processes, training_device
from sitsr_core.training.finetune import FineTuning, finetune


def main() -> int:
    """Parse, then fine-tune."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="folder of the sites")
    parser.add_argument("--model", default="small", help="what to start from: a bundled name or a .safetensors file")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints, logs and the model")
    parser.add_argument("--data", required=True, help="what the images are, for the model card")
    parser.add_argument("--licence", required=True, help="of the new weights, for the model card")
    parser.add_argument("--name", help="of the new model (default: that of the folder --out)")
    parser.add_argument("--hold-out", nargs="*", metavar="SITE", help="sites to judge and calibrate on (default: every tenth)")
    parser.add_argument("--steps", type=int, default=FineTuning.steps, help="for the mean and its spread")
    parser.add_argument("--flow-steps", type=int, default=FineTuning.flow_steps, help="for the denoiser; 0 leaves it as it is")
    parser.add_argument("--learning-rate", type=float, default=FineTuning.learning_rate)
    parser.add_argument("--batch", type=int, default=8, help="samples a step")
    parser.add_argument("--patch", type=int, default=32, help="side of a sample in low-resolution pixels")
    parser.add_argument("--max-dates", type=int, default=8, help="dates of a sample, at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: all)")
    options = parser.parse_args()
    stopped = f"Stopped. Run the same command to go on from the last checkpoint in '{options.out}'."
    return exit_code(lambda: run(options), stopped)


def run(options: argparse.Namespace) -> None:
    """Fine-tune as the options say."""
    if options.threads:
        torch.set_num_threads(options.threads)
    sampler = SamplerConfig(batch=options.batch, patch=options.patch, max_dates=options.max_dates, seed=options.seed)
    job = FineTuning(
        folder=options.folder, model=options.model, out=options.out, name=options.name or options.out.name, data=options.data,
        licence=options.licence, steps=options.steps, flow_steps=options.flow_steps, hold_out=options.hold_out,
        learning_rate=options.learning_rate, sampler=sampler,
    )  # fmt: skip
    with held_folder(options.out), started_processes() as processes:
        finetune(job, lambda text: print(text, flush=True), processes, training_device(options.device))


if __name__ == "__main__":
    sys.exit(main())
