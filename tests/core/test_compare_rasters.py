"""Rasters against a reference."""

import numpy as np
import pytest
import torch
from engine_fixtures import BANDS, UTM, numbers, scene, write_raster
from rasterio.transform import Affine

from sitsr_core import metrics, sensor
from sitsr_core.errors import Cancelled, InputError, JobError
from sitsr_core.evaluation.compare_rasters import ComparisonJob, compare_rasters

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


def test_pixels_without_data_do_not_count(files, tmp_path):
    holes = numbers(TRUTH)
    holes[:, 30:40, 50:60] = 0
    report = run(image=write_raster(tmp_path / "holes.tif", holes, transform=FINE, nodata=0), reference=files["reference"])
    assert report["rows"]["result"]["psnr"] > 150 and report["rows"]["result"]["cpsnr"] > 100
    assert report["pixels"] == (96 - 16) * (120 - 16) - 16 * 16


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
