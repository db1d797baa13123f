"""Train each system for the same CPU time on the same data and judge all: python training/compare.py [--minutes 60] [--out FOLDER].

The plan is a folder of small TOML files (training/configs/baselines). Unattended; run again, it goes on where it was stopped. Writes
table.md, table.csv and table.json to --out, and prints the first. Two may run side by side, with different candidates in --only.
"""

import sys

from sitsr_core.baselines.script import run_script

if __name__ == "__main__":
    sys.exit(run_script(__doc__, "training/configs/baselines", "runs/comparison"))
