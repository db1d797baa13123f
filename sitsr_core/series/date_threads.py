"""Dates that are looked at side by side. NumPy and SciPy compute without the interpreter's lock."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

MOST = 8  # threads; each holds a date's pixels in reflectance

T = TypeVar("T")


def of_each_date(look: Callable[[int], T], dates: Sequence[int], threads: int = 0) -> list[T]:
    """``look`` of each date, in their order, on at most ``MOST`` threads; ``threads`` 0: as many as there are processors.

    Raises what ``look`` raises.
    """
    count = min(threads or os.cpu_count() or 1, MOST, len(dates))
    if count < 2:
        return [look(date) for date in dates]
    with ThreadPoolExecutor(count, "sitsr-dates") as pool:
        return list(pool.map(look, dates))
