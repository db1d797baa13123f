"""How sitsr's own files are told from others, by those who write them and by those who look for rasters."""

import re

RUN_FOLDER = ".sitsr-run"  # ends the name of the folder in which an unfinished run is kept, unless the user gave another
RESULT_TAG = "SITSR_MODEL"  # what sitsr has computed with a model carries it; what it has simulated does not

RUN_RECORD = "run.json"
RUN_LOCK = "lock"
RUN_TILE = re.compile(r"tile-\d{6}-\d{4}-\d{2}-\d{2}\.npz(\.part)?$")
RUN_WORK = re.compile(r"work-.*\.tif(\.part)?$")
RUN_FILES = re.compile("|".join((RUN_TILE.pattern, RUN_WORK.pattern, rf"{re.escape(RUN_RECORD)}(\.part)?$", f"{RUN_LOCK}$")))
