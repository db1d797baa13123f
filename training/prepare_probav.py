"""Check PROBA-V and convert it once for training: python training/prepare_probav.py FOLDER --out data/probav [--skip-damaged].

FOLDER holds train/RED/imgsetNNNN/ and train/NIR/ (https://kelvins.esa.int/proba-v-super-resolution/data/; layout:
sitsr_core/datasets/probav.py), and norm.csv. The command can be stopped and repeated. Networks for it have factor = 3 and the bands
["B04"], ["B08"] or both.
"""

import sys

from sitsr_core.datasets.prepare import run_script
from sitsr_core.datasets.probav import CARD, baseline_scores, entries

if __name__ == "__main__":
    sys.exit(run_script(__doc__, CARD, entries, baseline_scores))
