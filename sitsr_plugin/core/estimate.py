"""What can be said of a result before anything is computed: its size in pixels and on disk, and the time at a measured pace."""

from __future__ import annotations

from dataclasses import dataclass

from . import tr
from .dock_settings import MEAN

SQUARE = 0.01  # by so much of a side may the other differ
BYTES = {"uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "float16": 2, "uint32": 4, "int32": 4, "float32": 4, "float64": 8}


def result_bytes(width: int, height: int, bands: int, dtype: str, dates: int, uncertainty: bool) -> int:
    """Bytes of all results of so many pixels before compression; the uncertainty is written as float32."""
    return width * height * bands * dates * (BYTES.get(dtype, 4) + (4 if uncertainty else 0))


def seconds_per_pixel(paces: dict, product: tuple) -> float | None:
    """The pace of a product: as measured, or told from runs with another number of orientations; None while it is not known.

    Args:
        paces: (model, mode, orientations) -> seconds for an input pixel of a date.
        product: model, mode and orientations.
    """
    if product in paces:
        return paces[product]
    model, mode, count = product
    known = next((one for one in paces if one[:2] == (model, mode)), None)
    # what an orientation more takes; the draws of the detailed modes are not repeated
    once = None if known is None else paces[known] / known[2] if mode == MEAN else seconds_per_pixel(paces, (model, MEAN, 1))
    return None if once is None else max(once, paces[known] + (count - known[2]) * once)


def size_text(count: int) -> str:
    """Bytes in a unit that can be read."""
    for unit, power in (("GB", 3), ("MB", 2)):
        if count >= 1000**power:
            return f"{count / 1000**power:.1f} {unit}"
    return f"{max(1, round(count / 1000))} kB"


@dataclass(frozen=True)
class Extent:
    """How much is computed: an area in input pixels, and how many dates of it."""

    width: int
    height: int
    dates: int

    @property
    def pixels(self) -> int:
        """Input pixels of all dates."""
        return self.width * self.height * self.dates


def time_text(seconds: float) -> str:
    """A duration in a unit that can be read."""
    if seconds < 90:
        return tr("{count} s").format(count=max(1, round(seconds)))
    return tr("{count} min").format(count=round(seconds / 60)) if seconds < 5400 else tr("{count:.1f} h").format(count=seconds / 3600)


def pixel_text(grid: dict, factor: int) -> str:
    """The size of a result's pixels: in metres, with both sides where they differ, or in the raster's own unit without a place."""
    sides = [abs(side) / factor for side in grid.get("pixel_metres") or grid["pixel_size"]]
    square = abs(sides[0] / sides[1] - 1) < SQUARE
    text = f"{sides[0]:.4g}" if square else f"{sides[0]:.4g} x {sides[1]:.4g}"
    return f"{text} m" if grid.get("pixel_metres") else text


def estimate_text(report: dict, extent: Extent, uncertainty: bool, factor: int, pace: float | None = None) -> str:
    """What is known of the result, from the worker's report.

    Args:
        report: of the series.
        extent: what is asked for.
        uncertainty: whether each result has an uncertainty raster beside it.
        factor: how many times finer the model makes pixels.
        pace: seconds for an input pixel of a date with this product on this machine, or None.
    """
    pixel = pixel_text(report["grid"], factor)
    width, height = factor * extent.width, factor * extent.height
    count = result_bytes(width, height, len(report["bands"]), report["dtype"], extent.dates, uncertainty)
    text = tr("{width} x {height} pixels of {pixel}, {bands} bands").format(
        width=width, height=height, pixel=pixel, bands=len(report["bands"])
    )
    if extent.dates > 1:
        text = tr("{dates} dates of {text}").format(dates=extent.dates, text=text)
    text = tr("Result: {text}; at most {size} on disk.").format(text=text, size=size_text(count))
    if pace is None:
        return text
    return f"{text} " + tr("About {time} at the pace of the last run.").format(time=time_text(pace * extent.pixels))
