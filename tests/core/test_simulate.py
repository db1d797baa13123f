"""Simulated series against the sensor model."""

import dataclasses

import numpy as np
import pytest
import torch

from sitsr_core import sensor
from sitsr_core.datasets.places import mirror
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig, _augment
from sitsr_core.datasets.simulate import MARGIN, STEADY, SimulationConfig, observe_shifted, simulate
from sitsr_core.datasets.split import split_places
from sitsr_core.errors import InputError, JobError

BANDS = ("B02", "B03", "B04", "B08")
SHARES = {"rgb": 0.5, "rgbn": 0.5}


def _smooth_scene(side: int) -> torch.Tensor:
    row, column = torch.meshgrid(torch.arange(side) / 9.0, torch.arange(side) / 13.0, indexing="ij")
    return (0.2 + 0.1 * torch.sin(row) * torch.cos(column)).expand(1, 1, 4, side, side)


def test_unshifted_date_is_operator_a():
    scene = _smooth_scene(128 + 2 * MARGIN)
    sigma = torch.tensor([[sensor.psf_sigma(b) for b in BANDS]])
    seen = observe_shifted(scene, torch.zeros(1, 1, 2), sigma, 32)[0, 0]
    expected = sensor.observe(scene[0, :, :, MARGIN:-MARGIN, MARGIN:-MARGIN], BANDS)[0]
    assert torch.allclose(seen[:, 3:-3, 3:-3], expected[:, 3:-3, 3:-3], atol=2e-4)


def test_shift_moves_content_the_way_the_docstring_says():
    """Content at (r, c) of the reference lies at (r + dy, c + dx) of the date."""
    scene = _smooth_scene(128 + 2 * MARGIN)
    sigma = torch.full((1, 4), 2.0)
    shifts = torch.tensor([[[0.0, 0.0], [1.0, 0.0], [0.0, -2.0]]])
    a, b, c = observe_shifted(scene.expand(1, 3, -1, -1, -1), shifts, sigma, 32)[0]
    assert torch.allclose(b[:, 4:28], a[:, 3:27], atol=1e-4)
    assert torch.allclose(c[:, :, 2:28], a[:, :, 4:30], atol=1e-4)


def _batch(config: SimulationConfig, dates: int = 6, batch: int = 8, seed: int = 0):
    scenes = _smooth_scene(64 + 2 * MARGIN).expand(batch, dates, -1, -1, -1)
    days, reference = torch.zeros(batch, dates), torch.full((batch,), 2)
    generator = torch.Generator().manual_seed(seed)
    valid = torch.ones(batch, *scenes.shape[3:])
    return simulate(scenes, torch.ones(batch, 4), days, reference, torch.zeros(batch, dates, 2), valid, config, generator)


def test_steady_simulation_tells_the_truth():
    batch = _batch(STEADY)
    assert (batch.series.shift[:, 2] == 0).all()
    assert batch.series.shift.abs().max() <= 0.5
    assert (batch.series.clear == 1).all()
    assert (batch.weight == 1).all()
    expected = sensor.observe(batch.truth, BANDS)
    assert (batch.series.reflectance[:, 2] - expected)[..., 3:-3, 3:-3].abs().mean() < 0.003


def test_what_has_no_data_is_neither_shown_as_clear_nor_learned_from():
    scenes = _smooth_scene(64 + 2 * MARGIN).expand(1, 2, -1, -1, -1)
    valid = torch.ones(1, *scenes.shape[3:])
    valid[:, :, : MARGIN + 8] = 0
    days, reference = torch.zeros(1, 2), torch.zeros(1, dtype=torch.long)
    batch = simulate(scenes, torch.ones(1, 4), days, reference, torch.zeros(1, 2, 2), valid, STEADY, torch.Generator())
    assert (batch.weight[..., :8] == 0).all()
    assert (batch.weight[..., 8:] > 0).all()
    assert (batch.series.clear[..., :5] == 0).all()  # the PSF reaches 3 coarse pixels further
    assert (batch.series.clear[..., 5:] == 1).all()


