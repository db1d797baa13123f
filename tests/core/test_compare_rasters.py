"""Rasters against a reference."""

import json

import numpy as np
import pytest
import rasterio
import torch
from engine_fixtures import BANDS, UTM, numbers, scene, write_raster
from rasterio.shutil import copy
from rasterio.transform import Affine

from sitsr_core import metrics, sensor
from sitsr_core.errors import Cancelled, InputError, JobError
from sitsr_core.evaluation.compare_rasters import ComparisonJob, compare_rasters
from sitsr_core.inference.events import Message

FINE = UTM @ Affine.scale(1 / 4)
TRUTH = scene(96, 120)
COARSE = sensor.observe(torch.from_numpy(TRUTH)[None], BANDS)[0].numpy()


def run(stop=False, **fields) -> dict:
    return compare_rasters(ComparisonJob.from_dict(fields), lambda _: None, lambda: stop)


@pytest.fixture
def files(tmp_path):
    noisy = TRUTH + np.random.default_rng(1).normal(0, 0.01, TRUTH.shape)
    return {
        "image": write_raster(tmp_path / "image.tif", numbers(noisy), transform=FINE, nodata=0),
        "reference": write_raster(tmp_path / "reference.tif", numbers(TRUTH), transform=FINE, nodata=0),
        "input": write_raster(tmp_path / "input.tif", numbers(COARSE), nodata=0),
    }


def test_the_figures_are_those_of_the_protocol(files):
    report = run(**files)
    noisy = numbers(TRUTH + np.random.default_rng(1).normal(0, 0.01, TRUTH.shape)).astype(np.float32) / 1e4
    truth = numbers(TRUTH).astype(np.float32) / 1e4
    assert report["rows"]["result"]["psnr"] == pytest.approx(metrics.psnr(noisy, truth), abs=0.02)
    assert report["rows"]["result"]["sam"] == pytest.approx(metrics.sam(noisy, truth), rel=1e-3)
    assert report["rows"]["bicubic"]["consistency"] > 0.0005 and set(report["rows"]["result"]) == set(report["rows"]["bicubic"])
    assert report["bands"] == list(BANDS) and (report["width"], report["height"]) == (120, 96)
    assert "bicubic" not in run(image=files["image"], reference=files["reference"])["rows"]


@pytest.mark.parametrize("factor", [2, 3])
def test_an_image_of_another_factor_is_judged_against_its_input(files, tmp_path, factor):
    coarse = sensor.observe(torch.from_numpy(TRUTH)[None], BANDS, factor)[0].numpy()
    given = write_raster(tmp_path / "coarse.tif", numbers(coarse), transform=FINE @ Affine.scale(factor), nodata=0)
    rows = run(image=files["reference"], reference=files["reference"], input=given)["rows"]
    assert rows["result"]["consistency"] < 1e-4 < rows["bicubic"]["consistency"] and rows["bicubic"]["psnr"] > 25


def test_a_larger_reference_with_fewer_bands_is_compared_where_they_overlap(files, tmp_path):
    wide = np.pad(numbers(TRUTH), ((0, 0), (7, 9), (5, 3)), mode="reflect")[:3]
    other = write_raster(tmp_path / "wide.tif", wide, BANDS[:3], transform=FINE @ Affine.translation(-5, -7), nodata=0)
    whole, part = run(image=files["reference"], reference=other), run(image=other, reference=files["reference"])
    assert whole["bands"] == list(BANDS[:3]) and whole["rows"]["result"]["psnr"] > 150 and part["rows"]["result"]["psnr"] > 150


def test_a_crs_may_be_written_in_two_ways(files, tmp_path):
    paths = {name: str(tmp_path / f"{name}.img") for name in ("reference", "input")}
    for name, path in paths.items():
        copy(files[name], path, driver="HFA")
    with rasterio.open(files["reference"]) as one, rasterio.open(paths["reference"]) as other:
        assert one.crs == other.crs and one.crs.to_wkt() != other.crs.to_wkt()
    bands = {band: number for number, band in enumerate(BANDS, 1)}
    assert run(image=files["image"], **paths, bands=bands)["rows"]["bicubic"]["psnr"] > 25


def test_pixels_without_data_do_not_count(files, tmp_path):
    holes = numbers(TRUTH)
    holes[:, 30:40, 50:60] = 0
    report = run(image=write_raster(tmp_path / "holes.tif", holes, transform=FINE, nodata=0), reference=files["reference"])
    assert report["rows"]["result"]["psnr"] > 150 and report["rows"]["result"]["cpsnr"] > 100
    assert report["pixels"] == (96 - 16) * (120 - 16) - 16 * 16


BRIGHT = 0.35 + TRUTH / 4  # nothing dark in it: the numbers alone do not show whether 1000 was added


