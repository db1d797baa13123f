"""Reflectance to numbers: rounding, clipping, no-data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitsr_core.inference.radiometry import Encoding, to_digital_numbers, uncertainty_numbers

NONE = np.zeros((1, 1), bool)


def one(value: float, encoding: Encoding, missing: np.ndarray = NONE) -> float:
    return to_digital_numbers(np.full((1, 1, 1), value, np.float32), missing, encoding)[0, 0, 0]


@pytest.mark.parametrize(
    ("dtype", "scale", "offset", "nodata", "reflectance", "expected"),
    [
        ("uint16", 1e-4, 0.0, 0, 0.1234, 1234),
        ("uint16", 1e-4, -0.1, 0, 0.1234, 2234),
        ("uint16", 1e-4, 0.0, 0, 1.5, 15000),  # above 10000 is kept
        ("uint16", 1e-4, 0.0, 0, 9.0, 65535),  # clipped, not wrapped
        ("uint16", 1e-4, 0.0, 0, -0.02, 1),  # clipped to 0, which is no-data here, hence 1
        ("uint16", 1e-4, 0.0, None, -0.02, 1),  # the fill of an integer image is 0 too
        ("uint16", 1e-4, 0.0, 65535, 9.0, 65534),
        ("int16", 1e-4, 0.0, -9999, -0.02, -200),
        ("int16", 1e-4, 0.0, -9999, 5.0, 32767),
        ("int16", 1e-4, 0.0, -9999, -0.9999, -9998),
        ("uint8", 1 / 255, 0.0, None, 2.0, 255),
        ("uint8", 1 / 255, 0.0, None, 0.5, 128),
        ("int32", 1e-9, 0.0, None, 5.0, 2**31 - 1),
    ],
)
def test_numbers(dtype, scale, offset, nodata, reflectance, expected):
    number = one(reflectance, Encoding(dtype, scale, offset, nodata))
    assert number == expected and number.dtype == np.dtype(dtype)


def test_floats_are_written_as_float32_and_missing_as_nan_or_the_input_value():
    assert one(-0.02, Encoding("float64", 1.0, 0.0, None)) == np.float32(-0.02)
    assert one(-0.02, Encoding("float64", 1.0, 0.0, None)).dtype == np.float32
    missing = np.ones((1, 1), bool)
    assert np.isnan(one(0.5, Encoding("float32", 1.0, 0.0, None), missing))
    assert one(0.5, Encoding("float32", 1.0, 0.0, -9999.0), missing) == -9999.0
    assert one(0.0, Encoding("float32", 1.0, 0.0, 0.0)) != 0.0  # data never reads as no-data
    assert np.isnan(uncertainty_numbers(np.ones((2, 1, 1), np.float32), missing)).all()


@settings(deadline=None)
@given(st.sampled_from(("uint8", "uint16", "int16")), st.integers(0, 2**16), st.sampled_from((0.0, -0.1)))
def test_every_number_survives_the_round_trip(dtype, number, offset):
    limits = np.iinfo(dtype)
    number = limits.min + number % (limits.max - limits.min + 1)
    encoding = Encoding(dtype, 1e-4, offset, None)
    if number != encoding.fill:
        assert one(np.float32(number) * np.float32(1e-4) + np.float32(offset), encoding) == number


def test_no_data_is_declared_when_the_input_has_it_or_pixels_are_missing():
    assert Encoding("uint16", 1e-4, 0, 7).declared(False) == 7
    assert Encoding("uint16", 1e-4, 0, None).declared(False) is None
    assert Encoding("uint16", 1e-4, 0, None).declared(True) == 0
    assert Encoding("int16", 1e-4, 0, None).declared(True) == -32768
    assert Encoding("uint16", 1e-4, 0, -9999.0).declared(True) == 0  # a tag that the type cannot hold
