"""Judge a model on the held-out sets: python training/evaluate.py --data FOLDER [--model small] [--out runs/evaluation].

Prints one table a set and ends with one line of JSON; writes tables (Markdown, CSV, JSON) and a sheet of crops to --out.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from sitsr_core.errors import SitsrError
from sitsr_core.evaluation.evaluate import evaluate
from sitsr_core.evaluation.sets import held_out
from sitsr_core.evaluation.sheet import draw_sheet
from sitsr_core.evaluation.tables import markdown, summary, to_csv
from sitsr_core.models.card import load_model


def main() -> int:
    """Load, evaluate, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="../shared/data", help="data folder of the training")
    parser.add_argument("--split", default="training/split.json", help="JSON file of held-out sites")
    parser.add_argument("--model", default="small", help="bundled name or .safetensors file")
    parser.add_argument("--scenes", type=_positive, default=16, help="scenes a set, at most")
    parser.add_argument("--out", default="runs/evaluation", help="folder for tables and pictures")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: all)")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        network = load_model(options.model)
        sets = held_out(options.data, options.split, options.scenes)
    except SitsrError as error:
        print(error, file=sys.stderr)
        return 1
    results = {}
    for name, scenes in sets.items():
        results[name] = evaluate(network, scenes)
        print(markdown(name, results[name]), flush=True)
    figures = {"evaluate": summary(results, Path(options.model).stem)}
    out = Path(options.out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "tables.md").write_text("\n".join(markdown(name, result) for name, result in results.items()), encoding="utf-8")
        (out / "scenes.csv").write_text(to_csv(results), encoding="utf-8")
        (out / "summary.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
        draw_sheet(network, [scene for scenes in sets.values() for scene in scenes[:2]], out / "sheet.png")
    except ImportError:
        print("No sheet of crops: matplotlib is not installed.", file=sys.stderr)
    except OSError as error:
        print(f"'{out}' cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(json.dumps(figures))
    return 0


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
