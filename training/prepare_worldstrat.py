"""Check WorldStrat and convert it once for training: python training/prepare_worldstrat.py FOLDER --out data/worldstrat [--skip-damaged].

FOLDER holds hr_dataset/, lr_dataset/, metadata.csv and stratified_train_val_test_split.csv (https://zenodo.org/records/6810792; layout:
sitsr_core/datasets/worldstrat.py). The command can be stopped and repeated. Its fine images are CC BY-NC 4.0: so are weights made of them.
"""

import sys

from sitsr_core.datasets.prepare import run_script
from sitsr_core.datasets.worldstrat import CARD, entries

if __name__ == "__main__":
    sys.exit(run_script(__doc__, CARD, entries))
