"""The date ladder, rung by rung."""

import datetime

import numpy as np
import pytest
from fixtures.rasters import place, to_numbers, write_raster, write_series

from sitsr_core.errors import InputError
from sitsr_core.series.date_table import read_table
from sitsr_core.series.dates import date_from_name
from sitsr_core.series.image_series import ImageSeries

DAY = datetime.date(2021, 7, 21)
NUMBERS = to_numbers(place(16, 16))


def opened(*paths, **options):
    with ImageSeries.open([str(path) for path in paths], **options) as series:
        return series


def written(path, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_raster(path, NUMBERS, descriptions=("B02", "B03", "B04", "B08"), **options)


@pytest.mark.parametrize(
    "name",
    [
        "Boadella_2021-07-21.tif",
        "scene_2021_07_21_v2.tif",
        "scene.2021.07.21.tif",
        "20210721.tif",
        "x20210721T105031.tif",
        "T31TDG_20210721T105031_B02_10m.jp2",
        "S2A_MSIL2A_20210721T105031_N0301_R051_T31TDG_20210722T140231.SAFE",
        "S2A_OPER_PRD_MSIL1C_PDMC_20210723T101010_R051_V20210721T105031_20210721T105031.SAFE",
        "HLS.S30.T31TDG.2021202T105031.v2.0.tif",
    ],
)
def test_names(name):
    found = date_from_name(name)
    assert found is not None and found.date == DAY and not found.doubtful


@pytest.mark.parametrize("name", ["image.tif", "B02.tif", "12345678.tif", "20211321.tif", "2021-02-30.tif", "T31TDG.tif", "v1.2.3.tif"])
def test_names_without_a_date(name):
    assert date_from_name(name) is None


def test_two_dates_in_a_name_are_doubtful():
    assert "more than one date" in date_from_name("composite_20210701_20210731.tif").doubtful


def test_the_file_name_gives_the_date(tmp_path):
    one = opened(written(tmp_path / "a_2021-07-21.tif")).acquisitions[0]
    assert (one.date, one.date_source) == (DAY, "file name")


def test_the_folder_name_gives_the_date(tmp_path):
    one = opened(written(tmp_path / "20210721" / "stack.tif")).acquisitions[0]
    assert (one.date, one.date_source) == (DAY, "folder name")


def test_a_sensing_tag_wins_over_the_name(tmp_path):
    path = written(tmp_path / "a_2020-01-01.tif", tags={"ACQUISITIONDATETIME": "2021-07-21T10:50:31Z"})
    one = opened(path).acquisitions[0]
    assert (one.date, one.date_source) == (DAY, "tag ACQUISITIONDATETIME")


def test_a_sidecar_table_wins_over_tags(tmp_path):
    path = written(tmp_path / "a.tif", tags={"ACQUISITIONDATETIME": "2020-01-01"})
    (tmp_path / "dates.csv").write_text("layer,date\na.tif,2021-07-21\n")
    one = opened(path).acquisitions[0]
    assert (one.date, one.date_source) == (DAY, "sidecar table dates.csv")


def test_the_users_table_wins_over_the_name(tmp_path):
    path = written(tmp_path / "a_2020-01-01.tif")
    (tmp_path / "mine.csv").write_text("layer;date\na_2020-01-01;2021/07/21\n")
    one = opened(path, date_table=str(tmp_path / "mine.csv")).acquisitions[0]
    assert (one.date, one.date_source) == (DAY, "date table")


@pytest.mark.parametrize("key", ["path", "name", "stem"])
def test_the_users_date_wins_over_all(tmp_path, key):
    path = tmp_path / "a_2020-01-01.tif"
    written(path, tags={"ACQUISITIONDATETIME": "2020-01-02"})
    one = opened(path, dates={{"path": str(path), "name": path.name, "stem": path.stem}[key]: "2021-07-21"}).acquisitions[0]
    assert (one.date, one.date_source) == (DAY, "given")


def test_the_day_the_tiff_was_written_is_not_taken(tmp_path):
    path = written(tmp_path / "a.tif", tags={"TIFFTAG_DATETIME": "2021:07:21 10:50:31"})
    with pytest.raises(InputError, match=r"a\.tif \(only TIFFTAG_DATETIME says 2021-07-21"):
        opened(path)


def test_unknown_dates_list_the_files(tmp_path):
    paths = [written(tmp_path / name) for name in ("one.tif", "two.tif", "three_2021-07-21.tif")]
    with pytest.raises(InputError, match=r"2 of the inputs: one\.tif, two\.tif\.") as caught:
        opened(*paths)
    assert "layer,date (in a stack, layer is the position 1, 2, 3)" in caught.value.hint


def test_a_stack_without_dates_says_how_its_table_looks(tmp_path):
    path = write_raster(tmp_path / "stack.tif", to_numbers(np.concatenate([place(16, 16)] * 5)))
    with pytest.raises(InputError, match=r"stack\.tif' has 20 bands, .* columns layer,date, where layer is the position 1, 2, 3"):
        opened(path)


def test_one_date_twice_in_files_of_one_name_tells_their_folders(tmp_path):
    paths = [write_series(tmp_path / folder, ["2021-07-21"])[0] for folder in ("a", "b")]
    with pytest.raises(InputError, match=r"2021-07-21 is given twice: .*/a/.*\.tif and .*/b/.*\.tif"):
        ImageSeries.open(paths)


def test_one_date_twice_names_both(tmp_path):
    paths = [written(tmp_path / "x_2021-07-21.tif"), written(tmp_path / "y_20210721.tif")]
    with pytest.raises(InputError, match=r"2021-07-21 is given twice: x_2021-07-21\.tif and y_20210721\.tif"):
        opened(*paths)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"dates": {"scene_2021-07-12.tif": "2021-07-22"}},
            r"'scene_2021-07-12\.tif', .* Did you mean 'scene_2021-07-21\.tif'\?",
        ),
        ({"dates": {"other": "2021-07-22"}}, "date 2021-07-22 is given for 'other', which is no layer of the series. Name a layer"),
        ({"dates": {"9": "2021-07-22"}}, "given for '9', which is no layer"),
        *(({"dates": {key: "2021-07-22"}}, f"given for '{key}', which is no layer") for key in ("1", "²", "01", "١")),
        ({"bands": {"B2": 1}}, "'B2' is not a band"),
    ],
)
def test_what_is_given_for_nothing_in_the_series_is_refused(tmp_path, given, message):
    """Also where the files say all by themselves."""
    written(tmp_path / "scene_2021-07-21.tif")
    for path in (tmp_path, tmp_path / "scene_2021-07-21.tif"):
        with pytest.raises(InputError, match=message):
            opened(path, **given)


def test_a_wrong_date_of_the_user(tmp_path):
    with pytest.raises(InputError, match="is 'July'"):
        opened(written(tmp_path / "a.tif"), dates={"a.tif": "July"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column 'date'"),
        ("a,b\n1,2\n", "no column 'date'"),
        ("layer,date\n\na,soon\n", "date 'soon' in line 3 of the date table 't.csv'"),
        ("layer,date\na,2021-01-01\na,2021-01-02\n", "twice"),
    ],
)
def test_bad_tables(tmp_path, text, message):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        read_table(str(tmp_path / "t.csv"), "date table")


def test_no_such_table(tmp_path):
    with pytest.raises(InputError, match=r"date table '.*none\.csv' does not exist"):
        opened(written(tmp_path / "a.tif"), date_table=str(tmp_path / "none.csv"))


def test_dates_are_sorted(tmp_path):
    paths = write_series(tmp_path, ("2021-06-11", "2020-01-01", "2021-06-01"), size=(16, 16))
    days = [one.date for one in opened(*paths).acquisitions]
    assert days == sorted(days) and len(days) == 3
