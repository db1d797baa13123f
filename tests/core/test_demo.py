"""The demo's own parts, on a small scene of the same layout: its series, its figures, its picture."""

import shutil

import numpy as np
import pytest
import rasterio
import torch
from PIL import Image
from rasterio.transform import Affine

from sitsr_core import sensor
from sitsr_core.datasets.simulate import MARGIN
from sitsr_core.demo.picture import GAP, LABEL, PANEL, compose, stretch_of
from sitsr_core.demo.qgis import Qgis
from sitsr_core.demo.report import LABELS, candidates, figures, table
from sitsr_core.demo.scene import BANDS, read_raster, read_scene, write_raster
from sitsr_core.demo.simulate import CHANGED, DATES, NOISE, prepare
from sitsr_core.errors import InputError, ResourceError
from sitsr_core.series.image_series import ImageSeries

HEIGHT, WIDTH = 104, 136


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    texture = np.stack([1500 + 300 * np.sin(rows / (3 + number)) * np.cos(columns / 5) for number in range(len(BANDS))])
    path = tmp_path_factory.mktemp("scene") / "scene.tif"
    return read_scene(write_raster(path, texture / 10000, Affine(10, 0, 600000, 0, -10, 4700020), BANDS))


@pytest.fixture(scope="module")
def sample(scene, tmp_path_factory):
    return prepare(scene, tmp_path_factory.mktemp("demo"))


def test_scene_is_reflectance_with_its_place(scene):
    assert scene.reflectance.shape == (4, HEIGHT, WIDTH)
    assert 0.1 < scene.reflectance.min() < scene.reflectance.max() < 0.2
    assert tuple(scene.transform)[:6] == (10, 0, 600000, 0, -10, 4700020)


def test_missing_and_damaged_scenes_are_said_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="missing or damaged"):
        read_scene(tmp_path / "scene.tif")
    (tmp_path / "scene.tif").write_bytes(b"II*\x00 cut short")
    with pytest.raises(InputError, match="missing or damaged"):
        read_scene(tmp_path / "scene.tif")


def test_the_scene_that_comes_with_sitsr_is_whole():
    scene = read_scene()
    assert scene.reflectance.shape == (4, 200, 300) and scene.crs == "EPSG:32719"
    assert np.isfinite(scene.reflectance).all() and 0.05 < scene.reflectance.min() < scene.reflectance.max() < 0.5


def test_series_lies_on_the_truth(sample):
    paths = sorted(sample.folder.iterdir())
    assert [path.stem[-10:] for path in paths] == list(DATES)
    with rasterio.open(sample.target) as coarse, rasterio.open(sample.folder.parent / "truth_10m.tif") as fine:
        assert coarse.bounds == fine.bounds
        assert (coarse.width * 4, coarse.height * 4) == (fine.width, fine.height)
        assert coarse.bounds.left == 600000 + 10 * MARGIN
        assert coarse.descriptions == BANDS
        assert coarse.dtypes[0] == "uint16" and coarse.nodata == 0


def test_target_is_the_truth_through_the_sensor(sample):
    seen = sensor.observe(torch.from_numpy(sample.truth)[None], BANDS)[0].numpy()
    inner = (slice(None), slice(3, -3), slice(3, -3))
    misfit = np.abs(read_raster(sample.target) - seen)[inner]
    assert NOISE / 2 < misfit.mean() < 2 * NOISE


def test_clouds_are_where_they_should_be(sample):
    clear = dict(zip(DATES, sample.clear.mean((1, 2)), strict=True))
    assert all(clear[date] == 1 for date, cover in DATES.items() if not cover)
    assert all(clear[date] < 1 - 0.8 * cover for date, cover in DATES.items() if cover)
    cloudy = ~sample.clear[list(DATES).index("2020-12-13")]
    assert sample.series[list(DATES).index("2020-12-13")][:, cloudy].mean() > 0.25


def test_changed_ground_of_the_sample_looks_like_ground_and_not_like_cloud(tmp_path):
    real = prepare(read_scene(), tmp_path)
    steady = np.median(real.series[[list(DATES).index(date) for date, cover in DATES.items() if not cover and date not in CHANGED]], axis=0)
    with ImageSeries.open([str(path) for path in sorted(real.folder.iterdir())]) as series:
        for date in CHANGED:
            index = list(DATES).index(date)
            gain = real.series[index] / steady / np.median(real.series[index] / steady, axis=(1, 2), keepdims=True)
            assert (np.abs(gain[3] - 1) > 0.15).mean() > 0.1, "the ground differs"
            assert series.acquisitions[index].clear_fraction > 0.99


def test_the_same_scene_gives_the_same_files(scene, sample, tmp_path):
    again = prepare(scene, tmp_path)
    assert all((again.folder / path.name).read_bytes() == path.read_bytes() for path in sample.folder.iterdir())


def test_rasters_round_trip_and_never_become_no_data(tmp_path, scene):
    pixels = scene.reflectance.copy()
    pixels[0, 0, 0] = -0.01
    back = read_raster(write_raster(tmp_path / "x.tif", pixels, scene.transform, scene.bands))
    assert np.isfinite(back).all()
    assert np.abs(back - pixels)[:, 1:].max() <= 0.5e-4 + 1e-7


def test_figures_know_a_good_image_from_a_poor_one(sample, tmp_path, scene):
    truth = sample.folder.parent / "truth_10m.tif"
    images = candidates(sample, truth, truth)
    assert list(images) == list(LABELS)
    rows = {name: figures(image, sample, scene.bands) for name, image in images.items()}
    assert rows["one_date"]["psnr"] > 80 > rows["bicubic"]["psnr"] > 20
    assert rows["one_date"]["consistency"] < rows["bicubic"]["consistency"]
    lines = table(rows).splitlines()
    assert len(lines) == 5 and len({len(line) for line in lines}) == 1


def test_picture_has_its_panels(sample, tmp_path):
    path = compose(
        [([("a", sample.truth), ("b", 0 * sample.truth)], sample.truth), ([("c", sample.truth)], sample.truth)], tmp_path / "p.png"
    )
    with Image.open(path) as picture:
        pixels = np.asarray(picture)
    assert pixels.shape == (2 * (PANEL[1] + LABEL + GAP) + GAP, 2 * (PANEL[0] + GAP) + GAP, 3)
    top, right = GAP + LABEL, 2 * GAP + PANEL[0]
    assert pixels[top : top + PANEL[1], GAP : GAP + PANEL[0]].std() > 20
    assert (pixels[top : top + PANEL[1], right : right + PANEL[0]] == 0).all()


def test_one_stretch_has_one_span(sample):
    low, high = stretch_of(sample.truth)
    assert np.allclose(high - low, (high - low)[0])


def test_a_failing_qgis_process_is_said_in_a_sentence(tmp_path):
    program = shutil.which("ls")
    qgis = Qgis(program, tmp_path / "profile", tmp_path / "log.txt")
    with pytest.raises(ResourceError, match="ended with code"):
        qgis.call("--no-such-option")
    assert "no-such-option" in qgis.log.read_text()
    assert qgis.call("--no-such-option", may_fail=True)
