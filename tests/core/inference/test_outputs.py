"""What is written: grid, type, radiometry, no-data, tags, overviews, names."""

import dataclasses
import datetime
import json

import numpy as np
import pytest
import rasterio
import torch
from engine_fixtures import BANDS, DATES, numbers, pixels_of, run, scene, small_model, write_mask, write_raster, write_series
from rasterio.transform import from_origin

from sitsr_core.errors import SitsrError
from sitsr_core.inference.outputs import must_be_tagged
from sitsr_core.job import SuperResolutionJob
from sitsr_core.sensor import observe
from sitsr_core.series.acquisition import Acquisition
from sitsr_core.series.radiometry import LIFTED, PRODUCT_METADATA


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    return small_model(tmp_path_factory.mktemp("model") / "model.safetensors")


def down(fine: np.ndarray) -> np.ndarray:
    """What the sensor would see of the output."""
    return observe(torch.from_numpy(fine.astype(np.float32))[None], BANDS[: len(fine)])[0].numpy()


@pytest.mark.parametrize("dtype", ["uint16", "int16", "float32"])
def test_numbers_come_back_in_the_type_and_range_of_the_input(tmp_path, model, dtype):
    inputs = write_series(tmp_path / "in", dtype=dtype)
    run(inputs, tmp_path / "fine.tif", model, target_dates=[DATES[0]])
    with rasterio.open(inputs[0]) as given, rasterio.open(tmp_path / "fine.tif") as made:
        assert (made.dtypes == given.dtypes and made.nodata == given.nodata) or np.isnan(made.nodata)
        assert (made.width, made.height) == (4 * given.width, 4 * given.height)
        assert made.bounds == given.bounds and made.crs == given.crs
        assert made.descriptions == BANDS
        scale = 1 if dtype == "float32" else 1e4
        assert np.abs(down(made.read()) - given.read()).mean() / scale < 0.004


def test_eight_bit_values_survive(tmp_path, model):
    inputs = [write_raster(tmp_path / f"a_{date.replace('-', '')}.tif", np.rint(scene(40, 40) * 255).astype("uint8")) for date in DATES[:2]]
    run(inputs, tmp_path / "fine.tif", model, scale=1 / 255)
    with rasterio.open(tmp_path / "fine.tif") as made, rasterio.open(inputs[1]) as given:
        assert made.dtypes[0] == "uint8"
        assert np.abs(down(made.read()) - given.read()).mean() < 2
        assert rasterio.enums.ColorInterp.alpha not in made.colorinterp


def test_bright_and_dark_pixels_do_not_wrap(tmp_path, model):
    """Snow above reflectance 1, and a reflectance below 0 with the offset of baseline 04.00."""
    reflectance = scene(48, 48)
    reflectance[:, 10:24, 10:24] = 1.6
    reflectance[:, 30:44, 30:44] = -0.08
    stored = np.rint((reflectance + 0.1) * 1e4).astype("uint16")
    inputs = [write_raster(tmp_path / f"a_{date.replace('-', '')}.tif", stored, nodata=0) for date in DATES[:2]]
    clear = write_mask(tmp_path / "clear.tif", np.ones((48, 48), bool))
    run(inputs, tmp_path / "fine.tif", model, scale=1e-4, offset=-0.1, masks=dict.fromkeys(inputs, clear))
    made = pixels_of(tmp_path / "fine.tif").astype(float) * 1e-4 - 0.1
    assert made.max() < 4 and made.min() >= -0.1  # 6.5 if it wrapped
    assert abs(made[:, 4 * 14 : 4 * 20, 4 * 14 : 4 * 20].mean() - 1.6) < 0.03
    assert abs(made[:, 4 * 34 : 4 * 40, 4 * 34 : 4 * 40].mean() + 0.08) < 0.03


def test_scale_and_offset_tags_are_kept_and_only_where_there_were_some(tmp_path, model):
    stored = np.rint((scene(40, 40) + 0.1) * 1e4).astype("uint16")
    tagged = [write_raster(tmp_path / f"a_{d.replace('-', '')}.tif", stored, scaling=(1e-4, -0.1), nodata=0) for d in DATES[:2]]
    result = run(tagged, tmp_path / "tagged.tif", model)
    run(write_series(tmp_path / "in"), tmp_path / "plain.tif", model)
    with rasterio.open(tmp_path / "tagged.tif") as made:
        assert made.scales == (1e-4,) * 4 and made.offsets == (-0.1,) * 4
        assert abs(made.read().mean() * 1e-4 - 0.1 - scene(40, 40).mean()) < 0.005
    with rasterio.open(tmp_path / "plain.tif") as made:
        assert made.scales == (1.0,) * 4 and made.offsets == (0.0,) * 4
    assert result.series[0]["offset"] == -0.1


