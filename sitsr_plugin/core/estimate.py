"""What can be said of a result before anything is computed: its size in pixels and on disk, and the time at a measured pace."""

from __future__ import annotations

from dataclasses import dataclass

from . import tr

FACTOR = 4
BYTES = {"uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "float16": 2, "uint32": 4, "int32": 4, "float32": 4, "float64": 8}


def result_bytes(width: int, height: int, bands: int, dtype: str, dates: int, uncertainty: bool) -> int:
    """Bytes of all results before compression; the uncertainty is written as float32."""
    pixels = FACTOR * width * FACTOR * height * bands * dates
    return pixels * (BYTES.get(dtype, 4) + (4 if uncertainty else 0))


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


def estimate_text(report: dict, extent: Extent, uncertainty: bool, unit: str = "", seconds_per_pixel: float | None = None) -> str:
    """What is known of the result, from the worker's report.

    Args:
        report: of the series.
        extent: what is asked for.
        uncertainty: whether each result has an uncertainty raster beside it.
        unit: of the pixel size.
        seconds_per_pixel: measured in a run with the same product on this machine, or None.
    """
    pixel = f"{abs(report['grid']['pixel_size'][0]) / FACTOR:.4g} {unit}".strip()
    count = result_bytes(extent.width, extent.height, len(report["bands"]), report["dtype"], extent.dates, uncertainty)
    text = tr("{width} x {height} pixels of {pixel}, {bands} bands").format(
        width=FACTOR * extent.width, height=FACTOR * extent.height, pixel=pixel, bands=len(report["bands"])
    )
    if extent.dates > 1:
        text = tr("{dates} dates of {text}").format(dates=extent.dates, text=text)
    text = tr("Result: {text}; at most {size} on disk.").format(text=text, size=size_text(count))
    if seconds_per_pixel is None:
        return text
    return f"{text} " + tr("About {time} at the pace of the last run.").format(time=time_text(seconds_per_pixel * extent.pixels))
