"""Stopping, killing, resuming: real processes, real signals, the same bytes."""

import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from engine_fixtures import DATES, run, small_model, start_worker, write_series

from sitsr_core.errors import Cancelled, OutputError
from sitsr_core.inference.run_folder import RunFolder
from sitsr_core.job import SuperResolutionJob

SLOW = {"mode": "ensemble", "members": 2, "steps": 3, "precision": "float32", "threads": 1, "tile": 64}


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> tuple[list[str], str]:
    folder = tmp_path_factory.mktemp("given")
    return write_series(folder / "in", 80, 250), small_model(folder / "model.safetensors")


def tiles_in(folder: Path) -> int:
    return len(list(folder.glob("tile-*.npz"))) if folder.exists() else 0


@pytest.mark.parametrize("form", ["GTiff", "COG"])
def test_killed_halfway_and_resumed_ends_with_the_same_bytes(given, tmp_path, form):
    inputs, model = given
    job = SuperResolutionJob(inputs=inputs, output=str(tmp_path / "fine.tif"), model=model, output_format=form, **SLOW)
    (tmp_path / "job.json").write_text(job.to_json())
    folder = tmp_path / "fine.tif.sitsr-run"
    worker = start_worker(tmp_path / "job.json")
    deadline = time.monotonic() + 60
    while tiles_in(folder) < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert worker.returncode == -signal.SIGKILL
    assert 3 <= tiles_in(folder) < 8 and not (tmp_path / "fine.tif").exists()
    resumed = run(inputs, tmp_path / "fine.tif", model, output_format=form, **SLOW)
    assert resumed.resumed_tiles >= 3
    unbroken = run(inputs, tmp_path / "unbroken.tif", model, output_format=form, **SLOW)
    assert unbroken.resumed_tiles == 0
    for suffix in ("", "_std"):
        assert (tmp_path / f"fine{suffix}.tif").read_bytes() == (tmp_path / f"unbroken{suffix}.tif").read_bytes()
    assert resumed.consistency == unbroken.consistency
    assert not folder.exists()


def stop_after(tiles: int):
    """(listener, question): says stop once so many tiles have begun."""
    seen = set()

    def listen(event):
        text = event.to_dict().get("message", "")
        if isinstance(text, str) and text.startswith("Tile"):
            seen.add(text)

    return listen, lambda: len(seen) > tiles


def interrupted(inputs, output, model, **fields):
    from sitsr_core import super_resolve

    listen, stop = stop_after(3)
    with pytest.raises(Cancelled):
        super_resolve(SuperResolutionJob(inputs=inputs, output=str(output), model=model, **{**SLOW, **fields}), listen, stop)
    return Path(str(output) + ".sitsr-run")


def test_cancelling_leaves_no_output_and_keeps_the_tiles(given, tmp_path):
    folder = interrupted(*given[:1], tmp_path / "fine.tif", given[1])
    assert not (tmp_path / "fine.tif").exists() and not list(tmp_path.glob("*.job.json"))
    assert 2 <= tiles_in(folder) < 8
    interrupted(*given[:1], tmp_path / "dates", given[1])
    assert not (tmp_path / "dates").exists()


@pytest.mark.parametrize("output", ["new/fine.tif", "new/dates"])
def test_cancelling_before_a_tile_is_finished_leaves_no_folder(given, tmp_path, output):
    from sitsr_core import super_resolve

    listen, stop = stop_after(0)
    with pytest.raises(Cancelled):
        super_resolve(SuperResolutionJob(inputs=given[0], output=str(tmp_path / output), model=given[1], **SLOW), listen, stop)
    assert list(tmp_path.iterdir()) == []


def test_another_job_or_changed_input_starts_anew(given, tmp_path):
    inputs, model = given
    folder = interrupted(inputs, tmp_path / "fine.tif", model)
    assert tiles_in(folder) > 0
    assert run(inputs, tmp_path / "fine.tif", model, **{**SLOW, "seed": 1}).resumed_tiles == 0
    interrupted(inputs, tmp_path / "b.tif", model)
    os.utime(inputs[0])
    assert run(inputs, tmp_path / "b.tif", model, **SLOW).resumed_tiles == 0


def test_a_tile_damaged_on_disk_is_computed_again(given, tmp_path):
    inputs, model = given
    folder = interrupted(inputs, tmp_path / "fine.tif", model)
    tile = sorted(folder.glob("tile-*.npz"))[0]
    content = bytearray(tile.read_bytes())
    content[len(content) // 2] ^= 255
    tile.write_bytes(content)
    count = tiles_in(folder)
    assert run(inputs, tmp_path / "fine.tif", model, **SLOW).resumed_tiles == count - 1
    run(inputs, tmp_path / "unbroken.tif", model, **SLOW)
    assert (tmp_path / "fine.tif").read_bytes() == (tmp_path / "unbroken.tif").read_bytes()


def test_two_runs_do_not_share_a_folder(tmp_path):
    with RunFolder(tmp_path / "run", {"a": 1}, 64), pytest.raises(OutputError, match="Another run"):
        RunFolder(tmp_path / "run", {"a": 1}, 64)
    RunFolder(tmp_path / "run", {"a": 1}, 64).close()


def test_an_interrupted_run_keeps_its_tile_size_unless_another_is_asked_for(tmp_path):
    with RunFolder(tmp_path, {"a": 1}, 128) as folder:
        assert folder.tile == 128
        folder.save(0, DATES[0], {"image": np.zeros(3)})
    with RunFolder(tmp_path, {"a": 1}, 512, keep_tile=True) as folder:
        assert folder.tile == 128
        assert folder.has(0, DATES[0])
    with RunFolder(tmp_path, {"a": 1}, 512) as folder:
        assert folder.tile == 512


def test_a_run_that_finished_no_tile_leaves_no_folder(tmp_path):
    with pytest.raises(OutputError, match="full"), RunFolder(tmp_path / "run", {"a": 1}, 128):
        raise OutputError("The disk is full.")
    assert not (tmp_path / "run").exists()


def test_only_our_own_files_are_deleted(given, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in ("photo.tif", "tile-notes.txt", "work.tif"):
        (mine / name).write_text("keep me")
    run(*given[:1], tmp_path / "fine.tif", given[1], run_folder=str(mine), window=[0, 0, 70, 70])
    assert sorted(path.name for path in mine.iterdir()) == ["photo.tif", "tile-notes.txt", "work.tif"]


@pytest.mark.parametrize("record", ["", "[]", "{", json.dumps({"fingerprint": 1, "tile": "x"}), "[" * 5000])
def test_a_damaged_record_starts_anew(tmp_path, record):
    (tmp_path / "run.json").write_text(record)
    with RunFolder(tmp_path, {"a": 1}, 64) as folder:
        assert folder.tile == 64