def test_results_of_dates_that_are_stored_differently_carry_tags(tmp_path, model):
    inputs, reflectance = [], scene(40, 40)
    for date, offset in zip(DATES, (0.0, 0.0, -0.1), strict=True):
        inputs.append(write_raster(tmp_path / f"S2_{date}.tif", numbers(reflectance - offset), nodata=0))
        with rasterio.open(inputs[-1], "r+") as dataset:
            dataset.update_tags(SITSR_SCALING=f"[0.0001, {offset}]")
    run(inputs, tmp_path / "out", model, target_dates=["all"])
    means = []
    for date, offset in zip(DATES, (0.0, 0.0, -0.1), strict=True):
        with rasterio.open(tmp_path / "out" / f"sitsr_{date}.tif") as made:
            assert made.scales == (1e-4,) * 4 and made.offsets == (offset,) * 4
            means.append(made.read().mean() * 1e-4 + offset)
    assert np.ptp(means) < 0.002


def test_an_offset_that_only_a_products_metadata_told_is_not_lost():
    one = Acquisition("a", datetime.date(2024, 6, 1), "", {}, 1e-4, -0.1, PRODUCT_METADATA)
    assert must_be_tagged([one])
    assert not must_be_tagged([dataclasses.replace(one, radiometry_source=LIFTED)] * 2)
    assert not must_be_tagged([dataclasses.replace(one, offset=0.0)] * 2)


def test_tags_say_where_the_image_comes_from(tmp_path, model):
    inputs = write_series(tmp_path / "in")
    result = run(inputs, tmp_path / "fine.tif", model, mode="sample", steps=3, seed=7, target_dates=[DATES[1]])
    with rasterio.open(tmp_path / "fine.tif") as made:
        tags = made.tags()
    assert tags["ACQUISITIONDATETIME"] == DATES[1]
    assert (tags["SITSR_MODE"], tags["SITSR_SEED"], tags["SITSR_STEPS"]) == ("sample", "7", "3")
    assert tags["SITSR_MODEL"] == "test 1" and len(tags["SITSR_MODEL_HASH"]) == 16
    assert json.loads(tags["SITSR_DATES_USED"]) == list(DATES) == result.dates_used[DATES[1]]
    assert len(json.loads(tags["SITSR_INPUTS"])) == 3
    assert json.loads(tags["SITSR_SCALING"]) == [1e-4, 0.0] and json.loads(tags["SITSR_INPUT_SCALINGS"]) == [[1e-4, 0.0]] * 3
    assert set(json.loads(tags["SITSR_CONSISTENCY"])) == set(BANDS)
    assert "estimated by a model, not observed" in tags["SITSR_NOTE"]
    assert str(tmp_path) not in json.dumps(tags)
    assert not list(tmp_path.glob("*.aux.xml"))


def test_the_job_beside_the_output_repeats_the_run(tmp_path, model):
    run(write_series(tmp_path / "in"), tmp_path / "fine.tif", model, mode="sample", steps=2)
    first = (tmp_path / "fine.tif").read_bytes()
    job = SuperResolutionJob.from_file(tmp_path / "fine.tif.job.json")
    run(job.inputs, tmp_path / "again.tif", job.model, mode=job.mode, steps=job.steps)
    assert (tmp_path / "again.tif").read_bytes() == first
    assert not (tmp_path / "fine.tif.sitsr-run").exists()


def test_tags_are_those_of_the_numbers_that_are_written(tmp_path, model):
    """Files that say an offset of 0, one of which has the +1000 in its numbers."""
    fields, inputs = scene(80, 80), []
    fields[:, :20, :20] = 0.004
    for date, lifted in zip(DATES, (0, 0, 0.1), strict=True):
        inputs.append(write_raster(tmp_path / f"S2_{date}.tif", numbers(fields + lifted), nodata=0, scaling=(1e-4, 0.0)))
    result = run(inputs, tmp_path / "out", model, target_dates=["all"])
    assert [date["offset"] for date in result.series] == [0.0, 0.0, -0.1]
    for date, offset in zip(DATES, (0.0, 0.0, -0.1), strict=True):
        with rasterio.open(tmp_path / "out" / f"sitsr_{date}.tif") as made:
            assert made.scales == (1e-4,) * 4 and made.offsets == (offset,) * 4


