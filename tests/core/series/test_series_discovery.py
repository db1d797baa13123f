"""What may be given: folders, stacks, netCDF, archives, SAFE products; and what is refused."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from fixtures.rasters import BANDS, DATES, place, to_numbers, write_raster, write_series
from fixtures.safe_layout import SAFE, write_safe
from scipy.io import netcdf_file

from sitsr_core.errors import InputError
from sitsr_core.job import SuperResolutionJob
from sitsr_core.job_paths import with_absolute_paths
from sitsr_core.series.acquisition import Window
from sitsr_core.series.image_series import ImageSeries


def days(series):
    return [str(one.date) for one in series.acquisitions]


def test_a_folder(tmp_path):
    write_series(tmp_path, size=(24, 24))
    (tmp_path / "notes.txt").write_text("not a raster")
    write_raster(tmp_path / "height_2021-01-01.tif", to_numbers(place(24, 24))[:1])
    with ImageSeries.open([str(tmp_path)]) as series:
        assert days(series) == list(DATES)
        assert any("height_2021-01-01.tif" in text for text in series.warnings)


RESULT = {"SITSR_MODEL": "small 1"}


def write_results(folder):
    """What a run with the standard deviation and the clear count leaves: finer, of a date that is in the series too."""
    fine = rasterio.transform.Affine(2.5, 0, 500_000, 0, -2.5, 5_000_000)
    for name, bands in (
        ("fine", BANDS),
        ("fine_std", [f"{band} standard deviation (reflectance)" for band in BANDS]),
        ("fine_clear_count", ["clear dates"]),
    ):
        numbers = to_numbers(place(96, 96))[: len(bands)]
        tags = {**RESULT, "ACQUISITIONDATETIME": DATES[0]}
        write_raster(folder / f"{name}.tif", numbers, descriptions=bands, transform=fine, tags=tags)


def test_results_in_the_folder_are_left_out_with_one_note(tmp_path):
    write_series(tmp_path, size=(24, 24))
    write_results(tmp_path)
    (tmp_path / "other.tif.sitsr-run").mkdir()
    (tmp_path / "other.tif.sitsr-run" / "work-2021-06-01-image.tif").write_bytes(b"half")
    for align in (False, True):
        with ImageSeries.open([str(tmp_path)], align=align) as series:
            assert days(series) == list(DATES)
            notes = [text for text in series.warnings if text.startswith("Left out")]
    assert notes == ["Left out: fine.tif, fine_clear_count.tif, fine_std.tif (results of sitsr; to use one, give the file itself)."]
    with ImageSeries.open([str(tmp_path / "fine.tif")]) as series:
        assert days(series) == [DATES[0]]


def test_a_zip_of_results_in_the_folder_is_left_out(tmp_path):
    (tmp_path / "results").mkdir()
    write_results(tmp_path / "results")
    shutil.make_archive(str(tmp_path / "in" / "fine"), "zip", tmp_path / "results")
    write_series(tmp_path / "in", size=(24, 24))
    with ImageSeries.open([str(tmp_path / "in")]) as series:
        assert days(series) == list(DATES)
        assert any(text.startswith("Left out: fine.tif, ") for text in series.warnings)
    with pytest.raises(InputError, match=r"The archive 'fine\.zip' holds no rasters that can be used: fine\.tif"):
        ImageSeries.open([str(tmp_path / "in" / "fine.zip")])


@pytest.mark.parametrize("name", ["", "my_run"])
def test_the_files_of_a_run_that_is_not_finished_are_not_looked_at(tmp_path, name):
    """Also in the very folder of the series."""
    write_series(tmp_path, size=(24, 24))
    (tmp_path / name).mkdir(exist_ok=True)
    for file in ("run.json", "lock", "work-2021-06-01-image.tif", "tile-000000-2021-06-01.npz"):
        (tmp_path / name / file).write_bytes(b"half")
    with ImageSeries.open([str(tmp_path)]) as series:
        assert days(series) == list(DATES) and not any("Left out" in text for text in series.warnings)
    (tmp_path / name / "lock").unlink()
    with pytest.raises(InputError, match="work-2021-06-01-image"):
        ImageSeries.open([str(tmp_path)])


def test_a_folder_without_rasters_says_what_it_left_out(tmp_path):
    for name in ("results", "bands", "pictures"):
        (tmp_path / name).mkdir()
    write_results(tmp_path / "results")
    for number in range(7):
        write_raster(tmp_path / "bands" / f"height_2021-01-0{number + 1}.tif", to_numbers(place(24, 24))[:1])
        (tmp_path / "pictures" / f"{number}.png").write_bytes(b"png")
    for name, words in (
        ("results", r"used: fine\.tif, .* \(results of sitsr; to use one, give the file itself\)\."),
        ("bands", r"used: height_2021-01-01\.tif, .* and 2 more \(one band, and nothing says which\)\."),
        ("pictures", r"used: 0\.png, .* and 2 more \(not a raster format that is looked for in folders\)\."),
    ):
        with pytest.raises(InputError, match=words):
            ImageSeries.open([str(tmp_path / name)])


@pytest.mark.parametrize("way", ["folder", "parent", "metadata", "zip"])
def test_a_safe_product(tmp_path, way):
    product = write_safe(tmp_path / "data")
    path = {"folder": product, "parent": tmp_path / "data", "metadata": product / "MTD_MSIL2A.xml", "zip": tmp_path / "p.zip"}[way]
    if way == "zip":
        shutil.make_archive(str(tmp_path / "p"), "zip", tmp_path / "data")
        shutil.rmtree(tmp_path / "data")
    with ImageSeries.open([str(path)]) as series:
        one = series.acquisitions[0]
        assert (one.name, str(one.date), one.date_source) == (SAFE, "2022-07-21", "SAFE metadata")
        assert (one.scale, one.offset, one.radiometry_source, one.mask_kind) == (1e-4, -0.1, "SAFE metadata", "scl")
        read = series.read(Window(0, 0, 48, 48))
        assert not read.clear[0, :6].any() and read.clear[0, 6:].all()
        assert np.allclose(read.reflectance[0], place(48, 48), atol=1e-4)


def test_the_date_of_a_safe_product_is_found_from_another_folder_too(tmp_path, monkeypatch):
    write_safe(tmp_path)
    monkeypatch.chdir(tmp_path)
    job = with_absolute_paths(SuperResolutionJob([SAFE], "o.tif", dates={SAFE: "2024-06-11"}))
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir("sub")
    with ImageSeries.open(job.inputs, dates=job.dates) as series:
        assert days(series) == ["2024-06-11"]


def test_a_stack_with_a_table_of_positions(tmp_path):
    images = [to_numbers(place(24, 24, seed=n)) for n in range(3)]
    path = write_raster(tmp_path / "stack.tif", np.concatenate(images))
    (tmp_path / "t.csv").write_text("layer,date\n1,2021-06-01\n2,2021-07-01\n3,2021-06-15\n")
    with ImageSeries.open([path], date_table=str(tmp_path / "t.csv")) as series:
        assert days(series) == ["2021-06-01", "2021-06-15", "2021-07-01"]
        for index, image in enumerate((0, 2, 1)):
            assert np.array_equal(series.read_raw(index, Window(0, 0, 24, 24))[0], images[image])


@pytest.mark.parametrize("key", ["²", "02", "4"])
def test_a_position_that_a_stack_does_not_have(tmp_path, key):
    path = write_raster(tmp_path / "stack.tif", np.concatenate([to_numbers(place(8, 8))] * 2))
    dates = {"1": "2021-06-01", "2": "2021-07-01"}
    with ImageSeries.open([path], dates=dates) as series:
        assert days(series) == list(dates.values())
    with pytest.raises(InputError, match=f"given for '{key}', which is no layer"):
        ImageSeries.open([path], dates={**dates, key: "2021-08-01"})


def test_a_stack_with_a_sidecar_table_in_order(tmp_path):
    path = write_raster(tmp_path / "stack.tif", np.concatenate([to_numbers(place(24, 24))] * 2))
    (tmp_path / "stack.csv").write_text("date\n2021-06-01\n2021-07-01\n")
    with ImageSeries.open([path]) as series:
        assert days(series) == ["2021-06-01", "2021-07-01"]


def test_a_stack_with_described_bands(tmp_path):
    names = [f"{band} {date}" for band in BANDS for date in DATES[:3]]
    images = np.stack([to_numbers(place(24, 24, seed=n)) for n in range(3)])
    path = write_raster(tmp_path / "stack.tif", images.transpose(1, 0, 2, 3).reshape(12, 24, 24), descriptions=names)
    with ImageSeries.open([path]) as series:
        assert days(series) == list(DATES[:3])
        assert np.array_equal(series.read_raw(1, Window(0, 0, 24, 24))[0], images[1])


def test_a_stack_whose_bands_do_not_share_out(tmp_path):
    path = write_raster(tmp_path / "stack.tif", np.concatenate([to_numbers(place(8, 8))] * 2))
    with pytest.raises(InputError, match="8 bands, which cannot be shared out over the 3 dates"):
        ImageSeries.open([path], dates={"1": "2021-06-01", "2": "2021-07-01", "3": "2021-08-01"})


def test_netcdf_with_times(tmp_path):
    """Four variables over (time, y, x), as data cubes are saved."""
    if not _has_netcdf():
        pytest.skip("this GDAL has no netCDF driver")
    path = tmp_path / "cube.nc"
    images = np.stack([to_numbers(place(20, 30, seed=n), "int16") for n in range(3)])
    with netcdf_file(path, "w") as file:
        for name, length in (("time", 3), ("y", 20), ("x", 30)):
            file.createDimension(name, length)
        times = file.createVariable("time", "i4", ("time",))
        times[:] = [0, 10, 25]
        times.units, times.calendar = "days since 2021-06-01 10:30:00", "standard"
        for name, values in (("y", 5e6 - 10 * np.arange(20)), ("x", 5e5 + 10 * np.arange(30))):
            axis = file.createVariable(name, "f8", (name,))
            axis[:] = values
            axis.standard_name, axis.units = f"projection_{name}_coordinate", "m"
        for number, band in enumerate(BANDS):
            variable = file.createVariable(band, "i2", ("time", "y", "x"))
            variable[:] = images[:, number]
    with ImageSeries.open([str(path)]) as series:
        assert days(series) == ["2021-06-01", "2021-06-11", "2021-06-26"]
        assert {one.date_source for one in series.acquisitions} == {"netCDF time"}
        assert np.array_equal(series.read_raw(2, Window(0, 0, 20, 30))[0], images[2])


def _has_netcdf():
    with rasterio.Env() as env:
        return "netCDF" in env.drivers()


def test_a_path_in_an_archive(tmp_path):
    path = write_series(tmp_path, DATES[:1], size=(16, 16))[0]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "inside_2021-07-21.tif")
    for given in (f"/vsizip/{tmp_path}/a.zip/inside_2021-07-21.tif", str(tmp_path / "a.zip")):
        with ImageSeries.open([given]) as series:
            assert days(series) == ["2021-07-21"]


@pytest.mark.parametrize("inputs", [[], [""]])
def test_no_inputs(inputs):
    with pytest.raises(InputError, match="No input layers"):
        ImageSeries.open(inputs)


def test_what_is_no_raster(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "fake_2021-07-21.tif").write_text("this is text, whatever the name says")
    (tmp_path / "nothing.tif").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    (tmp_path / "bad.zip").write_text("no archive")
    for name, message in (
        ("notes.txt", r"'notes\.txt' is a text file"),
        ("fake_2021-07-21.tif", r"'fake_2021-07-21\.tif' is not a raster"),
        ("nothing.tif", r"'nothing\.tif' is empty"),
        ("gone.tif", rf"'{tmp_path}/gone\.tif' does not exist"),
        ("folder", "has no rasters"),
        ("bad.zip", "is not an archive"),
    ):
        with pytest.raises(InputError, match=message) as caught:
            ImageSeries.open([str(tmp_path / name)])
        assert caught.value.hint and "Traceback" not in str(caught.value)


def test_a_truncated_file(tmp_path):
    paths = write_series(tmp_path, DATES[:2])
    whole = (tmp_path / f"S2_{DATES[1]}.tif").read_bytes()
    (tmp_path / f"S2_{DATES[1]}.tif").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=rf"'S2_{DATES[1]}\.tif' is (damaged or cut short|not a raster)"):
        ImageSeries.open(paths)


def test_a_vrt_of_a_file_that_is_gone_says_so(tmp_path):
    """GDAL opens it, and fails when its pixels are read."""
    paths = write_series(tmp_path, DATES[:2])
    stacked = str(tmp_path / f"stack_{DATES[0]}.vrt")
    rasterio.shutil.copy(paths[0], stacked, driver="VRT")
    Path(paths[0]).unlink()
    with pytest.raises(InputError, match=rf"'stack_{DATES[0]}\.vrt' reads '.*S2_{DATES[0]}\.tif', which does not exist") as caught:
        ImageSeries.open([stacked, paths[1]])
    assert "build the VRT again" in caught.value.hint


def write_bands(folder, prefix="", suffix="", seed=0):
    """One file a band, as in a product's R10m."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, band in enumerate(BANDS):
        write_raster(folder / f"{prefix}{band}{suffix}", to_numbers(place(24, 24, seed=seed))[number : number + 1])