def test_changing_simulation_changes_the_other_dates_only():
    calm, wild = _batch(STEADY), _batch(dataclasses.replace(STEADY, steady=0.0, replaced=1.0, cloud=0.5))
    reference = wild.series.reflectance[:, 2] - sensor.observe(wild.truth, BANDS)
    assert reference[..., 3:-3, 3:-3].abs().mean() < 0.003
    others = [0, 1, 3, 4, 5]
    assert (wild.series.reflectance[:, others] - calm.series.reflectance[:, others]).abs().mean() > 0.01
    assert 0.3 < wild.series.clear.mean() < 1


def test_batches_depend_on_the_step_alone(places):
    one, other = (PlaceSampler(places, SamplerConfig(batch=4, patch=16, shares=SHARES), SimulationConfig()) for _ in range(2))
    one.batch(0)
    a, b = one.batch(5), other.batch(5)
    assert torch.equal(a.series.reflectance, b.series.reflectance)
    assert torch.equal(a.truth, b.truth)
    assert not torch.equal(a.truth, one.batch(6).truth)


def test_batches_of_one_date_alone(places):
    sampler = PlaceSampler(places, SamplerConfig(batch=2, patch=16, shares=SHARES, alone=1.0), SimulationConfig())
    assert [sampler.batch(step).series.days.shape[1] for step in range(4)] == [1] * 4
    with pytest.raises(JobError, match="Give a share from 0 to 1"):
        SamplerConfig(alone=35)


def test_batches_of_many_dates(places):
    """A ``favour_few`` near 0 favours many instead."""
    sampler = PlaceSampler(places, SamplerConfig(batch=2, patch=16, shares=SHARES, max_dates=5, favour_few=0.01), SimulationConfig())
    assert [sampler.batch(step).series.days.shape[1] for step in range(4)] == [5] * 4
    with pytest.raises(JobError, match="Give more than 0"):
        SamplerConfig(favour_few=0.0)


def test_missing_nir_is_masked_not_invented(places):
    sampler = PlaceSampler([p for p in places if p.source == "rgb"], SamplerConfig(batch=4, patch=16, shares=SHARES), SimulationConfig())
    batch = sampler.batch(0)
    assert (batch.weight[:, 3] == 0).all()
    assert (batch.series.reflectance[:, :, 3] == 0).all()
    assert (batch.weight[:, :3] > 0).all()


def test_mirror_is_numpys_reflection():
    for size in (2, 3, 7):
        padded = np.pad(np.arange(size), 20, mode="reflect")
        assert (mirror(np.arange(-20, size + 20), size) == padded).all()
    assert (mirror(np.arange(-3, 4), 1) == 0).all()


def test_split_is_by_site(places, tmp_path):
    path = tmp_path / "split.json"
    path.write_text('{"test": ["rgbn/*"], "validation": ["rgb/1"]}')
    parts = split_places(places, path)
    assert {p.name for p in parts["test"]} == {"rgbn/0", "rgbn/1"}
    assert {p.name for p in parts["train"]} == {"rgb/0"}
    for text in ("{", "[]", '{"test": "rgbn/*"}', '{"tests": []}'):
        path.write_text(text)
        with pytest.raises(InputError, match=r"split\.json"):
            split_places(places, path)


def test_no_source_to_draw_from(places):
    with pytest.raises(JobError, match="No source"):
        PlaceSampler(places, SamplerConfig(shares={"elsewhere": 1.0}), SimulationConfig())


@pytest.mark.parametrize("name", ["batch", "patch", "max_dates"])
def test_batches_of_nothing_are_refused(name):
    with pytest.raises(JobError, match=f"{name} = 0"):
        SamplerConfig(**{name: 0})


def test_augmenting_moves_the_shift_with_the_content():
    """Whatever was flipped or transposed, the second scene is still the first one rolled by the stated shift."""
    first = np.random.default_rng(0).random((1, 16, 16))
    pair = np.stack([first, np.roll(first, (2, -3), (1, 2))])
    seen = set()
    for seed in range(40):
        moves = np.array([[0.0, 0.0], [2.0, -3.0]])
        scenes, shifts, valid = _augment(np.random.default_rng(seed), pair, moves, first[0] > 0.5, photometric=False)
        assert scenes[0, 0][valid > 0].min() > scenes[0, 0][valid == 0].max()
        dy, dx = shifts[1].astype(int)
        assert np.allclose(scenes[1], np.roll(scenes[0], (dy, dx), (1, 2)))
        seen.add((dy, dx))
    assert len(seen) == 8
