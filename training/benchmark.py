"""Train systems for the same CPU time on the same data and judge all: python training/benchmark.py [--minutes 60] [--out FOLDER].

    python training/benchmark.py --systems sitsr srcnn rcan --data ../shared/data data/sen2venus --minutes 2 --seeds 0 1 2

The plan is a folder of small TOML files (training/configs/baselines); a system that has none there or in the folder that its plan.toml
names as ``more`` is trained with its usual options. Unattended; run again, it goes on where it was stopped, and tries again what failed.
Writes table.md, table.csv, table.json, curves.png and a sheet of crops for each dataset to --out, and prints the first. Two may run side
by side, with different systems.
"""

import sys

from sitsr_core.baselines.script import run_script

if __name__ == "__main__":
    sys.exit(run_script(__doc__, "training/configs/baselines", "runs/benchmark"))
