"""Ticks of a plot: round numbers, and days, months or years."""

from __future__ import annotations

import datetime
import math

DAY_STEPS = (1, 2, 5, 10, 15)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


def round_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 5, 10, 20 ... that fits at most so often into a span."""
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(one * power for one in (1, 2, 5, 10, 20) if span / (one * power) <= most + 1e-9)


def number_ticks(low: float, high: float, most: int) -> list:
    """Round numbers from low to high, at most so many and one."""
    step = round_step(max(high - low, 1e-9), max(1, most))
    return [round(number * step, 10) for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def padded(values: list, least: float) -> tuple:
    """(low, high) that hold the values with some room, and are at least so far apart."""
    low, high = min(values), max(values)
    room = max(0.06 * (high - low), (least - (high - low)) / 2, 1e-6)
    return low - room, high + room


def date_ticks(first: datetime.date, last: datetime.date, most: int) -> list:
    """(date, label) of round days within the span, at most so many (and at least one); the label says no more than the step needs."""
    days = last.toordinal() - first.toordinal()
    step = next((one for one in DAY_STEPS if days / one <= most), None) if days < 92 else None
    if step is not None:
        start = first.toordinal()
        return [(day, day.isoformat()) for day in map(datetime.date.fromordinal, range(start, last.toordinal() + 1, step))]
    months = next((one for one in MONTH_STEPS if days / 30.4 / one <= most), MONTH_STEPS[-1])
    index = math.ceil((first.year * 12 + first.month - 1 + (first.day > 1)) / months) * months
    found = []
    while (day := datetime.date(index // 12, index % 12 + 1, 1)) <= last:
        found.append((day, f"{day.year}" if months % 12 == 0 else f"{day:%Y-%m}"))
        index += months
    return found or [(first, first.isoformat())]
