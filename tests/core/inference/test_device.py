"""Which precision is taken, and that the user is told why."""

import pytest

from sitsr_core.inference import device
from sitsr_core.inference.device import bfloat16_is_faster, choose_device, cpu_has_bfloat16


@pytest.mark.parametrize(
    ("instructions", "faster", "precision", "words"),
    [(False, False, "float32", "no bfloat16"), (True, False, "float32", "gains nothing"), (True, True, "bfloat16", "faster in bfloat16")],
)
def test_bfloat16_is_taken_only_where_it_is_faster(monkeypatch, instructions, faster, precision, words):
    monkeypatch.setattr(device, "cpu_has_bfloat16", lambda: instructions)
    monkeypatch.setattr(device, "bfloat16_is_faster", lambda: faster)
    choice = choose_device("cpu")
    assert choice.precision == precision and words in choice.reason


@pytest.mark.parametrize(("seconds_in_bfloat16", "expected"), [(1.0, True), (3.0, False), (5.0, False)])
def test_the_faster_precision_is_found_by_the_clock(monkeypatch, seconds_in_bfloat16, expected):
    """Each second convolution is in bfloat16; float32's take 3 seconds on this clock."""
    ticks = iter([tick for first in range(100) for tick in (0.0, 3.0 if first % 2 == 0 else seconds_in_bfloat16)])
    monkeypatch.setattr(device, "cpu_has_bfloat16", lambda: True)
    monkeypatch.setattr(device, "clock", lambda: next(ticks))
    assert bfloat16_is_faster.__wrapped__() is expected


def test_without_instructions_nothing_is_timed(monkeypatch):
    monkeypatch.setattr(device, "cpu_has_bfloat16", lambda: False)
    monkeypatch.setattr(device.F, "conv2d", None)
    assert bfloat16_is_faster.__wrapped__() is False


def test_this_machine_answers_the_same_twice():
    assert bfloat16_is_faster() in ({True, False} if cpu_has_bfloat16() else {False})
    assert choose_device("cpu") == choose_device("cpu")
