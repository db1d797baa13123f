"""Grids that differ, aligning them, what the user is told, and the report."""

import json

import numpy as np
import pytest
import rasterio
from fixtures.rasters import BANDS, DATES, place, to_numbers, write_raster, write_series
from rasterio.transform import Affine
from rasterio.warp import transform_bounds

from sitsr_core.errors import InputError
from sitsr_core.inspect import format_text, inspect_series
from sitsr_core.series.acquisition import Grid, Window
from sitsr_core.series.image_series import ImageSeries
from sitsr_core.series.reader import same_grid

UTM_GRID = Affine(10, 0, 500_000, 0, -10, 5_000_000)


def written(path, numbers, transform=UTM_GRID, crs="EPSG:32631"):
    return write_raster(path, numbers, transform=transform, crs=crs, descriptions=BANDS)


def pair(tmp_path, transform=UTM_GRID, crs="EPSG:32631", size=64, numbers=None):
    first = written(tmp_path / "a_2021-06-01.tif", to_numbers(place(64, 64)))
    return [first, written(tmp_path / "b_2021-06-11.tif", to_numbers(place(size, size)) if numbers is None else numbers, transform, crs)]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"transform": Affine(10, 0, 500_100, 0, -10, 5_000_000)}, "place"),
        ({"transform": Affine(20, 0, 500_000, 0, -20, 5_000_000)}, "pixel size"),
        ({"size": 60}, "size"),
        ({"crs": "EPSG:32632"}, "CRS"),
        ({"crs": "EPSG:32632", "transform": Affine(20, 0, 500_000, 0, -20, 5_000_000), "size": 32}, "CRS and pixel size"),
        ({"crs": "EPSG:4326", "transform": Affine(1.278e-4, 0, 3, 0, -0.898e-4, 45.15)}, "CRS"),  # 10 m
        ({"crs": "EPSG:4326", "transform": Affine(1e-3, 0, 3, 0, -1e-3, 45.15)}, "CRS and pixel size"),
    ],
)
def test_mixed_grids_are_refused(tmp_path, options, what):
    with pytest.raises(InputError, match=rf"do not share one grid: a_2021-06-01\.tif and b_2021-06-11\.tif differ in {what}\.") as caught:
        ImageSeries.open(pair(tmp_path, **options))
    assert "--align" in caught.value.hint


def test_pixels_without_georeferencing_have_no_size_to_differ_in(tmp_path):
    with pytest.raises(InputError, match=r"b_2021-06-11\.tif and a_2021-06-01\.tif differ in CRS\."):
        ImageSeries.open(pair(tmp_path, crs=None))


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ((1,), r"b_2021-06-11\.tif differs from the other 3 in pixel size\."),
        ((0, 2), r"a_2021-06-01\.tif, c_2021-06-21\.tif differ from the other 2 in pixel size\."),
    ],
)
def test_the_odd_rasters_are_named(tmp_path, odd, words):
    """Against the grid of most; of as many on each, against the finer."""
    coarse = Affine(20, 0, 500_000, 0, -20, 5_000_000)
    for number, date in enumerate(DATES):
        transform, size = (coarse, 32) if number in odd else (UTM_GRID, 64)
        written(tmp_path / f"{'abcd'[number]}_{date}.tif", to_numbers(place(size, size)), transform)
    with pytest.raises(InputError, match=words):
        ImageSeries.open([str(tmp_path)])


@pytest.mark.parametrize(
    ("sides", "chosen", "coarse"),
    [
        ((20, 10, 10), "b", "a"),  # the finest, not the first
        ((10, 20, 20), "a", "bc"),  # though others are commoner
        ((10, 10.1, 10.1), "b", ""),  # of one size: the commonest
        ((10.1, 10, 20), "a", "c"),  # as common: the earliest
    ],
)
def test_align_takes_the_finest_grid(tmp_path, sides, chosen, coarse):
    for letter, date, side in zip("abc", DATES, sides, strict=False):
        size = round(640 / side)
        written(tmp_path / f"{letter}_{date}.tif", to_numbers(place(size, size)), Affine(side, 0, 500_000, 0, -side, 5_000_000))
    with ImageSeries.open([str(tmp_path)], align=True) as series:
        assert series.grid.pixel_size[0] == sides["abc".index(chosen)]
        assert any(f"Warped on the fly to the grid of {chosen}_" in text for text in series.warnings)
        told = [text for text in series.warnings if text.startswith("Warped from coarser pixels, so less sharp than the others: ")]
        assert [one.name[0] for one in series.acquisitions if one.coarser] == list(coarse)
    assert [[name[0] for name in text.split(": ")[1].split(", ")] for text in told] == ([list(coarse)] if coarse else [])


