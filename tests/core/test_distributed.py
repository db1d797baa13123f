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
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.checkpoint import load_averaged, load_checkpoint
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
    start = SuperResolver(worker.NETWORK).state_dict()
    for name, value in one.items():
        moved = (value - start[name]).abs().max()
        assert (two[name] - value).abs().max() <= 1e-5 + 0.01 * moved, name
    assert any((one[name] - start[name]).abs().max() > 1e-3 for name in one)


@pytest.mark.parametrize("case", ["srgan", "esrgan_plus"])
def test_adversaries_are_those_of_one_process(folder, case):
    """Batch normalisation, the relativistic mean and the noise are of the whole batch; a bias before a normalisation moves by chance."""
    one, two = (_log(folder / name / case) for name in ("one", "two"))
    assert ["discriminator" in line for line in two] == [False] * 2 + [True] * 3
    for name in ("loss", "gain_db", "content", "adversarial", "discriminator", "logit_real", "logit_fake"):
        expected = [line[name] for line in one if name in line]
        found = [line[name] for line in two if name in line]
        assert found[0] == pytest.approx(expected[0], rel=2e-4, abs=2e-5), name
        assert found == pytest.approx(expected, rel=2e-2, abs=1e-3), name  # Adam makes much of rounding where a gradient is all but 0
    states = [load_checkpoint(folder / name / case)["discriminator"] for name in ("one", "two")]
    names = [name for name in states[0] if name.endswith("running_var")]
    assert names
    assert all(torch.allclose(states[0][name], states[1][name], rtol=1e-2, atol=1e-5) for name in names)


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
