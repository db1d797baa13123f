"""Judge models on the held-out sets: python training/evaluate.py [--model small --model NAME=FOLDER ..] [--out FOLDER].

Bicubic and median + bicubic are always beside them. Prints one table a set and ends with one line of JSON; writes tables (Markdown, CSV,
JSON), figures (perception against distortion, gain of dates, calibration) and sheets of crops to --out. Everything is float32.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from sitsr_core.datasets.prepared import is_prepared
from sitsr_core.evaluation.protocols import PROTOCOLS
from sitsr_core.evaluation.report import run_evaluation
from sitsr_core.evaluation.sets import held_out
from sitsr_core.evaluation.systems import USUAL_BENCHMARK, assemble, chosen, interpolations, open_network, require_fitting
from sitsr_core.job import ORIENTATION_COUNTS
from sitsr_core.models.card import list_bundled
from sitsr_core.script import at_least, exit_code


def main() -> int:
    """Parse and run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="../shared/data", help="folder of fine images, or a prepared dataset")
    parser.add_argument("--split", help="JSON file of held-out sites (default: training/split.json, or a prepared dataset's own parts)")
    parser.add_argument(
        "--model", "--system", dest="systems", action="append", metavar="SYSTEM",
        help="bundled name, .safetensors file, or folder of a training (of a published system too), or NAME=one of them; "
        "may repeat (default: all bundled models)",
    )  # fmt: skip
    parser.add_argument("--benchmark", help=f"what benchmark.py trained on a dataset, OUT/DATASET ({USUAL_BENCHMARK}, without --model)")
    parser.add_argument("--set", dest="sets", action="append", help="judge on this set only; may repeat (default: all)")
    parser.add_argument("--protocol", dest="protocols", nargs="+", default=(), choices=PROTOCOLS, help="figures of others, beside ours")
    parser.add_argument(
        "--side", type=at_least(0), default=64, help="low-resolution pixels of a prepared dataset's scenes; 0: whole images"
    )
    parser.add_argument("--scenes", type=at_least(1), default=16, help="scenes a set, at most")
    parser.add_argument("--sample-scenes", type=at_least(0), default=16, help="scenes a set, at most, for samples, ensembles and SRDiff")
    parser.add_argument("--ensemble", type=at_least(2), default=0, metavar="K", help="also judge the mean and spread of K samples")
    parser.add_argument(
        "--orientations", type=int, choices=ORIENTATION_COUNTS, default=1, help="also judge the mean over so many orientations"
    )
    parser.add_argument("--out", default="runs/evaluation", help="folder for tables and pictures")
    parser.add_argument("--threads", type=at_least(1), default=0, help="CPU threads (default: all)")
    options = parser.parse_args()
    return exit_code(lambda: evaluate(options))


def evaluate(options: argparse.Namespace) -> None:
    """Load, judge, print, write."""
    if options.threads:
        torch.set_num_threads(options.threads)
    networks = [open_network(system) for system in chosen(options.systems or [], list_bundled(), options.benchmark)]
    panel = assemble(
        interpolations(), networks, samples=options.sample_scenes > 0, members=options.ensemble, orientations=options.orientations
    )
    usual = "" if is_prepared(options.data) else "training/split.json"
    split = usual if options.split is None else options.split
    sets = held_out(options.data, split, options.scenes, tuple(options.sets or ()), options.side)
    for name, network in networks:
        for scenes in sets.values():
            require_fitting(name, network, scenes)
    out, protocols = Path(options.out), tuple(options.protocols)
    figures = run_evaluation(panel, sets, options.sample_scenes, out, lambda text: print(text, flush=True), protocols)
    print(json.dumps(figures))


if __name__ == "__main__":
    sys.exit(main())
