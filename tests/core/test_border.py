"""Data that end within a patch: for the network, not for its teacher, and the same on several processes."""

import pytest
import torch

from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.training import distillation
from sitsr_core.training.border import Bordered, end_data
from sitsr_core.training.config import OptimizationConfig
from sitsr_core.training.distillation import Distillation
from sitsr_core.training.distributed import ALONE, Processes


@pytest.fixture
def batch(make_batch) -> TrainingBatch:
    return TrainingBatch(make_batch(40, 2, 12), torch.rand(40, 4, 48, 48), torch.ones(40, 4, 1, 1))


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def test_no_date_has_data_beyond_the_line_and_nothing_is_learned_there(batch):
    ended = end_data(batch, 0.5, _generator(), ALONE)
    clear = ended.series.clear
    assert torch.equal(clear[:, 0], clear[:, 1])
    assert (ended.series.reflectance * (1 - clear[:, :, None])).abs().max() == 0
    assert torch.equal(ended.series.reflectance * clear[:, :, None], batch.series.reflectance * clear[:, :, None])
    learned = ended.weight.expand_as(batch.truth)[:, 0]
    assert torch.equal(learned, clear[:, 0].repeat_interleave(4, 1).repeat_interleave(4, 2))
    left = clear[:, 0].mean((1, 2))
    assert left.min() >= 0.45 and 10 < (left < 1).sum() < 30


def test_no_border_draws_nothing(batch):
    generator = _generator()
    assert end_data(batch, 0.0, generator, ALONE) is batch
    assert torch.equal(generator.get_state(), _generator().get_state())


def test_each_process_has_its_part_of_the_same_borders(batch):
    def part(rank: int) -> torch.Tensor:
        rows = slice(20 * rank, 20 * rank + 20)
        series = batch.series
        fields = {name: value[rows] for name, value in vars(series).items() if isinstance(value, torch.Tensor)}
        mine = TrainingBatch(type(series)(**fields), batch.truth[rows], batch.weight[rows])
        return end_data(mine, 0.5, _generator(), Processes(rank, 2)).series.clear

    assert torch.equal(torch.cat([part(0), part(1)]), end_data(batch, 0.5, _generator(), ALONE).series.clear)


def test_the_teacher_sees_what_the_border_hides(tiny_network, batch, monkeypatch):
    seen = {}

    class Teacher:
        def encode(self, series):
            seen["teacher"] = series.clear.mean()
            return tiny_network.encode(series)

    def objective(network, given, generator, processes, lesson):
        seen["network"] = given.series.clear.mean()
        return torch.zeros(()), {}

    monkeypatch.setattr(distillation, "mean_objective", objective)
    Distillation(Teacher(), 0.25, border=1.0)(tiny_network, batch, _generator())
    assert seen["teacher"] == 1 and seen["network"] < 0.9


def test_any_objective_can_have_borders(tiny_network, batch):
    def objective(network, given, generator, processes):
        return given.series.clear.mean(), {}

    assert Bordered(objective, 1.0)(tiny_network, batch, _generator())[0] < 0.9
    assert OptimizationConfig().border == 0
