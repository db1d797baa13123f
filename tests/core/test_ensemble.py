"""The mean of draws and the error that is expected of it."""

import math

import pytest
import torch

from sitsr_core.models.ensemble import ensemble

EXPECTED, STD = torch.full((1, 2, 40, 40), 0.2), torch.full((1, 2, 40, 40), 0.03)


def noise(number: int) -> torch.Tensor:
    return torch.randn(EXPECTED.shape, generator=torch.Generator().manual_seed(number))


@pytest.mark.parametrize("members", [2, 8])
def test_what_one_draw_adds_its_opposite_takes_away(members):
    mean, error = ensemble(lambda number, sign: EXPECTED + sign * STD * noise(number), members, STD)
    assert torch.allclose(mean, EXPECTED, atol=1e-6)
    assert torch.allclose(error, STD, atol=1e-6)


@pytest.mark.parametrize(("members", "drawn"), [(2, [(0, 1), (0, -1)]), (3, [(0, 1), (0, -1), (1, 1), (1, -1)])])
def test_draws_come_in_pairs(members, drawn):
    asked = []
    ensemble(lambda number, sign: asked.append((number, sign)) or EXPECTED, members, STD)
    assert asked == drawn


def test_what_does_not_cancel_is_counted():
    """Draws whose noise acts alike with either sign: each pair is off by as much as one draw."""
    mean, error = ensemble(lambda number, sign: EXPECTED + 0.05 * noise(number), 16, STD)
    found, told = (mean - EXPECTED).std(), error.square().mean().sqrt()
    assert found == pytest.approx(0.05 / math.sqrt(8), rel=0.05)
    assert told == pytest.approx(math.hypot(0.03, 0.05 / math.sqrt(8)), rel=0.02)