GRANULE = "T31TDG_20210716T105031_"
SIDE_NOTE = " (a picture or a side product of Sentinel-2, not a band)."


@pytest.mark.parametrize("way", ["folder", "files"])
def test_pictures_and_side_products_among_single_bands_are_left_out(tmp_path, way):
    for granule in (GRANULE, "T31TDG_20210721T105031_"):
        write_bands(tmp_path / "R10m", granule, "_10m.jp2")
        write_raster(tmp_path / "R10m" / f"{granule}TCI_10m.jp2", to_numbers(place(24, 24)[:3], "uint8"))
    for name in (f"{GRANULE}AOT_10m.jp2", f"{GRANULE}WVP_10m.jp2", "MSK_CLDPRB_20m.jp2", "MSK_DETFOO_B02.jp2"):
        write_raster(tmp_path / "R10m" / name, to_numbers(place(24, 24))[:1])
    given = [tmp_path / "R10m"] if way == "folder" else sorted((tmp_path / "R10m").iterdir())
    with ImageSeries.open([str(path) for path in given]) as series:
        assert days(series) == ["2021-07-16", "2021-07-21"]
        assert [one.name for one in series.acquisitions] == ["T31TDG_20210716T105031", "T31TDG_20210721T105031"]
        [note] = [text for text in series.warnings if text.startswith("Left out")]
    assert note.endswith(SIDE_NOTE) and "MSK_CLDPRB_20m.jp2" in note and "AOT" in note