def test_align_moves_by_whole_pixels_exactly(tmp_path):
    ground = to_numbers(place(80, 80))
    paths = [written(tmp_path / "a_2021-06-01.tif", ground[:, :64, :64])]
    paths.append(written(tmp_path / "b_2021-06-11.tif", ground[:, 16:, 16:], Affine(10, 0, 500_160, 0, -10, 4_999_840)))
    with ImageSeries.open(paths, align=True) as series:
        raw, valid = series.read_raw(1, Window(0, 0, 64, 64))
        assert not valid[:16].any() and not valid[:, :16].any() and valid[16:, 16:].all()
        assert np.array_equal(raw[:, 20:60, 20:60], ground[:, 20:60, 20:60])
        assert series.nodata == 0 and series.grid.height == 64
        assert any("Warped on the fly to the grid of a_2021-06-01.tif: b_2021-06-11.tif" in text for text in series.warnings)


@pytest.mark.parametrize("bands_a_file", [4, 1])
def test_align_does_not_warp_untagged_zeros_into_the_ground(tmp_path, bands_a_file):
    """Half a pixel off: 0 in every band is no data, as it is on the grid itself, and the ground beside it keeps its level."""
    numbers = np.full((4, 64, 64), 1000, "uint16")
    numbers[:, :, :20] = 0
    paths = [written(tmp_path / "a_2021-06-01.tif", np.full((4, 64, 64), 1000, "uint16"))]
    half = Affine(10, 0, 500_005, 0, -10, 4_999_995)
    if bands_a_file == 4:
        paths.append(written(tmp_path / "b_2021-06-11.tif", numbers, half))
    else:
        names = [tmp_path / f"b_2021-06-11_{band}.tif" for band in BANDS]
        paths += [write_raster(n, numbers[:1], transform=half, crs="EPSG:32631") for n in names]
    with ImageSeries.open(paths, align=True) as series:
        raw, valid = series.read_raw(1, Window(1, 1, 62, 62))
    assert not valid[:, :19].any() and valid[:, 20:].all()
    assert (raw[:, valid] == 1000).all()


def test_align_to_another_crs(tmp_path):
    """The same smooth ground, on a UTM grid and in degrees: aligned, the two agree."""

    def ground(lon, lat):
        wave = 0.1 + 0.04 * np.sin(lon * 3000) * np.cos(lat * 2500)
        return to_numbers(np.stack([wave * 0.4, wave * 0.6, wave * 0.5, wave * 2]).astype("float32"))

    bounds = transform_bounds("EPSG:32631", "EPSG:4326", 499_000, 4_998_000, 502_000, 5_001_000)
    step = 1e-4
    columns, rows = int((bounds[2] - bounds[0]) / step), int((bounds[3] - bounds[1]) / step)
    lon, lat = np.meshgrid(bounds[0] + step * (np.arange(columns) + 0.5), bounds[3] - step * (np.arange(rows) + 0.5))
    y, x = np.mgrid[:96, :96] + 0.5
    lons, lats = rasterio.warp.transform("EPSG:32631", "EPSG:4326", (500_000 + 10 * x).ravel(), (5_000_000 - 10 * y).ravel())
    utm = ground(np.reshape(lons, (96, 96)), np.reshape(lats, (96, 96)))
    paths = [written(tmp_path / "a_2021-06-01.tif", utm)]
    degrees = Affine(step, 0, bounds[0], 0, -step, bounds[3])
    paths.append(written(tmp_path / "b_2021-06-11.tif", ground(lon, lat), degrees, "EPSG:4326"))
    with ImageSeries.open(paths, align=True) as series:
        raw, valid = series.read_raw(1, Window(0, 0, 96, 96))
        assert valid.all() and np.abs(raw.astype(int) - utm).max() < 25
        part, _ = series.read_raw(1, Window(13, 21, 40, 50))
        assert np.array_equal(part, raw[:, 13:53, 21:71])


