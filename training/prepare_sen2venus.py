"""Check SEN2VENuS and convert it once for training: python training/prepare_sen2venus.py FOLDER --out data/sen2venus [--skip-damaged].

FOLDER holds the unpacked sites, each with its index.csv (https://zenodo.org/records/6514159; layout: sitsr_core/datasets/sen2venus.py).
The command can be stopped and repeated; it then reads each site once more to tell which patches show the same place. Networks for it have
factor = 2.
"""

import sys

from sitsr_core.datasets.prepare import run_script
from sitsr_core.datasets.sen2venus import CARD, entries

if __name__ == "__main__":
    sys.exit(run_script(__doc__, CARD, entries))
