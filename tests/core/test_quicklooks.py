"""The small pictures of a series' report."""

import base64
import io
import tracemalloc

import numpy as np
import pytest
import rasterio
from fixtures.rasters import BANDS, DATES, place, to_numbers, write_raster, write_series
from PIL import Image

from sitsr_core import cli
from sitsr_core.errors import Cancelled
from sitsr_core.inspect import format_html, inspect_series
from sitsr_core.quicklooks import CLOUD, EDGE, Look, picture, png, quicklooks, shared_stretch, thinned_size
from sitsr_core.series.acquisition import Grid, Window
from sitsr_core.series.image_series import ImageSeries

HOLE = {DATES[0]: (slice(0, 30), slice(0, 40))}


def shown(text: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")).astype(int)


def is_marked(pixels: np.ndarray) -> np.ndarray:
    return np.abs(pixels - CLOUD).sum(axis=2) < 60


@pytest.mark.parametrize("masked", [False, True])
def test_an_image_that_is_not_thinned_is_seen_as_it_is_read(tmp_path, masked):
    paths = write_series(tmp_path, clouds={DATES[2]: 0.5}, holes=HOLE, size=(90, 70))
    clear = np.ones((1, 90, 70), np.uint8)
    clear[:, 40:60] = 0
    masks = {paths[1]: write_raster(tmp_path / "clear.tif", clear)} if masked else {}
    with ImageSeries.open(paths, masks=masks) as series:
        whole = series.read(Window(0, 0, 90, 70))
        for index, seen in enumerate(series.thinned(500, 500)):
            assert np.array_equal(seen.reflectance[0], whole.reflectance[index])
            assert np.array_equal(seen.valid[0], whole.valid[index]) and np.array_equal(seen.clear[0], whole.clear[index])


def test_a_thinned_image_is_the_mean_of_its_pixels(tmp_path):
    paths = write_series(tmp_path, clouds={DATES[2]: 0.5}, size=(320, 240))
    with ImageSeries.open(paths) as series:
        whole, looks = series.read(Window(0, 0, 320, 240)), list(series.thinned(80, 60))
    blocks = whole.reflectance[0].reshape(4, 80, 4, 60, 4).mean(axis=(2, 4))
    assert np.abs(looks[0].reflectance[0] - blocks).max() < 1e-4
    share = whole.clear[2].reshape(80, 4, 60, 4).mean(axis=(1, 3))
    assert looks[2].clear[0][share == 0].mean() < 0.2 and looks[0].clear.all()


def test_memory_does_not_grow_with_the_image(tmp_path):
    path, side = tmp_path / "S2_2021-06-01.tif", 5000
    profile = {
        "driver": "GTiff",
        "dtype": "uint16",
        "count": 4,
        "width": side,
        "height": side,
        "nodata": 0,
        "tiled": True,
        "SPARSE_OK": True,
    }
    with rasterio.open(path, "w", **profile, crs="EPSG:32631", transform=rasterio.Affine(10, 0, 5e5, 0, -10, 5e6)) as file:
        file.descriptions = BANDS
        file.write(to_numbers(place(512, 512)), window=rasterio.windows.Window(2048, 2048, 512, 512))
    with ImageSeries.open([str(path)]) as series:
        tracemalloc.start()
        look = shown(quicklooks(series)[0])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert look.shape == (EDGE, EDGE, 3) and peak < 100e6 < side * side * 4 * 2
    assert look.std(axis=2).max() > 5, "the part that has data is in colours"


def test_clouds_are_marked_where_they_are_and_one_stretch_serves_all_dates(tmp_path):
    paths = write_series(tmp_path, clouds={DATES[2]: 0.4}, holes=HOLE)
    with ImageSeries.open(paths) as series:
        clear, looks = series.read(Window(0, 0, 96, 96)).clear, [shown(text) for text in quicklooks(series)]
    edge = ~clear[2] & (np.roll(clear[2], 1, 0) | np.roll(clear[2], -1, 0))
    assert is_marked(looks[2])[1:-1][edge[1:-1]].mean() > 0.95 and not is_marked(looks[1]).any()
    assert not is_marked(looks[2])[clear[2]].any()
    assert np.abs(looks[1] - looks[3]).mean() < 12, "the same ground looks the same"
    assert (np.ptp(looks[0][:30, :40], axis=2) == 0).all(), "pixels without data are grey"


def test_pictures_are_small_whatever_they_show():
    assert thinned_size(Grid("", (10, 0, 0, 0, -10, 0), 10980, 5000), EDGE) == (73, 160)
    noise = np.random.default_rng(0).integers(0, 256, (EDGE, EDGE, 3)).astype(np.uint8)
    assert 4 / 3 * len(png(noise)) < 40_000
    flat = Look(np.full((3, 5, 5), 0.1), np.ones((5, 5), bool), np.ones((5, 5), bool))
    assert picture(flat, *shared_stretch([flat])).shape == (5, 5, 3)
    nothing = Look(np.zeros((3, 5, 5)), np.zeros((5, 5), bool), np.zeros((5, 5), bool))
    assert (np.ptp(picture(nothing, *shared_stretch([nothing])), axis=2) == 0).all()


def test_they_come_when_asked_for_and_can_be_stopped(tmp_path, capsys):
    paths = write_series(tmp_path / "in", DATES[:2])
    assert not any("quicklook" in row for row in inspect_series({"inputs": paths})["dates"])
    with pytest.raises(Cancelled):
        inspect_series({"inputs": paths}, True, should_stop=lambda: True)
    assert cli.main(["inspect", *paths, "--html", str(tmp_path / "new" / "page.html"), "--json"]) == 0
    page = (tmp_path / "new" / "page.html").read_text()
    assert page.count("<img") == 2 and all(date in page for date in DATES[:2]) and "base64" not in capsys.readouterr().out


def test_the_page_says_when_clouds_were_estimated_on_larger_pixels(tmp_path):
    report = inspect_series({"inputs": write_series(tmp_path, DATES[:1])}, True)
    assert report["thinning"] == 1 and "times larger" not in format_html(report)
    assert "13.7 times larger" in format_html({**report, "thinning": 13.725})
    scl = [{**row, "mask_kind": "scl"} for row in report["dates"]]
    assert "times larger" not in format_html({**report, "thinning": 13.725, "dates": scl})
