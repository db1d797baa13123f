"""Write the pickled tables of BreizhSR as CSV without unpickling them: python training/convert_breizhsr.py FOLDER [--out FOLDER]."""

import argparse
import sys
from pathlib import Path

from sitsr_core.datasets.breizhsr import convert
from sitsr_core.script import exit_code


def main() -> int:
    """Parse, then convert."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of dataset_train.pkl and dataset_test.pkl")
    parser.add_argument("--out", type=Path, help="folder of dataset_train.csv and dataset_test.csv (default: the same)")
    options = parser.parse_args()
    return exit_code(lambda: print(*convert(options.folder, options.out or options.folder), sep="\n"))


if __name__ == "__main__":
    sys.exit(main())
