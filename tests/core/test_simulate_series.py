"""A series simulated from a fine image, read back as a user would."""

import csv

import numpy as np
import pytest
import rasterio
import torch
from engine_fixtures import BANDS, numbers, scene, write_raster

from sitsr_core import sensor
from sitsr_core.datasets import simulate_series as module
from sitsr_core.datasets.simulate_series import SimulationJob, simulate_series
from sitsr_core.errors import Cancelled, InputError, JobError
from sitsr_core.series.image_series import ImageSeries

HEIGHT, WIDTH = 4 * 40 + 30, 4 * 50 + 24


@pytest.fixture(scope="module")
def fine(tmp_path_factory) -> str:
    return write_raster(tmp_path_factory.mktemp("fine") / "fine.tif", numbers(scene(HEIGHT, WIDTH)), nodata=0)


def run(image, folder, **fields) -> dict:
    return simulate_series(SimulationJob.from_dict({"input": image, "folder": str(folder), **fields}), lambda _: None, lambda: False)


def test_the_product_finds_the_dates_shifts_and_masks_again(fine, tmp_path):
    made = run(fine, tmp_path, count=5, cloudy=0.5, seed=3)
    masks = {one["path"]: one["mask"] for one in made["series"]}
    with ImageSeries.open([made["folder"]], masks=masks) as series:
        assert [one.date.isoformat() for one in series.acquisitions] == [one["date"] for one in made["series"]]
        assert {one.date_source for one in series.acquisitions} == {"tag ACQUISITIONDATETIME"}
        found = np.array([one.shift if one.shift_known else (np.nan, np.nan) for one in series.acquisitions])
        shares = [100 * one.clear_fraction for one in series.acquisitions]
    true = np.array([[one["shift_row"], one["shift_column"]] for one in made["series"]])
    known = np.isfinite(found[:, 0])
    assert known[0] and known.sum() >= 3 and (true[0] == 0).all() and np.abs(true[known]).max() > 0.3
    assert np.abs((found - found[0]) - true)[known].max() < 0.05
    np.testing.assert_allclose(shares, [one["clear_percent"] for one in made["series"]], atol=0.2)
    assert min(shares) < 95 and shares[0] == 100


def test_the_first_date_is_the_truth_through_the_sensor(fine, tmp_path):
    made = run(fine, tmp_path, count=1)
    with rasterio.open(made["truth"]) as truth, rasterio.open(made["series"][0]["path"]) as coarse:
        assert truth.bounds == coarse.bounds and (coarse.height, coarse.width) == (41, 50) and truth.shape == (164, 200)
        assert coarse.descriptions == BANDS and coarse.tags()["ACQUISITIONDATETIME"] == "2024-06-01"
        seen = sensor.observe(torch.from_numpy(truth.read() / 1e4)[None], BANDS)[0].numpy()
        misfit = np.abs(coarse.read() / 1e4 - seen)[:, 3:-3, 3:-3]
    assert misfit.mean() < 0.002


def test_the_same_seed_gives_the_same_files_and_another_others(fine, tmp_path):
    one, same, other = (run(fine, tmp_path / name, seed=seed, count=3) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    read = lambda made: [rasterio.open(row["path"]).read() for row in made["series"]]  # noqa: E731
    assert all((a == b).all() for a, b in zip(read(one), read(same), strict=True))
    assert any((a != b).any() for a, b in zip(read(one), read(other), strict=True))
    with open(one["table"], newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["layer"] for row in rows] == [f"simulated_{row['date']}.tif" for row in rows] and len(rows) == 3


def test_no_data_stays_no_data(tmp_path):
    values = numbers(scene(HEIGHT, WIDTH))
    values[:, :60, :60] = 0
    made = run(write_raster(tmp_path / "hole.tif", values, nodata=0), tmp_path / "out", count=2, cloudy=0)
    for row in made["series"]:
        with rasterio.open(row["path"]) as raster, rasterio.open(row["mask"]) as mask:
            seen = raster.dataset_mask() > 0
            assert not seen[:11, :11].any() and seen[16:, 16:].all() and ((mask.read(1) == 1) == seen).all()


def test_what_cannot_be_is_one_sentence(fine, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="each side needs 56"):
        run(write_raster(tmp_path / "small.tif", numbers(scene(50, 90))), tmp_path)
    with pytest.raises(InputError, match="no-data"):
        run(write_raster(tmp_path / "empty.tif", np.zeros((4, 90, 90), "uint16"), nodata=0), tmp_path)
    monkeypatch.setattr(module, "MOST_PIXELS", 1000)
    with pytest.raises(InputError, match="more than a simulation takes"):
        run(fine, tmp_path)
    for wrong in ({"count": 0}, {"cloudy": 2}, {"first_date": "soon"}, {"folder": ""}, {"shift": -0.1}):
        with pytest.raises(JobError):
            run(fine, **{"folder": tmp_path, **wrong})
    monkeypatch.undo()
    with pytest.raises(Cancelled):
        simulate_series(SimulationJob(fine, str(tmp_path / "x")), lambda _: None, lambda: True)