@pytest.mark.parametrize("form", ["GTiff", "COG"])
def test_the_file_is_tiled_compressed_and_has_overviews(tmp_path, model, form):
    run(write_series(tmp_path / "in", 80, 150), tmp_path / "fine.tif", model, output_format=form)
    with rasterio.open(tmp_path / "fine.tif") as made:
        assert made.block_shapes == [(256, 256)] * 4
        assert made.compression == rasterio.enums.Compression.deflate
        assert made.overviews(1)[:2] == [2, 4]
        assert made.descriptions == BANDS and made.tags()["SITSR_MODE"] == "mean"
        assert (made.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG") == (form == "COG")
        full, half = made.read(1).astype(float), made.read(1, out_shape=(160, 300)).astype(float)
        assert np.abs(full.reshape(160, 2, 300, 2).mean((1, 3)) - half).max() <= 1


def test_geographic_coordinates_and_oblong_pixels(tmp_path, model):
    transform = from_origin(3.1, 42.3, 0.000125, 0.00009)
    inputs = write_series(tmp_path / "in", crs="EPSG:4326", transform=transform)
    run(inputs, tmp_path / "fine.tif", model)
    with rasterio.open(tmp_path / "fine.tif") as made, rasterio.open(inputs[0]) as given:
        assert made.crs == given.crs and np.allclose(made.bounds, given.bounds, atol=1e-12)
        assert np.allclose(made.res, (0.000125 / 4, 0.00009 / 4))


def test_rgb_series(tmp_path, model):
    run(write_series(tmp_path / "in", bands=BANDS[:3]), tmp_path / "fine.tif", model, mode="ensemble", members=2, steps=2)
    with rasterio.open(tmp_path / "fine.tif") as made:
        assert made.descriptions == BANDS[:3]


def test_all_dates_go_into_a_folder_with_their_extras(tmp_path, model):
    inputs = write_series(tmp_path / "in")
    result = run(inputs, tmp_path / "out", model, target_dates=["all"], uncertainty=True, clear_count=True, tile=64)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    expected = [f"sitsr_{date}{suffix}.tif" for date in DATES for suffix in ("", "_clear_count", "_std")]
    assert names == sorted([*expected, "sitsr.job.json"])
    assert [o["kind"] for o in result.to_dict()["outputs"]] == ["image", "uncertainty", "clear_count"] * 3
    single = run(inputs, tmp_path / "single.tif", model, target_dates=[DATES[1]])
    assert single.target_dates == [DATES[1]]
    assert np.array_equal(pixels_of(tmp_path / "single.tif"), pixels_of(tmp_path / "out" / f"sitsr_{DATES[1]}.tif"))
    with rasterio.open(tmp_path / "out" / f"sitsr_{DATES[0]}_std.tif") as std:
        assert std.dtypes == ("float32",) * 4 and np.isnan(std.nodata) and (std.read() > 0).all()
        assert json.loads(std.tags()["SITSR_SCALING"]) == [1.0, 0.0]


def test_consistency_is_small_and_back_projection_makes_it_smaller(tmp_path, model):
    inputs = write_series(tmp_path / "in")
    means = [np.mean(list(run(inputs, tmp_path / f"{n}.tif", model, back_projection=n).consistency[DATES[2]].values())) for n in (0, 2, 4)]
    assert means[0] > means[1] > means[2] and means[2] < 0.003


def test_several_dates_need_a_folder_and_an_existing_output_is_kept(tmp_path, model):
    inputs = write_series(tmp_path / "in")
    with pytest.raises(SitsrError, match="several dates"):
        run(inputs, tmp_path / "fine.tif", model, target_dates=["all"])
    run(inputs, tmp_path / "fine.tif", model)
    before = (tmp_path / "fine.tif").read_bytes()
    with pytest.raises(SitsrError, match="exists already"):
        run(inputs, tmp_path / "fine.tif", model, mode="sample")
    assert (tmp_path / "fine.tif").read_bytes() == before
    (tmp_path / "fine.tif.aux.xml").write_text("<PAMDataset/>")
    run(inputs, tmp_path / "fine.tif", model, mode="sample", overwrite=True)
    assert (tmp_path / "fine.tif").read_bytes() != before
    assert not (tmp_path / "fine.tif.aux.xml").exists(), "statistics of the replaced file"
    assert not SuperResolutionJob.from_file(tmp_path / "fine.tif.job.json").overwrite, "leave to overwrite is for one run"


def test_an_input_is_never_overwritten(tmp_path, model):
    inputs = write_series(tmp_path / "in")
    with pytest.raises(SitsrError, match="is one of the inputs"):
        run(inputs, inputs[1], model, overwrite=True)
    assert np.array_equal(pixels_of(inputs[1]), numbers(scene(90, 100) * 0.97 + 0.003))
