"""Others' public weights for evaluate.py and benchmark.py: python training/import_weights.py CHECKPOINT --out runs/theirs.

CHECKPOINT is one of HighRes-net (ServiceNow), of SRDiff (LeiaLi), or of HighRes-net + L-TAE and SRDiff conditioned by it (MISR-S2), as
their code saves them; which one is seen from its tensors. Only tensors are read. Then:

    python training/evaluate.py --model theirs=runs/theirs --data data/breizhsr --protocol breizhsr --side 0
"""

import argparse
import sys
from pathlib import Path

from sitsr_core.baselines.foreign import WHITE, import_weights
from sitsr_core.baselines.judge import parameters
from sitsr_core.script import exit_code


def main() -> int:
    """Parse, then import."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="file of their code")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--bands", nargs="+", default=(), metavar="BAND", help="of a HighRes-net (default: B04)")
    parser.add_argument("--white", nargs=3, type=float, default=WHITE, metavar="R", help="reflectance of B02 B03 B04 shown as white")
    options = parser.parse_args()
    return exit_code(lambda: run(options))


def run(options: argparse.Namespace) -> None:
    """Import as the options say."""
    network = import_weights(options.checkpoint, options.out, tuple(options.bands), tuple(options.white))
    print(f"{type(network).__name__}, {parameters(network):,} parameters: {options.out}")


if __name__ == "__main__":
    sys.exit(main())
