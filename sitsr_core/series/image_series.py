"""A series of images of one place: opened and understood once, then read window by window."""

from collections.abc import Sequence

import numpy as np

from sitsr_core.job import SuperResolutionJob
from sitsr_core.series.acquisition import Acquisition, Grid, SeriesWindow, Window
from sitsr_core.series.date_table import given_dates
from sitsr_core.series.discover import Layer, discover
from sitsr_core.series.preflight import common_grid, findings
from sitsr_core.series.radiometry import find_radiometry
from sitsr_core.series.reader import RasterReader
from sitsr_core.series.sample import Sample, read_sample, sample_windows


class ImageSeries:
    """The dates of one place on one grid. Nothing of the size of the image is kept in memory.

    Use ``open`` or ``from_job``; a context manager closes the files. Reading is safe from several threads.

    Attributes:
        acquisitions: the dates, sorted.
        grid: the grid they share.
        bands: roles in the order of all arrays, ("B02", "B03", "B04", "B08") or without B08.
        dtype: NumPy name of the input's numbers.
        nodata: the no-data value outputs should carry, or None.
        warnings: sentences for the user.
    """

    def __init__(
        self,
        acquisitions: Sequence[Acquisition],
        grid: Grid,
        bands: Sequence[str],
        dtype: str,
        nodata: float | None,
        warnings: Sequence[str],
        reader: RasterReader,
    ):
        self.acquisitions = tuple(acquisitions)
        self.grid = grid
        self.bands = tuple(bands)
        self.dtype = dtype
        self.nodata = nodata
        self.warnings = tuple(warnings)
        self._reader = reader

    @classmethod
    def open(
        cls,
        inputs: list[str],
        *,
        dates: dict[str, str] | None = None,
        date_table: str = "",
        bands: dict[str, int] | None = None,
        scale: float | None = None,
        offset: float | None = None,
        masks: dict[str, str] | None = None,
        align: bool = False,
        estimate: bool = True,
    ) -> "ImageSeries":
        """Understand a series.

        Raises:
            InputError: files that cannot be read or do not make one series.
        """
        found = discover(inputs, given_dates(dates or {}, date_table), bands or {})
        layers = found.layers
        grid = common_grid(layers, align)
        roles = tuple(layers[0].bands)
        reader = RasterReader(grid)
        windows = sample_windows(grid, len(layers), len(roles))
        samples = [read_sample(reader, list(layer.bands.values()), windows) for layer in layers]
        radiometry = find_radiometry(layers, samples, scale, offset)
        acquisitions = [
            Acquisition(
                name=layer.name,
                date=layer.date.date,
                date_source=layer.date.source,
                bands=layer.bands,
                scale=one.scale,
                offset=one.offset,
                radiometry_source=one.source,
                nodata=layer.headers[0].nodata[next(iter(layer.bands.values())).band - 1],
                clear_fraction=sample.valid_fraction,
            )
            for layer, one, sample in zip(layers, radiometry, samples, strict=True)
        ]
        warnings = found.warnings + findings(layers, grid, radiometry, acquisitions)
        dtype = str(np.result_type(*{header.dtypes[0] for layer in layers for header in layer.headers}))
        return cls(acquisitions, grid, roles, dtype, _output_nodata(layers, samples, dtype, align), warnings, reader)

    @classmethod
    def from_job(cls, job: SuperResolutionJob) -> "ImageSeries":
        """The series a job describes. Raises InputError."""
        return cls.open(
            job.inputs,
            dates=job.dates,
            date_table=job.date_table,
            bands=job.bands,
            scale=job.scale,
            offset=job.offset,
            masks=job.masks,
            align=job.align,
        )

    def read(self, window: Window, indices: Sequence[int] | None = None) -> SeriesWindow:
        """Reflectance and masks of some dates in a window, which may stick out of the image (see ``RasterReader.read``).

        Args:
            window: rows and columns in input pixels.
            indices: which acquisitions, in this order; None for all.

        Raises:
            InputError: pixels that cannot be read.
        """
        picked = range(len(self.acquisitions)) if indices is None else indices
        parts = [self._reflectance(self.acquisitions[index], window) for index in picked]
        if not parts:
            empty = np.zeros((0, window.height, window.width), bool)
            return SeriesWindow(np.zeros((0, len(self.bands), window.height, window.width), np.float32), empty, empty)
        reflectance, valid = np.stack([part[0] for part in parts]), np.stack([part[1] for part in parts])
        return SeriesWindow(reflectance, valid, valid.copy())

    def _reflectance(self, acquisition: Acquisition, window: Window) -> tuple[np.ndarray, np.ndarray]:
        values, valid = self._reader.read([acquisition.bands[role] for role in self.bands], window)
        reflectance = values.astype(np.float32) * np.float32(acquisition.scale) + np.float32(acquisition.offset)
        reflectance[:, ~valid] = 0.0
        return reflectance, valid

    def read_raw(self, index: int, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """Numbers as stored, (C, h, w) in the files' dtype, and valid (h, w), of one date inside the image.

        Raises:
            InputError: pixels that cannot be read.
            ValueError: a window that sticks out of the image.
        """
        inside = window.row >= 0 and window.column >= 0 and window.row + window.height <= self.grid.height
        if not inside or window.column + window.width > self.grid.width:
            raise ValueError(f"{window} sticks out of the {self.grid.width} x {self.grid.height} image")
        acquisition = self.acquisitions[index]
        return self._reader.read([acquisition.bands[role] for role in self.bands], window)

    def close(self) -> None:
        """Close all files."""
        self._reader.close()

    def __enter__(self) -> "ImageSeries":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _output_nodata(layers: Sequence[Layer], samples: Sequence[Sample], dtype: str, align: bool) -> float | None:
    """The first tagged value; else NaN for float numbers, and 0 for integers that turn out to have gaps."""
    tagged = [value for layer in layers for header in layer.headers for value in header.nodata if value is not None]
    if tagged:
        return float(tagged[0])
    if np.dtype(dtype).kind == "f":
        return float("nan")
    return 0.0 if align or any(sample.valid_fraction < 1 for sample in samples) else None