def test_align_needs_georeferencing(tmp_path):
    paths = [
        written(tmp_path / f"{date}.tif", to_numbers(place(size, size)), None, None) for date, size in ((DATES[0], 64), (DATES[1], 60))
    ]
    with pytest.raises(InputError, match="no georeferencing"):
        ImageSeries.open(paths, align=True)


def test_align_refuses_another_place(tmp_path):
    with pytest.raises(InputError, match="shares no ground"):
        ImageSeries.open(pair(tmp_path, transform=Affine(10, 0, 900_000, 0, -10, 5_000_000)), align=True)


def test_a_grid_may_differ_by_rounding():
    grid = Grid("", (10, 0, 500_000, 0, -10, 5_000_000), 1000, 1000)
    assert same_grid(grid, Grid("", (10.00000001, 0, 500_000.0001, 0, -10, 5_000_000), 1000, 1000))
    assert not same_grid(grid, Grid("", (10, 0, 500_000.5, 0, -10, 5_000_000), 1000, 1000))


def test_a_clean_series_has_no_warnings(tmp_path):
    with ImageSeries.open(write_series(tmp_path)) as series:
        assert series.warnings == ()


@pytest.mark.parametrize(("step", "warned"), [(10, False), (20, True), (2.5, True)])
def test_the_pixel_size_is_compared_with_10_m(tmp_path, step, warned):
    with ImageSeries.open([written(tmp_path / "2021-06-01.tif", to_numbers(place(32, 32)), Affine(step, 0, 0, 0, -step, 0))]) as series:
        assert any("expects about 10 m" in text for text in series.warnings) == warned


def test_no_georeferencing_is_said(tmp_path):
    with ImageSeries.open([written(tmp_path / "2021-06-01.tif", to_numbers(place(32, 32)), None, None)]) as series:
        assert any("no georeferencing" in text for text in series.warnings)


def test_the_report(tmp_path):
    paths = write_series(
        tmp_path, nodata=0, clouds={DATES[1]: 1.0}, shifts={DATES[2]: (0.5, 0)}, holes={DATES[3]: (slice(0, 48), slice(None))}
    )
    report = json.loads(json.dumps(inspect_series({"inputs": paths, "output": "", "mode": "mean"}), allow_nan=False))
    rows = report["dates"]
    assert [row["status"] for row in rows] == ["ok", "cloudy", "ok", "ok"]
    assert rows[3]["valid_percent"] == 50 and rows[3]["clear_percent"] == pytest.approx(50, abs=1)
    assert rows[0]["date_source"] == "file name" and rows[0]["scale"] == 1e-4 and rows[1]["shift_known"] is False
    size = {"width": 96, "height": 96, "pixel_size": [10, 10], "unit": "m", "pixel_metres": [10, 10]}
    assert report["grid"] == {"crs": "EPSG:32631", **size, "source": paths[0]}
    assert (report["bands"], report["dtype"], report["nodata"]) == (list(BANDS), "uint16", 0)
    text = format_text(report)
    assert len({line.index("S2_") for line in text.splitlines()[1:5]}) == 1, "columns are aligned"
    assert all(date in text for date in DATES) and "pixels of 10 x 10 m, EPSG:32631" in text


def test_the_unit_of_the_pixels_is_that_of_the_crs(tmp_path):
    for crs, step, words in (("EPSG:4326", 1e-4, "0.0001 x 0.0001 °, EPSG:4326"), (None, 1, "pixels of 1 x 1, no CRS")):
        paths = write_series(tmp_path, DATES[:1], size=(24, 24), crs=crs, transform=Affine(step, 0, 3, 0, -step, 45))
        assert words in format_text(inspect_series({"inputs": paths}))


def test_the_report_of_nothing():
    with pytest.raises(InputError, match="No input layers"):
        inspect_series({"inputs": []})
