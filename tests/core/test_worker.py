"""The worker as QGIS starts it: a real process, its lines, its exit codes, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from engine_fixtures import BANDS, ROOT, environment, small_model, start_worker, write_series

ENDLESS = {"mode": "ensemble", "members": 256, "steps": 50, "tile": 64}


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> tuple[list[str], str]:
    folder = tmp_path_factory.mktemp("given")
    return write_series(folder / "in"), small_model(folder / "model.safetensors")


def job_file(tmp_path: Path, given, **fields) -> Path:
    values = {"inputs": given[0], "output": str(tmp_path / "fine.tif"), "model": given[1], "threads": 1, **fields}
    (tmp_path / "job.json").write_text(json.dumps(values))
    return tmp_path / "job.json"


def lines_of(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def finish(worker: subprocess.Popen) -> tuple[list[dict], str, int]:
    out, log = worker.communicate(timeout=120)
    return lines_of(out), log, worker.returncode


def wait_for_start(worker: subprocess.Popen) -> dict:
    assert worker.stdout is not None
    for line in worker.stdout:
        event = json.loads(line)
        if event["type"] == "progress" and event["message"].startswith("Tile"):
            return event
    raise AssertionError(f"the worker ended before its first tile: {worker.communicate()}")


def test_a_run_speaks_json_lines_and_nothing_else(given, tmp_path):
    lines, log, code = finish(start_worker(job_file(tmp_path, given, mode="sample", steps=2, tile=64)))
    assert code == 0, log
    assert lines[0]["type"] == "start" and set(lines[0]) == {"type", "version", "device", "device_reason", "precision", "model"}
    kinds = [line["type"] for line in lines]
    assert kinds[-1] == "result" and kinds.count("result") == 1 and set(kinds) <= {"start", "progress", "message", "result"}
    fractions = [line["fraction"] for line in lines if line["type"] == "progress"]
    assert fractions == sorted(fractions) and fractions[0] == 0 and fractions[-1] == 1
    result = lines[-1]["result"]
    assert result["outputs"][0] == {"path": str(tmp_path / "fine.tif"), "date": "2024-06-16", "kind": "image"}
    assert set(result["consistency"]["2024-06-16"]) == set(BANDS) and result["model"]["name"] == "test"
    assert {row["date"] for row in result["series"]} == {"2024-06-01", "2024-06-11", "2024-06-16"}
    assert (tmp_path / "fine.tif").exists()


def test_what_libraries_print_does_not_reach_the_channel(tmp_path):
    code = (
        "import os, sys\n"
        "from sitsr_core.worker import Channel\n"
        "channel = Channel.from_stdout()\n"
        "print('from Python'); os.write(1, b'from C'); sys.stdout.flush()\n"
        "channel.send({'type': 'message', 'value': float('nan')})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    assert lines_of(done.stdout) == [{"type": "message", "value": None}]
    assert "from Python" in done.stderr and "from C" in done.stderr


def test_it_starts_isolated_as_the_plugin_starts_it(given, tmp_path):
    """-I ignores PYTHONPATH and the working folder; foreign variables of QGIS must not reach GDAL."""
    boot = (
        "import sys, runpy\nsys.path.insert(0, sys.argv.pop(1))\nrunpy.run_module('sitsr_core.worker', run_name='__main__', alter_sys=True)"
    )
    job = job_file(tmp_path, given, tile=64)
    foreign = {**os.environ, "PROJ_LIB": "nowhere", "PROJ_DATA": "nowhere", "GDAL_DATA": "nowhere", "GDAL_DRIVER_PATH": "nowhere"}
    command = [sys.executable, "-I", "-c", boot, str(ROOT), str(job), "--stop-file", str(tmp_path / "stop")]
    done = subprocess.run(command, cwd=tmp_path, env=foreign, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert lines_of(done.stdout)[-1]["type"] == "result"
    import rasterio

    with rasterio.open(tmp_path / "fine.tif") as made:
        assert made.crs.to_epsg() == 32631


@pytest.mark.parametrize("output", ["", "later.tif"])
def test_inspection_needs_no_output(given, tmp_path, output):
    lines, log, code = finish(start_worker(job_file(tmp_path, given, output=output), "--task", "inspect"))
    assert code == 0, log
    report = lines[-1]["result"]
    assert [row["date"] for row in report["dates"]] == ["2024-06-01", "2024-06-11", "2024-06-16"]
    assert report["bands"] == list(BANDS)


HOSTILE = {
    "unknown field": '{"inputs": ["a"], "output": "b", "__class__": "os.system"}',
    "wrong kind": '{"inputs": "a", "output": "b"}',
    "no inputs": '{"inputs": [], "output": "b.tif"}',
    "list of numbers": '{"inputs": [1], "output": "b.tif"}',
    "not a number": '{"inputs": ["a"], "output": "b.tif", "scale": NaN}',
    "huge": '{"inputs": ["a"], "output": "b.tif", "members": 99999999999999999999}',
    "zero byte": '{"inputs": ["a\\u0000b"], "output": "b.tif"}',
    "array": "[]",
    "nested": "[" * 100000,
    "no JSON": "hello",
    "bad date": '{"inputs": ["a"], "output": "b.tif", "target_dates": ["yesterday"]}',
    "missing": None,
    "missing input": '{"inputs": ["nowhere.tif"], "output": "b.tif"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_job_gives_one_error_line(tmp_path, name):
    job = tmp_path / "job.json"
    if HOSTILE[name] is not None:
        job.write_text(HOSTILE[name])
    lines, log, code = finish(start_worker(job))
    assert code == 1, log
    assert lines[-1]["type"] == "error" and set(lines[-1]["error"]) == {"kind", "message", "hint", "detail"}
    assert lines[-1]["error"]["message"].endswith(".") and "Traceback" not in json.dumps(lines)
    assert [line["type"] for line in lines].count("error") == 1


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "stop file"])
def test_cancelling_takes_less_than_two_seconds_and_leaves_no_output(given, tmp_path, how):
    stop = tmp_path / "stop"
    worker = start_worker(job_file(tmp_path, given, **ENDLESS), "--stop-file", str(stop))
    wait_for_start(worker)
    start = time.monotonic()
    if how == "stop file":
        stop.touch()
    else:
        worker.send_signal(getattr(signal, how))
    lines, log, code = finish(worker)
    assert time.monotonic() - start < 2.0
    assert code == 3, log
    assert lines[-1]["type"] == "error" and lines[-1]["error"]["kind"] == "Cancelled"
    assert not (tmp_path / "fine.tif").exists()


def test_what_cannot_be_asked_to_stop_is_ended(tmp_path):
    """A run that hangs in someone else's code (here: a sleep) ends too, with its last line."""
    code = (
        "import time\n"
        "from sitsr_core.worker import Channel\n"
        "from sitsr_core.stopping import StopWatch\n"
        "channel = Channel.from_stdout()\n"
        f"with StopWatch(stop_file={str(tmp_path / 'stop')!r}, last_words=lambda: channel.send({{'type': 'error'}})):\n"
        "    channel.send({'type': 'start'})\n"
        "    time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and json.loads(process.stdout.readline()) == {"type": "start"}
    (tmp_path / "stop").touch()
    start = time.monotonic()
    assert process.wait(timeout=30) == 3 and time.monotonic() - start < 2.0
    assert json.loads(process.stdout.read()) == {"type": "error"}
    process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no parent to watch on Windows")
def test_the_worker_ends_when_its_parent_dies(given, tmp_path):
    job = job_file(tmp_path, given, **ENDLESS)
    parent_code = (
        "import subprocess, sys, time\n"
        "worker = subprocess.Popen([sys.executable, '-m', 'sitsr_core.worker', sys.argv[1]], stdout=open(sys.argv[2], 'w'))\n"
        "print(worker.pid, flush=True)\n"
        "time.sleep(120)\n"
    )
    log = tmp_path / "lines"
    parent = subprocess.Popen(
        [sys.executable, "-c", parent_code, str(job), str(log)], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    deadline = time.monotonic() + 60
    while "Tile" not in (log.read_text() if log.exists() else "") and time.monotonic() < deadline:
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)
    assert lines_of(log.read_text())[-1]["error"]["kind"] == "Cancelled"


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no parent to watch on Windows")
def test_a_worker_that_starts_as_an_orphan_ends(given, tmp_path):
    """Who started it is gone before it could look: a shell waits for that and becomes the worker."""
    job, log = job_file(tmp_path, given, **ENDLESS), tmp_path / "lines"
    parent_code = (
        "import os, subprocess, sys\n"
        "me = str(os.getpid())\n"
        "wait = 'while kill -0 $0 2>/dev/null; do sleep 0.05; done; exec \"$@\"'\n"
        "worker = [sys.executable, '-m', 'sitsr_core.worker', sys.argv[1], '--parent', me]\n"
        "print(subprocess.Popen(['sh', '-c', wait, me, *worker], stdout=open(sys.argv[2], 'w'), stderr=subprocess.DEVNULL).pid)\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", parent_code, str(job), str(log)], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    pid = int(made.stdout)
    if int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]) != 1:
        os.kill(pid, signal.SIGKILL)
        pytest.skip("orphans go to another process than the first one here")
    deadline = time.monotonic() + 60
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)
    assert lines_of(log.read_text())[-1]["error"]["kind"] == "Cancelled"


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
