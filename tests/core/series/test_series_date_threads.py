"""Dates side by side give what they give one after another."""

import threading

import pytest

from sitsr_core.series.date_threads import of_each_date


@pytest.mark.parametrize("threads", [0, 1, 3, 100])
def test_results_come_in_the_order_of_the_dates(threads):
    assert of_each_date(lambda date: date * date, range(20), threads) == [date * date for date in range(20)]


def test_two_dates_are_looked_at_at_once():
    both = threading.Barrier(2, timeout=20)
    of_each_date(lambda _: both.wait(), range(2), threads=2)  # one after another would time out


def test_what_goes_wrong_with_a_date_is_raised():
    with pytest.raises(ZeroDivisionError):
        of_each_date(lambda date: 1 / (date - 2), range(4), threads=2)