def test_images_of_other_formats_are_named_where_they_have_a_place(tmp_path):
    """Pictures without one are quicklooks."""
    write_series(tmp_path, size=(24, 24))
    picture = to_numbers(place(24, 24)[:3], "uint8")
    for name, driver in (("S2_2021-08-01.png", "PNG"), ("S2_2021-08-02.jpg", "JPEG")):
        write_raster(tmp_path / name, picture, driver=driver, worldfile="YES")
        write_raster(tmp_path / f"quicklook.{driver.lower()}", picture, driver=driver, crs=None)
    with ImageSeries.open([str(tmp_path)]) as series:
        assert days(series) == list(DATES)
        assert [text for text in series.warnings if text.startswith("Left out")] == [
            "Left out: S2_2021-08-01.png, S2_2021-08-02.jpg "
            "(of a raster format that is not looked for in folders; to use one, give the file itself)."
        ]


def test_a_picture_that_is_given_alone_is_used(tmp_path):
    path = write_raster(tmp_path / f"{GRANULE}TCI_10m.jp2", to_numbers(place(24, 24)[:3], "uint8"))
    with ImageSeries.open([path]) as series:
        assert days(series) == ["2021-07-16"]


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (("T31TCG_20210716T105031.tif", "T31TDG_20210716T105031.tif"), "They are of two tiles, T31TCG and T31TDG: give one tile at a time"),
        (
            (
                "S2A_MSIL2A_20210716T105031_N0301_R051_T31TDG_20210716T140231.tif",
                "S2A_MSIL2A_20210716T105031_N0500_R051_T31TDG_20230101T1.tif",
            ),
            "Both are of tile T31TDG, by two satellites or in two processing baselines: keep one of them.",
        ),
        (("T31TDG_20210716T105031.tif", "other_2021-07-16.tif"), "correct the date of the other"),
    ],
)
def test_two_images_of_one_day_are_told_apart_by_their_tiles(tmp_path, names, hint):
    paths = [write_raster(tmp_path / name, to_numbers(place(24, 24))) for name in names]
    with pytest.raises(InputError, match="2021-07-16 is given twice") as caught:
        ImageSeries.open(paths)
    assert hint in caught.value.hint


