"""Real Sentinel-2 series, where they are at hand."""

import time
from pathlib import Path

import numpy as np
import pytest

from sitsr_core.series.acquisition import Window
from sitsr_core.series.image_series import ImageSeries

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "series"
CLOUDY = ("2020-01-13", "2020-01-18", "2020-01-23")


@pytest.fixture(scope="module")
def boadella():
    folder = DATA / "boadella"
    if not folder.is_dir():
        pytest.skip("the Boadella series is not here")
    start = time.monotonic()
    with ImageSeries.open([str(folder)]) as series:
        yield series, time.monotonic() - start


def test_boadella_is_understood(boadella, capfd):
    series, seconds = boadella
    assert seconds < 30
    assert len(series.acquisitions) == 12 and series.bands == ("B02", "B03", "B04", "B08")
    assert (series.grid.width, series.grid.height, series.dtype, series.nodata) == (380, 377, "int16", None)
    assert {(one.scale, one.offset) for one in series.acquisitions} == {(1e-4, 0.0)}
    series.read(Window(0, 0, 64, 64))
    assert capfd.readouterr().err == "", "GDAL's remarks about these files do not reach the terminal"


def test_boadella_clouds(boadella):
    series, _ = boadella
    shares = {str(one.date): one.clear_fraction for one in series.acquisitions}
    assert all(shares[date] == 0 for date in CLOUDY)
    assert 0.4 < shares["2021-06-26"] < 0.85
    assert min(share for date, share in shares.items() if date not in (*CLOUDY, "2021-06-26")) > 0.97


def test_boadella_tiles_agree(boadella):
    series, _ = boadella
    whole = series.read(Window(0, 0, 377, 380))
    for row in range(-20, 377, 130):
        for column in range(0, 380, 150):
            height, width = min(130, 377 - row), min(150, 380 - column)
            part = series.read(Window(row, column, height, width), [3, 7, 10])
            inside = slice(max(0, row), row + height), slice(column, column + width)
            assert np.array_equal(part.clear[:, max(0, -row) :], whole.clear[[3, 7, 10]][(slice(None), *inside)])
            assert np.array_equal(
                part.reflectance[:, :, max(0, -row) :], whole.reflectance[[3, 7, 10]][(slice(None), slice(None), *inside)]
            )


def test_boadella_shifts(boadella):
    """Dates since August 2021 are on Sentinel-2's global reference: nearly no rows' shift; 2020 and early 2021 are up to 0.84 px off."""
    series, _ = boadella
    shifts = {str(one.date): one.shift for one in series.acquisitions if one.shift_known}
    assert set(shifts).isdisjoint(CLOUDY) and len(shifts) >= 7
    assert 0.6 < shifts["2021-06-26"][0] < 1.0 and 0.5 < shifts["2020-06-21"][0] < 0.9
    assert np.hypot(*shifts["2021-07-16"]) < 0.2
    assert max(np.hypot(*shift) for shift in shifts.values()) < 1


def test_worldcereal(tmp_path):
    files = sorted(str(path) for path in (DATA / "worldcereal_31UDS").glob("*.nc"))
    if not files:
        pytest.skip("the WorldCereal series is not here")
    with ImageSeries.open(files) as series:
        assert len(series.acquisitions) == 118 and series.bands == ("B02", "B03", "B04", "B08")
        assert str(series.acquisitions[0].date) == "2017-08-04" and {one.mask_kind for one in series.acquisitions} == {"scl"}
        by_scl = series.read(Window(0, 0, 64, 64))
    with ImageSeries.open(files[:1]) as series:
        estimated = series.read(Window(0, 0, 64, 64)).clear
    assert 0.02 < by_scl.reflectance[by_scl.clear.mean(axis=(1, 2)) > 0.95].mean() < 0.3
    assert (estimated == by_scl.clear).mean() > 0.8
