"""Check BreizhSR and convert it once for training: python training/prepare_breizhsr.py FOLDER --out data/breizhsr [--skip-damaged].

FOLDER holds dataset_train.pkl, dataset_test.pkl and the images they name (https://zenodo.org/records/11551220; layout:
sitsr_core/datasets/breizhsr.py). Nothing is unpickled; convert_breizhsr.py writes the tables as CSV, which are taken where they are. The
command can be stopped and repeated. Networks for it have the bands ["B02", "B03", "B04"], or four of which the last is missing here.
"""

import sys

from sitsr_core.datasets.breizhsr import CARD, entries
from sitsr_core.datasets.prepare import run_script

if __name__ == "__main__":
    sys.exit(run_script(__doc__, CARD, entries))