def bright_files(folder, tags=None, offset=0.0):
    """A bright result, reference and input whose numbers stand for ``number / 10000 + offset``; the result alone has tags."""
    coarse = sensor.observe(torch.from_numpy(BRIGHT)[None], BANDS)[0].numpy()
    made = BRIGHT + np.random.default_rng(1).normal(0, 0.002, BRIGHT.shape)
    files = {
        "image": write_raster(folder / "image.tif", numbers(made - offset), transform=FINE, nodata=0),
        "reference": write_raster(folder / "reference.tif", numbers(BRIGHT - offset), transform=FINE, nodata=0),
        "input": write_raster(folder / "input.tif", numbers(coarse - offset), nodata=0),
    }
    with rasterio.open(files["image"], "r+") as file:
        file.update_tags(**(tags or {}))
    return files


def tags_of_result(scaling, inputs=(), scalings=()):
    texts = {"SITSR_SCALING": list(scaling), "SITSR_INPUTS": list(inputs), "SITSR_INPUT_SCALINGS": list(scalings)}
    return {name: json.dumps(value) for name, value in texts.items()}


def offsets(report):
    return {name: one["offset"] for name, one in report["scalings"].items()}


@pytest.mark.parametrize("offset", [0.0, -0.1])
def test_what_the_result_states_holds_for_its_input_and_decides_for_the_reference(tmp_path, offset):
    files = bright_files(tmp_path, tags_of_result((1e-4, offset), ["input.tif"], [(1e-4, offset)]), offset)
    told = []
    report = compare_rasters(ComparisonJob.from_dict(files), told.append, lambda: False)
    by_hand = run(**files, scale=1e-4, offset=offset)
    assert report["rows"] == by_hand["rows"] and offsets(report) == {"image": offset, "reference": offset, "input": offset}
    assert [report["scalings"][name]["guessed"] for name in ("image", "reference", "input")] == [False, True, False]
    notes = [event.text for event in told if isinstance(event, Message)]
    assert len(notes) == 1 and notes[0].startswith("reference.tif: nothing states")


def test_an_input_that_the_result_does_not_name_is_read_like_the_result(tmp_path):
    report = run(**bright_files(tmp_path, tags_of_result((1e-4, -0.1)), -0.1))
    assert offsets(report) == {"image": -0.1, "reference": -0.1, "input": -0.1}
    assert "as in the result" in report["scalings"]["input"]["source"]


@pytest.mark.parametrize(
    ("scalings", "told"),
    [([(1e-4, 0.0), (1e-4, -0.1)], "as in the result"), ([(1e-4, -0.1)] * 2, "made from it"), ([(1e-4, 0.0)], "as in the result")],
)
def test_inputs_of_one_name_tell_only_what_they_agree_on(tmp_path, scalings, told):
    report = run(**bright_files(tmp_path, tags_of_result((1e-4, -0.1), ["input.tif"] * 2, scalings), -0.1))
    assert offsets(report)["input"] == -0.1 and told in report["scalings"]["input"]["source"]


def test_a_result_without_tags_is_read_as_the_others_state(tmp_path):
    def state(path, offset):
        with rasterio.open(path, "r+") as file:
            file.update_tags(BOA_ADD_OFFSET=str(round(offset * 10000)))

    files = bright_files(tmp_path, offset=-0.1)
    state(files["reference"], -0.1)
    report = run(**files)
    assert offsets(report)["image"] == -0.1 and report["scalings"]["image"]["guessed"]
    state(files["input"], -0.1)
    report = run(**files)
    assert offsets(report) == {"image": -0.1, "reference": -0.1, "input": -0.1}
    assert not any(one["guessed"] for one in report["scalings"].values())


def test_where_nothing_states_it_all_are_read_alike_and_it_is_called_a_guess(tmp_path):
    report = run(**bright_files(tmp_path))
    assert len(set(offsets(report).values())) == 1 and all(one["guessed"] for one in report["scalings"].values())


def test_what_does_not_fit_is_one_sentence(files, tmp_path):
    half = write_raster(tmp_path / "half.tif", numbers(TRUTH), transform=FINE @ Affine.translation(0.5, 0))
    with pytest.raises(InputError, match="do not lie on each other"):
        run(image=files["image"], reference=half)
    with pytest.raises(InputError, match="do not lie on each other"):
        run(image=files["image"], reference=files["input"])
    far = write_raster(tmp_path / "far.tif", numbers(TRUTH), transform=FINE @ Affine.translation(110, 0))
    with pytest.raises(InputError, match="overlap by too little"):
        run(image=files["image"], reference=far)
    with pytest.raises(InputError, match="made 2 or 3 or 4 times finer"):
        run(**{**files, "input": files["image"]})
    empty = write_raster(tmp_path / "empty.tif", np.zeros_like(numbers(TRUTH)), transform=FINE, nodata=0)
    with pytest.raises(InputError, match="no-data|No pixel is left"):  # noqa: RUF043
        run(image=empty, reference=files["reference"])
    with pytest.raises(JobError, match="Give both"):
        run(image="", reference="x")
    with pytest.raises(Cancelled):
        run(stop=True, **files)
