"""Two real processes that train together equal one process with the whole batch."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import distributed_worker as worker
import pytest
import torch

from sitsr_core.errors import JobError, ResourceError
from sitsr_core.training.checkpoint import load_averaged
from sitsr_core.training.distributed import ALONE, DealtSampler, Processes, training_device

ROOT = Path(__file__).resolve().parents[2]
COUNT = 2


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The training of one process in "one", that of two in "two"."""
    folder = tmp_path_factory.mktemp("distributed")
    worker.train(folder / "one", ALONE)
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]), "OMP_NUM_THREADS": "1",
        "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port()), "WORLD_SIZE": str(COUNT),
    }  # fmt: skip
    command = [sys.executable, worker.__file__, str(folder / "two")]
    processes = [
        subprocess.Popen(command, env={**environment, "RANK": str(rank), "LOCAL_RANK": str(rank)}, stderr=subprocess.PIPE, text=True)
        for rank in range(COUNT)
    ]
    for process in processes:
        _, said = process.communicate(timeout=240)
        assert process.returncode == 0, said
    return folder


def _log(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("objective", ["mean", "flow"])
def test_losses_are_those_of_one_process(folder, objective):
    one, two = (_log(folder / name / objective) for name in ("one", "two"))
    assert [line["step"] for line in two] == [line["step"] for line in one] == list(range(1, worker.STEPS + 1))
    for name in ("loss", "gradient_norm", *(["gain_db", "spread"] if objective == "mean" else [])):
        assert [line[name] for line in two] == pytest.approx([line[name] for line in one], rel=2e-4, abs=2e-5)


@pytest.mark.parametrize("objective", ["mean", "flow"])
def test_final_weights_are_those_of_one_process(folder, objective):
    one, two = (load_averaged(folder / name / objective)[0].state_dict() for name in ("one", "two"))
    torch.manual_seed(0)
    start = worker.SuperResolver(worker.NETWORK).state_dict()
    for name, value in one.items():
        moved = (value - start[name]).abs().max()
        assert (two[name] - value).abs().max() <= 1e-5 + 0.01 * moved, name
    assert any((one[name] - start[name]).abs().max() > 1e-3 for name in one)


def test_a_batch_that_cannot_be_shared_out_is_refused():
    with pytest.raises(JobError, match="16 samples cannot be shared out evenly over 3 processes"):
        DealtSampler(None, Processes(0, 3), 16)


def test_a_part_is_a_slice_of_the_whole():
    whole = torch.arange(8)
    assert torch.equal(torch.cat([Processes(rank, 4).part(whole) for rank in range(4)]), whole)


def test_a_device_that_is_not_there_is_one_sentence():
    assert training_device("cpu") == "cpu"
    with pytest.raises(ResourceError, match="Unknown device 'tpu'"):
        training_device("tpu")
