"""What can be said of a result before anything is computed: its size in pixels and on disk."""

from __future__ import annotations

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


def estimate_text(report: dict, share: tuple, dates: int, uncertainty: bool, unit: str = "") -> str:
    """One line on the result, from the worker's report.

    Args:
        report: of the series.
        share: (width, height) in input pixels of the area, within the image.
        dates: how many results.
        uncertainty: whether each has an uncertainty raster beside it.
        unit: of the pixel size.
    """
    width, height = share
    pixel = abs(report["grid"]["pixel_size"][0]) / FACTOR
    size = size_text(result_bytes(width, height, len(report["bands"]), report["dtype"], dates, uncertainty))
    text = tr("{width} x {height} pixels of {pixel}, {bands} bands").format(
        width=FACTOR * width, height=FACTOR * height, pixel=f"{pixel:.4g} {unit}".strip(), bands=len(report["bands"])
    )
    if dates > 1:
        text = tr("{dates} dates of {text}").format(dates=dates, text=text)
    return tr("Result: {text}; at most {size} on disk.").format(text=text, size=size)
