"""Train the network with one thing changed at a time, each for the same CPU time: python training/ablate.py [--minutes 30] [--seeds 0 1 2].

The plan is a folder of small TOML files (training/configs/ablations), each an override of the reference. Unattended; run again, it goes on
where it was stopped. Writes table.md, table.csv and table.json to --out; brackets are dB against the reference.
"""

import sys

from sitsr_core.baselines.script import run_script

if __name__ == "__main__":
    sys.exit(run_script(__doc__, "training/configs/ablations", "runs/ablations", against="reference"))
