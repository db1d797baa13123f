"""A network learns from a teacher what the teacher knows, and a smaller one begins as a part of it."""

import dataclasses

import pytest
import torch

from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.errors import JobError
from sitsr_core.models.network import SuperResolver
from sitsr_core.models.orientations import mean_over_orientations
from sitsr_core.training.config import OptimizationConfig
from sitsr_core.training.distillation import Distillation
from sitsr_core.training.distributed import ALONE
from sitsr_core.training.grow import fitted
from sitsr_core.training.objectives import Lesson, log_squared_error, mean_objective
from sitsr_core.training.strategy import Minimisation, start_strategy


@pytest.fixture
def batch(make_batch) -> TrainingBatch:
    series = make_batch(2, 3, 12)
    truth = 0.2 + 0.05 * torch.randn(2, 4, 48, 48, generator=torch.Generator().manual_seed(1))
    return TrainingBatch(series, truth, torch.ones(2, 4, 1, 1))


def _gradient(mean: torch.Tensor, batch: TrainingBatch, lesson: Lesson | None) -> torch.Tensor:
    mean = mean.clone().requires_grad_(True)
    log_squared_error(mean, batch, torch.tensor(1.0), ALONE, lesson)[0].backward()
    return mean.grad


def test_a_teacher_that_is_fully_surprised_is_not_heard(batch):
    mean, expected = torch.full_like(batch.truth, 0.1), torch.full_like(batch.truth, 0.3)
    alone, taught = (log_squared_error(mean, batch, torch.tensor(1.0), ALONE, lesson) for lesson in (None, Lesson(expected, 1.0)))
    assert torch.allclose(alone[0], taught[0])
    assert alone[1] == taught[1]


def test_the_gain_that_is_logged_is_against_the_truth(batch):
    right = log_squared_error(batch.truth, batch, torch.tensor(1.0), ALONE, Lesson(torch.zeros_like(batch.truth), 0.2))
    assert right[1] > 60


@pytest.mark.parametrize("surprise", [0.0, 0.25, 1.0])
def test_the_loss_is_least_between_the_teacher_and_the_truth(batch, surprise):
    expected = torch.full_like(batch.truth, 0.2)
    best = expected + surprise * (batch.truth - expected)
    assert _gradient(best, batch, Lesson(expected, surprise)).abs().max() < 1e-6
    assert _gradient(best + 0.01, batch, Lesson(expected, surprise)).abs().max() > 1e-6


def test_what_nobody_foresees_moves_a_taught_network_less(batch):
    """Where estimate and teacher agree, the gradient that is left is the share of the surprise."""
    expected = torch.full_like(batch.truth, 0.2)
    alone, taught = (_gradient(expected, batch, lesson) for lesson in (None, Lesson(expected, 0.25)))
    assert torch.allclose(taught, 0.25 * alone, rtol=1e-4, atol=1e-9)


def test_a_teacher_gives_on_average_its_mean_over_orientations(tiny_network, batch):
    taught, seen = Distillation(tiny_network, 0.0), []
    for seed in range(40):
        generator = torch.Generator().manual_seed(seed)

        def remember(network, given, generator, processes, lesson):
            seen.append(lesson.expected)
            return torch.zeros(()), {}

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sitsr_core.training.distillation.mean_objective", remember)
            taught(tiny_network, batch, generator)
    with torch.no_grad():
        whole = mean_over_orientations(lambda series: tiny_network.encode(series).mean, batch.series, 8)
        alone = tiny_network.encode(batch.series).mean
    different = {float(image.double().sum()) for image in seen}
    average = torch.stack(seen).mean(0)
    assert len(different) == 8
    assert (average - whole).square().mean() < 0.3 * (alone - whole).square().mean()


def test_a_student_comes_closer_to_its_teacher(tiny_network, batch):
    student = SuperResolver(tiny_network.config)
    student.load_state_dict(tiny_network.state_dict())
    with torch.no_grad():
        student.mean_head.weight.add_(0.05 * torch.randn(student.mean_head.weight.shape, generator=torch.Generator().manual_seed(3)))
        wanted = mean_over_orientations(lambda series: tiny_network.encode(series).mean, batch.series, 8)
    taught, optimizer = Distillation(tiny_network, 0.0), torch.optim.Adam(student.parameters(), lr=2e-3)

    def distance() -> float:
        with torch.no_grad():
            return float((student.encode(batch.series).mean - wanted).square().mean())

    before, batch.truth = distance(), wanted + 0.05  # the truth itself would lead away
    for step in range(30):
        optimizer.zero_grad()
        taught(student, batch, torch.Generator().manual_seed(step))[0].backward()
        optimizer.step()
    assert distance() < 0.5 * before
    assert all(parameter.grad is None for parameter in tiny_network.parameters())


def test_a_smaller_network_keeps_what_it_has_room_for(tiny_network, make_batch):
    config = dataclasses.replace(tiny_network.config, fidelity_blocks=1, gradient_steps=2)
    torch.manual_seed(0)
    deep = SuperResolver(config)
    lean = fitted(deep, dataclasses.replace(config, trunk_blocks=config.trunk_blocks + 2, fidelity_blocks=0, gradient_steps=1), True)
    assert torch.equal(lean.trunk[-2].conv1.weight, deep.fidelity[0].conv1.weight)
    assert torch.equal(lean.mean_head.weight, deep.mean_head.weight)
    assert len(lean.gradient_steps) == 1
    assert lean.trunk[-1].conv2.weight.abs().max() == 0
    assert torch.isfinite(lean.encode(make_batch(1, 2, 12)).mean).all()


def test_only_a_mean_can_have_a_teacher_and_it_must_fit(tiny_network):
    from sitsr_core.baselines.registry import find_system

    options = OptimizationConfig(teacher="small", surprise=0.0)
    strategy = start_strategy(find_system("sitsr"), tiny_network, options, ALONE, "cpu")
    assert isinstance(strategy, Minimisation)
    assert isinstance(strategy.objective, Distillation)
    with pytest.raises(JobError, match="Only the mean"):
        start_strategy(find_system("sitsr"), tiny_network, dataclasses.replace(options, objective="flow"), ALONE, "cpu")
    twice = SuperResolver(dataclasses.replace(tiny_network.config, factor=2))
    with pytest.raises(JobError, match="other factor"):
        start_strategy(find_system("sitsr"), twice, options, ALONE, "cpu")


def test_a_taught_step_is_the_same_when_repeated(tiny_network, batch):
    taught = Distillation(tiny_network, 0.25)
    losses = [taught(tiny_network, batch, torch.Generator().manual_seed(5))[0].item() for _ in range(2)]
    assert losses[0] == losses[1]
    assert losses[0] != mean_objective(tiny_network, batch, torch.Generator().manual_seed(5))[0].item()
