"""The real worker, cancelled or killed in the middle of a run."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from processes import worker_pids
from qgis import processing
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from rasters import DATES, write_series

pytestmark = pytest.mark.usefixtures("plugin", "python", "project")


@pytest.fixture(scope="module")
def long_run(tmp_path_factory):
    """Parameters of a run that takes much longer than the test: many members of a larger image."""
    paths = write_series(tmp_path_factory.mktemp("long"), width=240, height=240)
    return {"INPUT": paths, "MODE": 2, "MEMBERS": 200, "STEPS": 50, "TILE": 64}


class Watcher(QgsProcessingFeedback):
    """Tells when the worker computes."""

    def __init__(self):
        super().__init__(False)
        self.computing = threading.Event()

    def setProgressText(self, text):
        self.computing.set()


def in_the_middle(feedback, moment, action):
    """Do something from another thread when the worker starts or when it computes."""

    def wait():
        if moment == "computing":
            feedback.computing.wait(60)
            time.sleep(0.5)
        while not worker_pids():
            time.sleep(0.02)
        action()

    threading.Thread(target=wait, daemon=True).start()


def tifs(folder):
    """Rasters under their final names (run folders hold the unfinished ones)."""
    return [name for name in os.listdir(folder) if name.endswith(".tif")]


@pytest.mark.parametrize("moment", ["starting", "computing"])
def test_cancel_takes_less_than_two_seconds_and_leaves_no_file(long_run, folder, moment):
    feedback, cancelled = Watcher(), []

    def cancel():
        cancelled.append(time.monotonic())
        feedback.cancel()

    in_the_middle(feedback, moment, cancel)
    with pytest.raises(QgsProcessingException, match="Cancelled: no output was written"):
        processing.run("sitsr:superresolvetimeseries", {**long_run, "OUTPUT": str(folder / "out.tif")}, feedback=feedback)
    assert time.monotonic() - cancelled[0] < 2.0
    assert feedback.computing.is_set() or moment == "starting"
    assert worker_pids() == []
    assert tifs(folder) == []


@pytest.mark.parametrize("moment", ["starting", "computing"])
def test_a_killed_worker_is_one_sentence(long_run, folder, moment):
    feedback = Watcher()
    in_the_middle(feedback, moment, lambda: [os.kill(pid, signal.SIGKILL) for pid in worker_pids()])
    with pytest.raises(QgsProcessingException, match="The worker process was killed or crashed before it finished"):
        processing.run("sitsr:superresolvetimeseries", {**long_run, "OUTPUT": str(folder / "out.tif")}, feedback=feedback)
    assert tifs(folder) == []


def test_a_killed_run_says_that_it_can_be_resumed(tmp_path, folder):
    output = str(folder / "out.tif")
    tiles = Path(f"{output}.sitsr-run")
    parameters = {"INPUT": write_series(tmp_path, DATES[:2], width=240, height=240), "TILE": 64, "OUTPUT": output}

    def kill():
        while not any(tiles.glob("tile-*.npz")):
            time.sleep(0.02)
        for pid in worker_pids():
            os.kill(pid, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    with pytest.raises(QgsProcessingException) as caught:
        processing.run("sitsr:superresolvetimeseries", parameters, feedback=QgsProcessingFeedback(False))
    said, _, log = str(caught.value).partition(" The worker's log: ")
    assert said.endswith("often the memory ran out. Finished tiles are kept: run it again with the same output to resume.")
    assert not log or Path(log).read_text(encoding="utf-8").strip()
