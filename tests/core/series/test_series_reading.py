"""Windows: mirrored outside, bounded inside, the same from any thread and any tile."""

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import rasterio
from fixtures.rasters import BANDS, DATES, place, to_numbers, write_raster, write_series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.shutil import copy as rasterio_copy
from rasterio.transform import Affine

from sitsr_core.errors import InputError
from sitsr_core.job import SuperResolutionJob
from sitsr_core.series.acquisition import Window
from sitsr_core.series.image_series import ImageSeries
from sitsr_core.series.reader import mirrored_indices


@given(st.integers(-300, 300), st.integers(1, 200), st.integers(1, 40))
def test_mirroring_is_numpys_symmetric_padding(start, length, size):
    before, after = max(0, -start), max(0, start + length - size)
    padded = np.pad(np.arange(size), (before, after), mode="symmetric")
    assert np.array_equal(mirrored_indices(start, length, size), padded[start + before : start + before + length])


@pytest.fixture(scope="module")
def cloudy_series(tmp_path_factory):
    paths = write_series(
        tmp_path_factory.mktemp("cloudy"), size=(60, 80), clouds={DATES[0]: 1.0, DATES[2]: 0.3}, shifts={DATES[1]: (0.3, -0.4)}
    )
    with ImageSeries.open(paths) as series:
        yield series, series.read(Window(0, 0, 60, 80))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(-90, 120), st.integers(-100, 140), st.integers(1, 70), st.integers(1, 70))
def test_any_window_is_a_part_of_the_mirrored_whole(cloudy_series, row, column, height, width):
    series, whole = cloudy_series
    rows, columns = mirrored_indices(row, height, 60), mirrored_indices(column, width, 80)
    part = series.read(Window(row, column, height, width))
    for name in ("reflectance", "valid", "clear"):
        expected = getattr(whole, name)[..., rows[:, None], columns[None, :]]
        assert np.array_equal(getattr(part, name), expected), name


def test_indices_pick_and_order(cloudy_series):
    series, whole = cloudy_series
    part = series.read(Window(0, 0, 60, 80), [3, 0])
    assert np.array_equal(part.reflectance, whole.reflectance[[3, 0]]) and np.array_equal(part.clear, whole.clear[[3, 0]])
    assert series.read(Window(0, 0, 5, 7), []).reflectance.shape == (0, 4, 5, 7)


@pytest.mark.parametrize("size", [(1, 40), (40, 1), (1, 1), (5, 3)])
def test_images_smaller_than_the_halo(tmp_path, size):
    with ImageSeries.open(write_series(tmp_path, size=size)) as series:
        read = series.read(Window(-70, -70, 140 + size[0], 140 + size[1]))
        assert np.isfinite(read.reflectance).all() and read.valid.all()
        raw, valid = series.read_raw(0, Window(0, 0, *size))
        assert raw.shape == (4, *size) and valid.all()


def test_raw_numbers_are_the_files(tmp_path):
    paths = write_series(tmp_path, dtype="int16")
    with ImageSeries.open(paths) as series, rasterio.open(paths[2]) as file:
        raw, valid = series.read_raw(2, Window(10, 20, 30, 40))
        assert raw.dtype == np.int16 and valid.all()
        assert np.array_equal(raw, file.read()[:, 10:40, 20:60])
        with pytest.raises(ValueError, match="sticks out"):
            series.read_raw(2, Window(-1, 0, 10, 10))


def test_a_huge_raster_is_not_read_whole(tmp_path):
    """Two sparse 20,000 x 20,000 rasters have 6.4 GB of numbers."""
    paths = []
    for date in DATES[:2]:
        paths.append(str(tmp_path / f"{date}.tif"))
        with rasterio.open(
            paths[-1], "w", driver="GTiff", width=20000, height=20000, count=4, dtype="uint16", crs="EPSG:32631",
            transform=Affine(10, 0, 0, 0, -10, 0), tiled=True, sparse_ok=True, bigtiff="yes",
        ) as file:  # fmt: skip
            file.write(to_numbers(place(256, 256)), window=rasterio.windows.Window(9872, 9872, 256, 256))
    tracemalloc.start()
    with ImageSeries.open(paths) as series:
        read = series.read(Window(9872, 9872, 256, 256))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 << 20
    assert np.allclose(read.reflectance[0], place(256, 256), atol=1e-4) and (series.grid.width, series.grid.height) == (20000, 20000)


def test_threads_read_the_same(tmp_path):
    with ImageSeries.open(write_series(tmp_path, size=(128, 128), clouds={DATES[1]: 0.3})) as series:
        windows = [Window(row, column, 48, 48) for row in range(-16, 128, 24) for column in range(-16, 128, 24)]
        alone = [series.read(window) for window in windows]
        barrier = threading.Barrier(4)

        def all_windows(_):
            barrier.wait()
            return [series.read(window) for window in windows]

        with ThreadPoolExecutor(4) as pool:
            for together in pool.map(all_windows, range(4)):
                for one, other in zip(alone, together, strict=True):
                    assert np.array_equal(one.reflectance, other.reflectance) and np.array_equal(one.clear, other.clear)


def test_a_closed_series_says_so(tmp_path):
    series = ImageSeries.open(write_series(tmp_path))
    series.close()
    with pytest.raises(InputError, match="closed"):
        series.read(Window(0, 0, 4, 4))