def test_single_bands_of_two_tiles(tmp_path):
    write_bands(tmp_path, "T31TCG_20210716T105031_", "_10m.jp2")
    write_bands(tmp_path, GRANULE, "_10m.jp2")
    with pytest.raises(InputError, match=r"2021-07-16 \(B02\) is given twice: .* They are of two tiles, T31TCG and T31TDG"):
        ImageSeries.open([str(tmp_path)])


def test_a_date_given_by_hand_may_be_wrong_of_one_tile(tmp_path):
    paths = [write_raster(tmp_path / f"T31TDG_{day}T105031.tif", to_numbers(place(24, 24))) for day in ("20210716", "20210721")]
    with pytest.raises(InputError, match="correct the date"):
        ImageSeries.open(paths, dates={"T31TDG_20210721T105031.tif": "2021-07-16"})


def test_dates_in_files_of_one_name_are_called_by_their_folders(tmp_path):
    for number, day in enumerate(("2021-07-16", "2021-08-01")):
        write_bands(tmp_path / day, suffix=".tif", seed=number)
    mask = write_raster(tmp_path / "mask.tif", np.zeros((1, 24, 24), np.uint8))
    with ImageSeries.open([str(tmp_path / "2021-07-16"), str(tmp_path / "2021-08-01")], masks={"2021-07-16/B02.tif": mask}) as series:
        assert [one.name for one in series.acquisitions] == ["2021-07-16/B02.tif", "2021-08-01/B02.tif"]
        assert list(series.band_sources) == ["2021-07-16/B02.tif", "2021-08-01/B02.tif"]
        assert [one.mask is not None for one in series.acquisitions] == [True, False]
    for day in ("2021-07-16", "2021-08-01"):
        write_bands(tmp_path / "deep" / day / "R10m", suffix=".tif")
    with ImageSeries.open([str(tmp_path / "deep")]) as series:
        assert [one.name for one in series.acquisitions] == ["2021-07-16/R10m/B02.tif", "2021-08-01/R10m/B02.tif"]


def test_a_broken_archive_in_a_folder_is_left_out(tmp_path):
    write_series(tmp_path / "in", size=(24, 24))
    (tmp_path / "in" / "half.zip").write_bytes(b"PK\x03\x04 cut short")
    with ImageSeries.open([str(tmp_path / "in")]) as series:
        assert days(series) == list(DATES)
        assert "Left out: half.zip (not an archive that can be read)." in series.warnings
    with pytest.raises(InputError, match=r"'half\.zip' is not an archive that can be read"):
        ImageSeries.open([str(tmp_path / "in" / "half.zip")])
