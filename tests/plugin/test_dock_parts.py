"""The panel's parts without widgets: rows, parameters, estimates."""

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle


def report_of(*names):
    return {
        "dates": [
            {
                "name": name,
                "date": f"2021-04-{number:02d}",
                "date_source": "file name",
                "clear_percent": 90.0,
                "scale": 0.0001,
                "offset": -0.1,
                "shift": [0.25, -0.5],
                "shift_known": number > 1,
                "status": "ok",
            }
            for number, name in enumerate(names, 1)
        ]
    }


@pytest.fixture
def items(sitsr):
    from sitsr.sitsr_plugin.core.layers import SeriesItem

    return [SeriesItem("spring", "/data/a.tif"), SeriesItem("B02", "/data/T31_x_B02.jp2"), SeriesItem("B03", "/data/T31_x_B03.jp2")]


def test_a_date_of_several_files_takes_its_typed_date_to_all_of_them(items):
    from sitsr.sitsr_plugin.core.series_rows import checked_rows

    one, several = checked_rows(report_of("a.tif", "T31_x"), items)
    assert (one.name, one.keys, one.shift) == ("spring", ("/data/a.tif",), None)
    assert (several.name, several.keys, several.shift) == ("T31_x", ("/data/T31_x_B02.jp2", "/data/T31_x_B03.jp2"), (0.25, -0.5))
    assert checked_rows(report_of("a.tif"), items, by_path=False)[0].keys == ("a.tif",)
    assert checked_rows(report_of("a.tif"), items, editable=False)[0].keys == ()


def test_a_file_without_a_suffix_is_a_geotiff_and_a_folder_stays_one(sitsr):
    from sitsr.sitsr_plugin.core.dock_parameters import output_path
    from sitsr.sitsr_plugin.core.dock_settings import EVERY, LATEST, DockSettings

    assert output_path(DockSettings(target=LATEST, output="/data/fine")) == "/data/fine.tif"
    assert output_path(DockSettings(target=LATEST, output="/data/fine.TIFF")) == "/data/fine.TIFF"
    assert output_path(DockSettings(target=EVERY, output="/data/fine")) == "/data/fine"


def test_dates_that_the_plugin_told_the_worker_say_where_they_come_from(items):
    from dataclasses import replace

    from sitsr.sitsr_plugin.core.series_rows import checked_rows

    dated = [replace(items[0], date="2021-04-01"), *items[1:]]
    report = report_of("a.tif", "T31_x")
    assert [row.date_source for row in checked_rows(report, items)] == ["file name", "file name"]
    assert [row.date_source for row in checked_rows(report, dated)] == ["layer", "file name"]
    given = {"/data/a.tif": "2021-04-02", "/data/T31_x_B02.jp2": "2021-04-03"}
    assert [row.date_source for row in checked_rows(report, dated, given=given)] == ["typed", "typed"]


def test_a_product_in_a_folder_is_called_by_its_name(items):
    from sitsr.sitsr_plugin.core.series_rows import checked_rows

    [row] = checked_rows(report_of("S2A_MSIL2A_20210401.SAFE"), items, by_path=False)
    assert row.keys == ("S2A_MSIL2A_20210401.SAFE",) and row.path == ""


def test_files_of_one_name_are_called_by_their_folders(sitsr):
    from sitsr.sitsr_plugin.core.layers import SeriesItem
    from sitsr.sitsr_plugin.core.series_rows import checked_rows, known_dates

    report = report_of("2021-04-01/image.tif", "2021-04-02/image.tif")
    paths = [f"/data/2021-04-0{day}/image.tif" for day in (1, 2)]
    rows = checked_rows(report, [SeriesItem("image.tif", path) for path in paths], by_path=False)
    assert [(row.keys, row.path) for row in rows] == [((path,), path) for path in paths]
    assert [row.name for row in rows] == ["2021-04-01/image.tif", "2021-04-02/image.tif"]
    typed = {rows[1].keys[0]: "2021-04-03"}
    assert known_dates(typed, [SeriesItem("image.tif", path) for path in paths], by_path=False) == typed
    layers = checked_rows(report, [SeriesItem(f"day {number}", path) for number, path in enumerate(paths)])
    assert [(row.name, row.keys) for row in layers] == [("day 0", (paths[0],)), ("day 1", (paths[1],))]


def test_dates_of_a_stack_are_its_rows(items):
    from sitsr.sitsr_plugin.core.series_rows import checked_rows

    rows = checked_rows(report_of("a.tif 2021-04-01", "a.tif 2021-04-02"), items[:1], editable=False)
    assert [row.path for row in rows] == ["/data/a.tif"] * 2


