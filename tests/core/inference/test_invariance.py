"""The same pixel, whatever the tile: through the whole engine, file to file, in all three modes."""

import os

import numpy as np
import pytest
from engine_fixtures import DATES, pixels_of, run, small_model, write_mask, write_series

from sitsr_core.inference.device import choose_device

HEIGHT, WIDTH = 86, 290  # more than one tile of 256 across; not multiples of anything
TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def series(tmp_path_factory) -> tuple[list[str], str, dict]:
    """Float rasters, so that rounding to numbers hides nothing; one date half covered by cloud, and ground that no date shows."""
    folder = tmp_path_factory.mktemp("series")
    paths = write_series(folder, HEIGHT, WIDTH, dtype="float32")
    clear = np.ones((HEIGHT, WIDTH), bool)
    nowhere = np.ones((HEIGHT, WIDTH), bool)
    nowhere[30:50, 60:68] = nowhere[40:, 252:262] = False
    clear[20:60, 30:200] = False
    masks = {"": write_mask(folder / "all.tif", nowhere), paths[2]: write_mask(folder / "mask.tif", clear & nowhere)}
    return paths, small_model(folder / "model.safetensors"), masks


@pytest.mark.parametrize("mode", ["mean", "sample", "ensemble"])
@pytest.mark.parametrize("precision", sorted({"float32", choose_device("cpu").precision}))
def test_tile_64_tile_256_and_whole_agree(series, tmp_path, mode, precision):
    inputs, model, masks = series
    fields = {"mode": mode, "members": 2, "steps": 2, "uncertainty": True, "precision": precision, "masks": masks, "device": "cpu"}
    images = {}
    for tile in (64, 256, 512):
        output = tmp_path / f"{tile}.tif"
        run(inputs, output, model, tile=tile, **fields)
        images[tile] = np.concatenate([pixels_of(output), pixels_of(tmp_path / f"{tile}_std.tif")])
    gaps = np.isnan(images[512])
    assert images[512].shape == (8, 4 * HEIGHT, 4 * WIDTH) and 0.01 < gaps.mean() < 0.05 and np.nanstd(images[512][:4]) > 0.01
    for tile in (64, 256):
        differences = np.abs(images[tile] - images[512])[~gaps]
        assert np.array_equal(np.isnan(images[tile]), gaps)
        assert differences.max() < (TOLERANCE if precision == "float32" else 10 * TOLERANCE)
        assert (differences > TOLERANCE).mean() < 1e-3  # some processors round single pixels of half precision by the tile's size


@pytest.mark.parametrize("mode", ["mean", "sample"])
def test_a_part_of_the_image_is_the_crop_of_the_whole(series, tmp_path, mode):
    inputs, model, masks = series
    fields = {"mode": mode, "masks": masks, "target_dates": [DATES[2]]}
    run(inputs, tmp_path / "whole.tif", model, **fields)
    run(inputs, tmp_path / "window.tif", model, **fields, window=[37, 13, 101, 57])
    run(inputs, tmp_path / "bounds.tif", model, **fields, bounds=[500370, 4600000 - 700, 501380, 4600000 - 130])
    whole = pixels_of(tmp_path / "whole.tif")[:, 4 * 13 : 4 * 70, 4 * 37 : 4 * 138]
    assert np.nanmax(np.abs(pixels_of(tmp_path / "window.tif") - whole)) < TOLERANCE
    assert np.array_equal(pixels_of(tmp_path / "window.tif"), pixels_of(tmp_path / "bounds.tif"), equal_nan=True)


def test_with_orientations_too(series, tmp_path):
    inputs, model, masks = series
    for tile in (64, 512):
        run(inputs, tmp_path / f"{tile}.tif", model, tile=tile, masks=masks, orientations=2, window=[0, 0, 90, 80])
    run(inputs, tmp_path / "one.tif", model, masks=masks, window=[0, 0, 90, 80])
    few, whole, one = (pixels_of(tmp_path / f"{name}.tif") for name in (64, 512, "one"))
    assert np.nanmax(np.abs(few - whole)) < TOLERANCE
    assert np.nanmax(np.abs(whole - one)) > 10 * TOLERANCE


def test_the_same_seed_gives_the_same_file_and_another_seed_another(series, tmp_path):
    inputs, model, _ = series
    fields = {"mode": "sample", "steps": 2, "window": [0, 0, 70, 70]}
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        run(inputs, tmp_path / f"{name}.tif", model, seed=seed, **fields)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
    assert np.abs(pixels_of(tmp_path / "a.tif") - pixels_of(tmp_path / "c.tif")).mean() > 1e-4


def test_half_precision_agrees_with_float32(series, tmp_path):
    inputs, model, _ = series
    for precision in ("float32", "bfloat16"):
        run(inputs, tmp_path / f"{precision}.tif", model, precision=precision, device="cpu", window=[0, 0, 64, 64])
    difference = np.abs(pixels_of(tmp_path / "float32.tif") - pixels_of(tmp_path / "bfloat16.tif"))
    assert difference.mean() < 1e-3


def test_the_number_of_threads_is_given_back(series, tmp_path):
    import torch

    before = torch.get_num_threads()
    run(series[0], tmp_path / "a.tif", series[1], threads=min(2, os.cpu_count() or 1), window=[0, 0, 16, 16])
    assert torch.get_num_threads() == before
