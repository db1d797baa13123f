"""From reflectance back to the numbers of the input, without wrapping and without inventing no-data."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Encoding:
    """How a file stores reflectance: reflectance = DN * scale + offset.

    Attributes:
        dtype: numpy name of the file's type; floats of any width are written as float32.
        scale: see above.
        offset: see above.
        nodata: the input's no-data value, or None.
    """

    dtype: str
    scale: float
    offset: float
    nodata: float | None

    @property
    def output_dtype(self) -> np.dtype:
        """The type that is written."""
        kind = np.dtype(self.dtype)
        return np.dtype(np.float32) if kind.kind not in "iu" else kind

    @property
    def fill(self) -> float:
        """What a missing pixel is written as; the input's no-data value where it has one."""
        if self.nodata is not None and self._fits(self.nodata):
            return self.nodata
        if self.output_dtype.kind == "f":
            return float("nan")
        return float(min(np.iinfo(self.output_dtype).min, 0))

    def declared(self, any_missing: bool) -> float | None:
        """The no-data value to declare: the input's, or the fill where the input has none that its type can hold and pixels are missing."""
        if self.nodata is not None and self._fits(self.nodata):
            return self.nodata
        return self.fill if any_missing else None

    def _fits(self, value: float) -> bool:
        if self.output_dtype.kind == "f":
            return True
        limits = np.iinfo(self.output_dtype)
        return bool(np.isfinite(value)) and float(value).is_integer() and limits.min <= value <= limits.max


def to_digital_numbers(reflectance: np.ndarray, missing: np.ndarray, encoding: Encoding) -> np.ndarray:
    """Reflectance (C, h, w) float32 and missing pixels (h, w) bool -> (C, h, w) in the output's type.

    Integers are rounded and clipped to the type's range; a value that would read as no-data moves by one step towards the inside
    of the range, because it is data.
    """
    dtype, fill = encoding.output_dtype, encoding.fill
    numbers = (reflectance - np.float32(encoding.offset)) * np.float32(1.0 / encoding.scale)
    numbers[:, missing] = 0
    if dtype.kind == "f":
        result = numbers.astype(np.float32)
        if np.isfinite(fill):
            result[result == np.float32(fill)] = np.nextafter(np.float32(fill), np.float32(0 if fill else 1))
    else:
        limits = np.iinfo(dtype)
        # float32 cannot hold every 32-bit integer: clip in float64 where that matters.
        exact = numbers if dtype.itemsize <= 2 else numbers.astype(np.float64)
        result = np.clip(np.rint(exact, out=exact), limits.min, limits.max, out=exact).astype(dtype)
        result[result == int(fill)] = int(fill) + (1 if fill < limits.max else -1)
    result[:, missing] = fill
    return result


def uncertainty_numbers(std: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Standard deviation in reflectance, float32, NaN where missing."""
    result = std.astype(np.float32)
    result[:, missing] = np.nan
    return result
