"""The command line that training/benchmark.py and training/ablate.py share."""

import argparse
from pathlib import Path

import torch

from sitsr_core.baselines.benchmark import Options, read_datasets, run_benchmark
from sitsr_core.baselines.plan import Budget, read_plan
from sitsr_core.evaluation.protocols import PROTOCOLS
from sitsr_core.script import above_zero, at_least, exit_code


def run_script(description: str, plan: str, out: str, against: str = "") -> int:
    """Parse, train, judge, print the tables; returns the exit code. ``plan`` and ``out`` are the usual folders."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", default=plan, help="folder of TOML files: plan.toml and one for each candidate (default: %(default)s)")
    parser.add_argument("--out", default=out, help="folder for trainings and tables; what is there is gone on with (default: %(default)s)")
    parser.add_argument(
        "--systems", "--only", dest="systems", nargs="+", default=(), metavar="NAME",
        help="these only: candidates of the plan, or any system of sitsr_core/baselines/registry.py (default: the plan's candidates)",
    )  # fmt: skip
    parser.add_argument(
        "--data", nargs="+", default=[], metavar="FOLDER",
        help="folders of fine images or prepared datasets, or NAME=FOLDER; each makes a table of its own (default: the plan's)",
    )  # fmt: skip
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--minutes", type=above_zero, help="CPU minutes for each candidate and seed, instead of the plan's")
    budget.add_argument("--steps", type=at_least(1), help="optimizer steps for each candidate and seed, instead of minutes")
    parser.add_argument("--seeds", type=int, nargs="+", default=(), help="instead of the plan's")
    parser.add_argument("--model", dest="models", action="append", default=[], metavar="NAME=FOLDER", help="also judge this; may repeat")
    parser.add_argument("--protocol", dest="protocols", nargs="+", default=(), choices=PROTOCOLS, help="figures of others, beside ours")
    parser.add_argument("--scenes", type=at_least(1), default=16, help="scenes of each held-out set, at most (default: %(default)s)")
    parser.add_argument(
        "--slow-scenes", type=at_least(1), help="the same for systems whose answer takes many evaluations (default: --scenes)"
    )
    parser.add_argument(
        "--side", type=at_least(0), default=64, help="low-resolution pixels of a prepared dataset's scenes; 0: whole images"
    )
    parser.add_argument("--threads", type=at_least(1), default=1, help="CPU threads (default: %(default)s: no time spent waiting)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    def work() -> None:
        given = Budget(options.minutes or 0.0, options.steps or 0) if options.minutes or options.steps else None
        chosen = read_plan(options.plan, given, tuple(options.seeds), tuple(options.systems))
        how = Options(
            options.scenes, options.side, tuple(options.protocols), tuple(options.models), against, options.threads, options.slow_scenes
        )
        datasets = read_datasets(options.data, chosen.data)
        print(run_benchmark(chosen, datasets, Path(options.out), how, lambda text: print(text, flush=True)))

    return exit_code(work, f"Stopped. Run the same command to go on in '{options.out}'.")
