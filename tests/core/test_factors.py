"""Networks of factor 2 and 3: everything that a training needs, and the engine."""

import dataclasses

import numpy as np
import pytest
import rasterio
import torch
from conftest import TINY
from fixtures import rasters

from sitsr_core import sensor, super_resolve
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig
from sitsr_core.datasets.simulate import STEADY
from sitsr_core.errors import ModelError
from sitsr_core.job import SuperResolutionJob
from sitsr_core.models.card import ModelCard, save_model
from sitsr_core.models.network import SuperResolver, filled_reference
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.trainer import Trainer
from sitsr_core.training.validation import Validation, place_batches

BANDS = ("B02", "B03", "B04", "B08")
SHARES = {"rgb": 0.5, "rgbn": 0.5}


def _network(factor: int) -> SuperResolver:
    torch.manual_seed(0)
    network = SuperResolver(dataclasses.replace(TINY, factor=factor, gradient_steps=1))
    with torch.no_grad():
        for head in (network.denoiser.head, network.denoiser.condition_detail, network.mean_head):
            head.weight.normal_(0, 0.1)
    return network.eval()


@torch.inference_mode()
@pytest.mark.parametrize("factor", [2, 3])
def test_the_three_products_have_the_fine_size(make_batch, factor):
    network, batch = _network(factor), make_batch(2, 3, 12)
    prediction = network.encode(batch)
    shape = (2, 4, 12 * factor, 12 * factor)
    assert prediction.mean.shape == prediction.std.shape == shape
    sample = network.sample(prediction, torch.randn(shape), 2)
    assert sample.shape == shape and torch.isfinite(sample).all()


@torch.inference_mode()
@pytest.mark.parametrize("factor", [2, 3])
def test_the_halo_covers_the_receptive_field(make_batch, factor):
    network, size, changed_from, steps = _network(factor), 136, 100, 2
    batch, halo = make_batch(1, 2, size), network.halo("sample", steps, 1)
    noise = torch.randn(1, 4, factor * size, factor * size, generator=torch.Generator().manual_seed(1))

    def run(reflectance: torch.Tensor) -> torch.Tensor:
        x = network.sample(network.encode(dataclasses.replace(batch, reflectance=reflectance)), noise, steps)
        return sensor.back_project(x, reflectance[:, 0], batch.clear[:, :1], BANDS, 1, factor)

    other = batch.reflectance.clone()
    other[..., changed_from:] += 0.5
    difference = (run(other) - run(batch.reflectance)).abs().amax((0, 1, 2))
    assert difference[: factor * (changed_from - halo)].max() == 0
    assert difference[factor * changed_from - 1] > 0


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_observation_does_not_shift(factor):
    """A linear ramp seen by the sensor is the ramp at the centres of its pixels."""
    ramp = torch.arange(20.0 * factor).expand(1, 1, 20 * factor, -1) / 100
    centres = (factor * torch.arange(20) + (factor - 1) / 2) / 100
    assert torch.allclose(sensor.observe(ramp, ["B02"], factor)[0, 0, 10, 4:16], centres[4:16], atol=1e-5)
    back = sensor.upsample(centres.expand(1, 1, 20, -1), factor)[0, 0, 20].unflatten(0, (20, factor)).mean(1)
    assert torch.allclose(back[4:16], centres[4:16], atol=1e-5)


@pytest.mark.parametrize("factor", [2, 3])
def test_simulated_dates_are_what_the_sensor_would_see(places, factor):
    sampler = PlaceSampler(places, SamplerConfig(batch=3, patch=16, shares=SHARES), STEADY, factor)
    batch = sampler.batch(0, dates=2)
    assert batch.factor == factor and batch.truth.shape == (3, 4, 16 * factor, 16 * factor)
    seen = filled_reference(batch.series) - sensor.observe(batch.truth, BANDS, factor)
    assert seen[..., 3:-3, 3:-3].abs().mean() < 0.02 * batch.truth.mean()


@pytest.mark.parametrize("factor", [2, 3])
def test_both_stages_train_and_are_validated(places, tmp_path, factor):
    table = {
        "factor": factor,
        "encoder_width": 8,
        "encoder_blocks": 1,
        "heads": 2,
        "trunk_width": 12,
        "trunk_blocks": 1,
        "denoiser_width": 8,
    }
    network = None
    for objective in ("mean", "flow"):
        optimization = {"objective": objective, "steps": 2, "warmup": 1, "precision": "float32", "validate_every": 2}
        config = TrainingConfig.from_dict({"data": "none", "network": table, "optimization": optimization})
        options = SamplerConfig(batch=2, patch=16, max_dates=2, shares=SHARES)
        validation = Validation(place_batches(places, options, factor)) if objective == "mean" else None
        sampler = PlaceSampler(places, options, STEADY, factor)
        network = network or SuperResolver(config.network)
        trainer = Trainer(network, sampler, config, tmp_path / objective, validation)
        assert trainer.run().steps == 2
        network = trainer.averaged_network().train()
    log = (tmp_path / "mean" / "log.jsonl").read_text()
    assert "steady_8" in log and "NaN" not in log


def test_other_factors_are_refused():
    with pytest.raises(ModelError, match="for a factor of 5"):
        TrainingConfig.from_dict({"data": "none", "network": {"factor": 5}})


@pytest.mark.parametrize(("factor", "mode"), [(2, "mean"), (3, "ensemble")])
def test_the_engine_runs_them_and_tiles_leave_no_trace(tmp_path, factor, mode):
    save_model(_network(factor), ModelCard("other", "1", "A test.", dates=(1, 3)), tmp_path / "other.safetensors")
    inputs = rasters.write_series(tmp_path / "in", rasters.DATES[:2], size=(70, 75))
    images = []
    for tile in (64, 128):
        job = SuperResolutionJob(
            inputs=[str(path) for path in inputs], output=str(tmp_path / f"{tile}.tif"), model=str(tmp_path / "other.safetensors"),
            mode=mode, members=2, steps=1, tile=tile, precision="float32", threads=1, clear_count=True,
        )  # fmt: skip
        super_resolve(job)
        with rasterio.open(job.output) as result, rasterio.open(inputs[0]) as source:
            assert result.shape == (70 * factor, 75 * factor) and result.block_shapes[0] == (64 * factor, 64 * factor)
            assert result.transform.a == pytest.approx(source.transform.a / factor) and result.bounds == pytest.approx(source.bounds)
            images.append(result.read().astype(int))
    assert np.abs(images[0] - images[1]).max() <= 1 and images[0].std() > 10
    with rasterio.open(tmp_path / "64_clear_count.tif") as counts:
        assert counts.shape == (70 * factor, 75 * factor)