def test_no_data_and_nan(tmp_path):
    hole = (slice(10, 20), slice(30, 50))
    for dtype, nodata in (("uint16", 0), ("int16", -9999), ("float32", None), ("float32", -1.0), ("uint16", None)):
        folder = tmp_path / f"{dtype}{nodata}"
        with ImageSeries.open(write_series(folder, dtype=dtype, nodata=nodata, holes={DATES[1]: hole})) as series:
            read = series.read(Window(0, 0, 96, 96))
            assert not read.valid[1][hole].any() and not read.clear[1][hole].any()
            assert (read.reflectance[1][:, hole[0], hole[1]] == 0).all() and np.isfinite(read.reflectance).all()
            assert read.valid[1].sum() == 96 * 96 - 200 and read.valid[0].all()
            expected = float("nan") if dtype == "float32" and nodata is None else 0.0 if nodata is None else nodata
            assert series.nodata == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("nodata", [None, 0])
def test_a_zero_in_one_band_is_no_gap(tmp_path, nodata):
    """Near infrared over water is 0 in products whose 0 is no data too, which they write into all bands."""
    numbers = to_numbers(place(32, 32))
    numbers[3, :5] = 0
    stack = write_raster(tmp_path / "2021-07-21.tif", numbers, descriptions=BANDS, nodata=nodata)
    single = [write_raster(tmp_path / f"2021-07-26_{band}.tif", numbers[[i]], nodata=nodata) for i, band in enumerate(BANDS)]
    for paths in ([stack], single):
        with ImageSeries.open(paths) as series:
            assert series.read(Window(0, 0, 32, 32)).valid.all() and series.nodata == nodata
    numbers[:, :, :2] = 0
    with ImageSeries.open([write_raster(tmp_path / "2021-07-31.tif", numbers, descriptions=BANDS, nodata=nodata)]) as series:
        valid = series.read(Window(0, 0, 32, 32)).valid[0]
        assert not valid[:, :2].any() and valid[:, 2:].all()


def test_a_warp_keeps_zeros_of_one_band_and_gaps_of_one_file(tmp_path):
    numbers = to_numbers(place(32, 32))
    numbers[3, :16] = 0
    half = Affine(10, 0, 500_000, 0, -10, 5_000_000)
    first = write_raster(tmp_path / "2021-07-21.tif", to_numbers(place(32, 32)), descriptions=BANDS, nodata=0, transform=half)
    beside = half @ Affine.translation(0.5, 0.5)
    water = write_raster(tmp_path / "2021-07-26.tif", numbers, descriptions=BANDS, nodata=0, transform=beside)
    with ImageSeries.open([first, water], align=True, estimate=False) as series:
        assert series.read(Window(1, 1, 30, 30)).valid.all()
    numbers[3] += 1
    single = [
        write_raster(tmp_path / f"2021-07-26_{band}.tif", numbers[[i], : 16 if band == "B08" else 32], nodata=0, transform=beside)
        for i, band in enumerate(BANDS)
    ]
    with ImageSeries.open([first, *single], align=True, estimate=False) as series:
        valid = series.read(Window(0, 0, 32, 32)).valid[1]
        assert valid[2:15, 2:30].all() and not valid[18:].any()


def test_zero_of_a_date_with_the_1000_is_no_data_in_one_band_too(tmp_path):
    numbers = to_numbers(place(32, 32)) + 1000
    numbers[3, :5] = 0
    path = write_raster(tmp_path / "2022-07-21.tif", numbers, descriptions=BANDS, nodata=0)
    with ImageSeries.open([path], scale=1e-4, offset=-0.1) as series:
        valid = series.read(Window(0, 0, 32, 32)).valid[0]
        assert not valid[:5].any() and valid[5:].all()


def test_another_number_is_no_data_where_one_band_has_it(tmp_path):
    numbers = to_numbers(place(32, 32), "int16")
    numbers[3, :5] = -9999
    with ImageSeries.open([write_raster(tmp_path / "2021-07-21.tif", numbers, descriptions=BANDS, nodata=-9999)]) as series:
        valid = series.read(Window(0, 0, 32, 32)).valid[0]
        assert not valid[:5].any() and valid[5:].all()


def test_geographic_and_non_square_pixels(tmp_path):
    transform = Affine(0.000121, 0, 2.79, 0, -0.00009, 42.36)
    with ImageSeries.open(write_series(tmp_path, crs="EPSG:4326", transform=transform)) as series:
        assert series.grid.transform == pytest.approx(tuple(transform)[:6]) and not series.warnings


@pytest.mark.parametrize("driver", ["GTiff", "COG", "VRT", "PNG"])
def test_formats(tmp_path, driver):
    path = write_raster(tmp_path / "source_2021-07-21.tif", to_numbers(place(64, 64)), descriptions=BANDS)
    if driver != "GTiff":
        rasterio_copy(path, tmp_path / f"a_2021-07-21.{driver.lower()}", driver=driver)
        path = tmp_path / f"a_2021-07-21.{driver.lower()}"
    with ImageSeries.open([path]) as series:
        assert np.array_equal(series.read_raw(0, Window(0, 0, 64, 64))[0], to_numbers(place(64, 64)))


def test_a_job_opens_the_same(tmp_path):
    paths = write_series(tmp_path, ("2020-01-01", "2021-07-26"), size=(16, 16))
    job = SuperResolutionJob(paths, "out.tif", dates={paths[0]: "2021-07-21"}, scale=2e-4)
    with ImageSeries.from_job(job) as series:
        assert str(series.acquisitions[0].date) == "2021-07-21" and series.acquisitions[0].scale == 2e-4
