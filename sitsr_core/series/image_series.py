"""A series of images of one place: opened and understood once, then read window by window."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sitsr_core.job import SuperResolutionJob
from sitsr_core.series import clear_sky, opening
from sitsr_core.series.acquisition import Acquisition, Grid, SeriesWindow, Window
from sitsr_core.series.clear_sky import ClearSky
from sitsr_core.series.masks import MaskSource, clear_of_mask, thinned_clear
from sitsr_core.series.reader import RasterReader


class ImageSeries:
    """The dates of one place on one grid. Nothing of the size of the image is kept in memory.

    Use ``open`` or ``from_job``; as a context manager it closes its files. Reading is safe from several threads.

    Attributes:
        acquisitions: the dates, sorted.
        grid: the grid they share.
        grid_source: path of the first raster that lies on it as it is.
        bands: roles in the order of all arrays, ("B02", "B03", "B04", "B08") or without B08.
        band_sources: date's name -> how its bands were told apart.
        dtype: NumPy name of the input's numbers.
        nodata: the no-data value outputs should carry, or None.
        valid_fractions: share of each date that has data, 0..1.
        warnings: sentences for the user.
    """

    def __init__(self, opened: "opening.OpenedSeries"):
        self.acquisitions: tuple[Acquisition, ...] = tuple(opened.acquisitions)
        self.grid: Grid = opened.grid
        self.grid_source: str = opened.grid_source
        self.bands: tuple[str, ...] = tuple(opened.bands)
        self.band_sources: dict[str, str] = opened.band_sources
        self.dtype: str = opened.dtype
        self.nodata: float | None = opened.nodata
        self.valid_fractions: tuple[float, ...] = tuple(opened.valid_fractions)
        self.warnings: tuple[str, ...] = tuple(opened.warnings)
        self._reader: RasterReader = opened.reader
        self._mask_reader: RasterReader = opened.mask_reader
        self._sky: ClearSky | None = opened.sky

    @classmethod
    def open(
        cls,
        inputs: Sequence[str],
        *,
        dates: Mapping[str, str] | None = None,
        date_table: str = "",
        bands: Mapping[str, int] | None = None,
        scale: float | None = None,
        offset: float | None = None,
        masks: Mapping[str, str] | None = None,
        align: bool = False,
        estimate: bool = True,
        threads: int = 0,
    ) -> "ImageSeries":
        """Find the dates, bands, radiometry, masks and shifts of a series.

        Args:
            inputs: files, folders, archives, SAFE products, netCDF, one stacked raster; anything GDAL opens.
            dates: path, name or 1-based position in a stack -> ISO date; wins over what the files say.
            date_table: CSV with the columns layer,date.
            bands: role -> 1-based band number.
            scale, offset: reflectance = DN * scale + offset for all dates; None to detect.
            masks: path, name, ISO date, or folder for all in it -> raster whose non-zero pixels are clear, or an SCL raster.
            align: warp rasters on other grids to that of the finest pixels (of several the commonest, then the earliest date's).
            estimate: estimate clear sky where there is no mask, and shifts; False takes all valid pixels as clear and shifts as unknown.
            threads: on which dates are looked at side by side; 0: as many as there are processors.

        Raises:
            InputError: files that cannot be read or do not make one series.
        """
        paths, given = [str(path) for path in inputs], dict(dates or {})
        return cls(
            opening.open_series(paths, given, date_table, dict(bands or {}), scale, offset, dict(masks or {}), align, estimate, threads),
        )

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
            threads=job.threads,
        )

    def read(self, window: Window, indices: Sequence[int] | None = None) -> SeriesWindow:
        """Reflectance and masks of some dates in a window, which may stick out of the image (see ``RasterReader.read``).

        A pixel's values never depend on the window it is read with.

        Args:
            window: rows and columns in input pixels.
            indices: which acquisitions, in this order; None for all.

        Raises:
            InputError: pixels that cannot be read.
        """
        picked = list(range(len(self.acquisitions)) if indices is None else indices)
        shape = (len(picked), window.height, window.width)
        result = SeriesWindow(np.zeros((shape[0], len(self.bands), *shape[1:]), np.float32), np.zeros(shape, bool), np.zeros(shape, bool))
        estimated = self._sky is not None and any(self.acquisitions[index].mask is None for index in picked)
        halo = clear_sky.HALO if estimated else 0
        wide = Window(window.row - halo, window.column - halo, window.height + 2 * halo, window.width + 2 * halo)
        inner = (slice(halo, halo + window.height), slice(halo, halo + window.width))
        seen: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        sky = None
        if estimated and self._sky is not None and self._sky.references:
            seen = {index: self._reflectance(index, wide) for index in self._sky.references}
            sky = clear_sky.composite(
                [seen[index][0] for index in self._sky.references], [seen[index][1] for index in self._sky.references]
            )
        for position, index in enumerate(picked):
            reflectance, valid = seen[index] if index in seen else self._reflectance(index, wide)
            result.reflectance[position] = reflectance[:, inner[0], inner[1]]
            result.valid[position] = valid[inner]
            acquisition = self.acquisitions[index]
            if acquisition.mask is not None:
                mask = MaskSource(acquisition.mask, acquisition.mask_kind)
                result.clear[position] = result.valid[position] & clear_of_mask(mask, window, self._mask_reader)
            elif self._sky is not None:
                result.clear[position] = self._sky.clear(index, reflectance, valid, sky)[inner]
            else:
                result.clear[position] = result.valid[position]
        return result

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

    def thinned(self, height: int, width: int) -> Iterator[SeriesWindow]:
        """The whole image of each date in turn (T = 1), in (height, width) pixels or fewer; nothing of the image's own size is kept.

        Where that is fewer, the estimate of clear sky is made on the fewer pixels: it misses clouds of two of them or less and goes
        around the others by ``clear_sky.HALO`` of them at most. Where it is not, all is as ``read`` gives it.

        Raises:
            InputError: pixels that cannot be read.
        """
        size = min(height, self.grid.height), min(width, self.grid.width)
        sky = self._sky
        reference = None
        if sky is not None and sky.references and any(one.mask is None for one in self.acquisitions):
            looks = [self._thinned_reflectance(index, size) for index in sky.references]
            reference = clear_sky.composite([look for look, _ in looks], [valid for _, valid in looks])
            del looks
        inner = (slice(clear_sky.HALO, clear_sky.HALO + size[0]), slice(clear_sky.HALO, clear_sky.HALO + size[1]))
        for index, acquisition in enumerate(self.acquisitions):
            reflectance, wide_valid = self._thinned_reflectance(index, size)
            valid = wide_valid[inner]
            if acquisition.mask is not None:
                clear = valid & thinned_clear(MaskSource(acquisition.mask, acquisition.mask_kind), *size, self._mask_reader)
            else:
                clear = valid if sky is None else sky.clear(index, reflectance, wide_valid, reference)[inner]
            yield SeriesWindow(reflectance[None, :, inner[0], inner[1]], valid[None], clear[None])

    def _thinned_reflectance(self, index: int, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """As ``_reflectance`` of the whole image and ``clear_sky.HALO`` mirrored pixels around it."""
        acquisition, halo = self.acquisitions[index], ((clear_sky.HALO,) * 2,) * 2
        values, valid = self._reader.read_thinned([acquisition.bands[role] for role in self.bands], *size)
        reflectance, valid = _to_reflectance(acquisition, values, valid)
        return np.pad(reflectance, ((0, 0), *halo), mode="symmetric"), np.pad(valid, halo, mode="symmetric")

    def _reflectance(self, index: int, window: Window) -> tuple[np.ndarray, np.ndarray]:
        acquisition = self.acquisitions[index]
        values, valid = self._reader.read([acquisition.bands[role] for role in self.bands], window)
        return _to_reflectance(acquisition, values, valid)

    def close(self) -> None:
        """Close all files."""
        self._reader.close()
        self._mask_reader.close()

    def __enter__(self) -> "ImageSeries":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _to_reflectance(acquisition: Acquisition, values: np.ndarray, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Reflectance and what of it is valid. With an offset below 0, as of Sentinel-2's +1000, no ground is as dark as 0 in any band."""
    if acquisition.offset < 0:
        valid = valid & (values != 0).all(axis=0)
    return opening.to_reflectance(values, valid, acquisition.scale, acquisition.offset), valid
