"""Pickled tables: what pandas wrote is read, and nothing that a pickle asks for is ever done."""

import datetime
import os

import pytest
from fixtures.breizhsr_layout import TABLES

from sitsr_core.datasets.pickled_table import read_pickled_table
from sitsr_core.errors import InputError


def text(value: str) -> bytes:
    """A short text, as protocol 4 has it."""
    return b"\x8c" + bytes([len(value)]) + value.encode()


def imported(module: str, name: str) -> bytes:
    return text(module) + text(name) + b"\x93"


HOSTILE = {
    "called": b"\x80\x04" + imported("posix", "system") + text("touch {mark}") + b"\x85R.",
    "called as protocol 0 does": b"cos\nsystem\n(S'touch {mark}'\ntR.",
    "evaluated": b"\x80\x04" + imported("builtins", "eval") + text("1") + b"\x85R.",
    "behind an allowed name": b"\x80\x04" + imported("numpy", "ndarray") + imported("builtins", "getattr") + b"\x85R.",
    "a module's attribute": b"\x80\x04" + imported("numpy", "f2py.os.system") + text("touch {mark}") + b"\x85R.",
    "an object that reduces": b"\x80\x04" + imported("copyreg", "_reconstructor") + b")R.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pickles_are_refused_and_do_nothing(tmp_path, name):
    mark = tmp_path / "mark"
    (tmp_path / "t.pkl").write_bytes(HOSTILE[name].replace(b"{mark}", os.fsencode(mark.name)))
    before = set(tmp_path.iterdir())
    with pytest.raises(InputError, match=r"asks for .*, which no table needs\. Do not trust this file"):
        read_pickled_table(tmp_path / "t.pkl")
    assert set(tmp_path.iterdir()) == before and not os.path.exists(mark.name)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"no pickle", b"\x80\x04N.", b"\x80\x04]q\x00h\x00a.", b"\x80\x04X\xff\xff\xff\x7f", b"\x80\x04" + b"(" * 9 + b".",
        b"\x80\x04" + imported("pandas.core.frame", "DataFrame") + b")\x81.", b"\x80\x04h\x07.", b"\x80\x04P1\n.",
        (TABLES / "dataset_train.pkl").read_bytes()[:700], (TABLES / "dataset_test.pkl").read_bytes().replace(b"O8", b"O9", 1)[:1600],
    ],
)  # fmt: skip
def test_what_is_no_table_is_one_sentence(tmp_path, data):
    (tmp_path / "t.pkl").write_bytes(data)
    with pytest.raises(InputError, match=r"t.pkl' is damaged, or no table of pandas\."):
        read_pickled_table(tmp_path / "t.pkl")


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"t.pkl' cannot be read"):
        read_pickled_table(tmp_path / "t.pkl")


@pytest.mark.parametrize(("table", "rows"), [("dataset_train", 3), ("dataset_test", 2)])
def test_tables_that_pandas_wrote_are_read(table, rows):
    """pandas 1.5.3 with numpy 1.26 and dates, pandas 2.2.3 with numpy 2.2 and time stamps."""
    part, found = table.partition("_")[2], read_pickled_table(TABLES / f"{table}.pkl")
    assert list(found) == ["spot6_image", "sen2_acquisitions", "dates_spot6", "dates_sen2", "type_split", "x", "y"]
    assert {len(column) for column in found.values()} == {rows}
    assert found["spot6_image"][1] == f"{part}/spot6/1.tif" and found["x"] == [352000.5 + number for number in range(rows)]
    assert found["sen2_acquisitions"][1] == {"5": f"{part}/sen2/1_0.tif", "17": f"{part}/sen2/1_1.tif", "52": f"{part}/sen2/1_2.tif"}
    assert found["dates_spot6"][1] == datetime.date(2018, 5, 15)
    assert found["dates_sen2"][1] == [datetime.date(2018, 5, 10), datetime.date(2018, 6, 1), datetime.date(2018, 7, 6)]
