"""Runs disturbed at any moment: they stop at once, leave no process and no part of a file, and can still be made afterwards."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from qgis import processing
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from rasters import DATES, write_series
from test_stopping import tifs, worker_pids

ROOT = Path(__file__).resolve().parents[2]
ALGORITHM = "sitsr:superresolvetimeseries"
TIMES = 20
LONG = 180


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The parameters of a run that is over as soon as the worker is there: two dates of 8 x 8 pixels."""
    paths = write_series(tmp_path_factory.mktemp("tiny"), DATES[:2], width=8, height=8)
    return {"INPUT": paths, "TARGET": "all"}


@pytest.mark.slow
@pytest.mark.usefixtures("plugin", "python", "project")
def test_cancel_at_twenty_random_moments(tiny, tmp_path):
    """Every cancel ends the run within two seconds; all of them together leave a folder in which the run makes what it makes elsewhere."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    started = time.monotonic()
    parameters = {**tiny, "OUTPUT": str(tmp_path / "not-used.tif")}
    processing.run(ALGORITHM, {**parameters, "OUTPUT_FOLDER": str(tmp_path / "whole")})
    whole = time.monotonic() - started
    folder = tmp_path / "disturbed"
    cancelled = 0
    for _ in range(TIMES):
        feedback, pressed, stalls = QgsProcessingFeedback(False), [], Stalls()

        def press(feedback=feedback, pressed=pressed):
            pressed.append(time.monotonic())
            feedback.cancel()

        timer = threading.Timer(chance.uniform(0.0, 0.8 * whole), press)
        timer.start()
        try:
            processing.run(ALGORITHM, {**parameters, "OUTPUT_FOLDER": str(folder)}, feedback=feedback)
        except QgsProcessingException as error:
            assert "Cancelled: no output was written" in str(error), f"seed {seed}: {error}"
            took = time.monotonic() - pressed[0]
            assert took < 2.0 + stalls.longest(), f"seed {seed}: {took:.1f} s"
            cancelled += 1
            assert not folder.exists() or tifs(folder) == [], f"seed {seed}"
        else:
            # it was faster than the cancel: all is there
            timer.cancel()
            stalls.longest()
            assert same_files(tmp_path / "whole", folder), f"seed {seed}"
            for path in folder.iterdir():
                path.unlink()
        assert worker_pids() == [], f"seed {seed}"
    print(f"{cancelled} of {TIMES} cancelled, a run takes {whole:.1f} s, all took {time.monotonic() - started:.0f} s")
    assert cancelled > TIMES // 4, f"seed {seed}"
    processing.run(ALGORITHM, {**parameters, "OUTPUT_FOLDER": str(folder)})
    assert same_files(tmp_path / "whole", folder), f"seed {seed}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disturbed", "whole"]


class Stalls:
    """How long the machine, when it is busy, let a thread wait that wanted to go on; at most a second counts."""

    def __init__(self):
        self.late, self.over = 0.0, threading.Event()
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while True:
            begin = time.monotonic()
            if self.over.wait(0.02):
                return
            self.late = max(self.late, time.monotonic() - begin - 0.02)

    def longest(self):
        self.over.set()
        return min(self.late, 1.0)


def same_files(left, right):
    """Whether two folders hold the same rasters, to the byte."""
    names = tifs(left)
    return sorted(names) == sorted(tifs(right)) and all((left / name).read_bytes() == (right / name).read_bytes() for name in names)


# A QGIS of its own, without a main window and (as on Windows) without standard output: starts a run, says so, and ends as it is told.
QUITTING = """
import json, os, sys, time
folder, home, plugins, inputs, says, way = sys.argv[1:]
sys.stdout = sys.stderr = None
from qgis.core import QgsApplication, QgsProcessingOutputLayerDefinition, QgsProject
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], True, home)
application.initQgis()
sys.path[:0] = [plugins, "/usr/share/qgis/python/plugins"]
from processing.core.Processing import Processing
Processing.initialize()
import sitsr
plugin = sitsr.classFactory(None)
plugin.initProcessing()
from sitsr.sitsr_plugin.gui.dock import SeriesDock
dock = SeriesDock(None)
parameters = json.loads(inputs)
parameters["OUTPUT"] = QgsProcessingOutputLayerDefinition(os.path.join(folder, "never.tif"), QgsProject.instance())
dock.controller.start(parameters, project=QgsProject.instance())
def workers():
    found = []
    for entry in os.listdir("/proc"):
        try:
            stat, command = open(f"/proc/{entry}/stat").read(), open(f"/proc/{entry}/cmdline", "rb").read()
        except (OSError, ValueError):
            continue
        if b"sitsr_core.worker" in command and int(stat.rpartition(")")[2].split()[1]) == os.getpid():
            found.append(int(entry))
    return found
# seen once: a worker that is started by a script has no command for an instant
while not (found := workers()):
    application.processEvents()
    time.sleep(0.02)
with open(says + ".part", "w") as file:
    file.write(json.dumps(found))
os.replace(says + ".part", says)
if way == "quit":
    dock.close_down()
    plugin.unload()
    application.exitQgis()
    os._exit(0)
while True:
    application.processEvents()
    time.sleep(0.02)
"""


def alive(pid):
    """Whether a process computes: it is there and no zombie."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("way", ["quit", "killed"])
def test_qgis_that_ends_takes_its_run_along(way, python, tmp_path, folder):
    """QGIS is quit, or killed, as soon as there is a worker; there is no main window and no standard output."""
    paths = write_series(tmp_path, DATES[:2], width=240, height=240)
    parameters = {"INPUT": paths, "MODE": 2, "MEMBERS": 200, "STEPS": 50, "TILE": 64}
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "sitsr").symlink_to(ROOT, target_is_directory=True)
    says = tmp_path / "says.json"
    places = [str(folder), str(tmp_path / "home"), str(tmp_path / "plugins"), json.dumps(parameters), str(says)]
    environment = {**os.environ, "HOME": str(tmp_path), "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "home")}
    qgis = subprocess.Popen([sys.executable, "-c", QUITTING, *places, way], env=environment, stderr=subprocess.PIPE)
    until = time.monotonic() + LONG
    while not says.exists() and qgis.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert says.exists(), qgis.communicate()[1].decode()
    workers = json.loads(says.read_text())
    assert len(workers) == 1
    if way == "killed":
        qgis.send_signal(signal.SIGKILL)
    assert qgis.wait(10) == (0 if way == "quit" else -signal.SIGKILL)
    qgis.stderr.close()
    # on a busy machine a worker needs some time to look around
    until = time.monotonic() + LONG
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, workers))
    assert tifs(folder) == []