def test_an_error_marks_the_rows_that_it_names(items):
    from sitsr.sitsr_plugin.core.series_rows import blamed_rows, fix_text, status_text, unchecked_rows

    rows = blamed_rows(unchecked_rows(items, {}), "The date is missing or doubtful for 1 of the inputs: a.tif.")
    assert [status_text(row) for row in rows] == ["type a date", "not checked", "not checked"]
    assert fix_text(rows[0]).startswith("Correct the date")
    rows = blamed_rows(unchecked_rows(items, {}), "The rasters do not share one grid: z.tif and a.tif differ in pixel size.")
    assert [status_text(row) for row in rows] == ["see below", "not checked", "not checked"]


def test_a_name_in_a_folder_may_be_dated_and_a_stranger_not(sitsr, tmp_path):
    from sitsr.sitsr_plugin.core.layers import SeriesItem, dates_of

    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "first.tif").touch()
    folder = [SeriesItem(tmp_path.name, str(tmp_path))]
    assert dates_of(folder, ["first.tif", "2020-05-01"]) == {"first.tif": "2020-05-01"}
    with pytest.raises(Exception, match="which is not in the series"):
        dates_of(folder, ["second.tif", "2020-05-01"])


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d [EPSG:4326]", "[EPSG:4326]"])
def test_what_is_no_extent_is_none(sitsr, text):
    from sitsr.sitsr_plugin.core.dock_parameters import read_extent

    assert read_extent(text) is None


def test_an_extent_is_read_as_it_was_written(sitsr):
    from sitsr.sitsr_plugin.core.dock_parameters import extent_text, read_extent

    box, crs = QgsRectangle(430100.5, 4649800, 430200, 4649900.25), QgsCoordinateReferenceSystem("EPSG:32631")
    assert read_extent(extent_text(box, crs)) == (box, crs)


def test_sizes_and_times_are_in_units_that_can_be_read(sitsr):
    from sitsr.sitsr_plugin.core.estimate import Extent, estimate_text, result_bytes, size_text, time_text

    assert result_bytes(400, 200, 4, "uint16", 3, uncertainty=False) == 400 * 200 * 4 * 2 * 3
    assert result_bytes(400, 200, 4, "uint16", 3, uncertainty=True) == 400 * 200 * 4 * 6 * 3
    assert [size_text(count) for count in (10, 2_500_000, 7_260_000_000)] == ["1 kB", "2.5 MB", "7.3 GB"]
    assert [time_text(seconds) for seconds in (0.2, 61, 600, 9000)] == ["1 s", "61 s", "10 min", "2.5 h"]
    report = {"grid": {"pixel_size": [10.0, -10.0], "pixel_metres": [10.0, 10.0]}, "bands": ["B02", "B03", "B04"], "dtype": "uint16"}
    text = estimate_text(report, Extent(100, 50, 2), False, 4, 0.01)
    assert text == (
        "Result: 2 dates of 400 x 200 pixels of 2.5 m, 3 bands; at most 960 kB on disk. About 2 min at the pace of the last run."
    )
    assert estimate_text(report, Extent(100, 50, 1), False, 2).startswith("Result: 200 x 100 pixels of 5 m, 3 bands;")
    report["grid"]["pixel_metres"] = [10.0, 13.6]  # degrees
    assert "pixels of 2.5 x 3.4 m," in estimate_text(report, Extent(100, 50, 1), False, 4)
    report["grid"]["pixel_metres"] = None  # no place
    assert "pixels of 2.5, 3 bands" in estimate_text(report, Extent(100, 50, 1), False, 4)


def test_an_orientation_more_takes_one_mean_more(sitsr):
    from sitsr.sitsr_plugin.core.estimate import seconds_per_pixel

    mean, sample = ("small", 0), ("small", 1)
    paces = {(*mean, 2): 0.2}
    assert seconds_per_pixel(paces, (*mean, 2)) == 0.2
    assert seconds_per_pixel(paces, (*mean, 8)) == pytest.approx(0.8)
    assert seconds_per_pixel(paces, (*mean, 1)) == pytest.approx(0.1)
    assert seconds_per_pixel(paces, (*sample, 1)) is None and seconds_per_pixel(paces, ("base", 0, 1)) is None
    paces[(*sample, 1)] = 0.5
    assert seconds_per_pixel(paces, (*sample, 4)) == pytest.approx(0.5 + 3 * 0.1)
    assert seconds_per_pixel({(*sample, 1): 0.5}, (*sample, 4)) is None
