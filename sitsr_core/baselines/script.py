"""The command line that training/compare.py and training/ablate.py share."""

import argparse
from pathlib import Path

import torch

from sitsr_core.baselines.comparison import compare
from sitsr_core.baselines.plan import read_plan
from sitsr_core.script import at_least, exit_code


def run_script(description: str, plan: str, out: str, against: str = "") -> int:
    """Parse, compare, print the table; returns the exit code. ``plan`` and ``out`` are the usual folders."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", default=plan, help="folder of TOML files: plan.toml and one for each candidate (default: %(default)s)")
    parser.add_argument("--out", default=out, help="folder for trainings and tables; what is there is gone on with (default: %(default)s)")
    parser.add_argument("--data", default="", help="data folder, instead of the plan's")
    parser.add_argument("--minutes", type=_positive, default=0.0, help="CPU minutes for each candidate and seed, instead of the plan's")
    parser.add_argument("--seeds", type=int, nargs="+", default=(), help="instead of the plan's")
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="these candidates only")
    parser.add_argument("--scenes", type=at_least(1), default=16, help="scenes of each held-out set, at most (default: %(default)s)")
    parser.add_argument("--threads", type=at_least(1), default=1, help="CPU threads (default: %(default)s: no time spent waiting)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    def work() -> None:
        chosen = read_plan(options.plan, options.data, options.minutes, tuple(options.seeds), tuple(options.only))
        print(compare(chosen, Path(options.out), options.scenes, lambda text: print(text, flush=True), against))

    return exit_code(work, f"Stopped. Run the same command to go on in '{options.out}'.")


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("more than 0")
    return value
