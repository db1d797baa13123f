"""The one reader of pixels: windowed, mirrored outside the image, safe to call from several threads."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.enums import MaskFlags, Resampling
from rasterio.errors import RasterioError
from rasterio.transform import Affine
from rasterio.vrt import WarpedVRT

from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import BandSource, Grid, Window
from sitsr_core.series.header import display_name

MAX_FREE_HANDLES = 128
GRID_TOLERANCE = 0.01  # pixels
TAGGED, UNTAGGED, DATA = "no data, as the file says", "no data, if all bands have it", "a value as others"  # what 0 means


@dataclass
class _Handle:
    """An open raster on the series' grid. ``alpha`` is the band that says where the warp found data, or 0."""

    path: str
    dataset: rasterio.DatasetReader | WarpedVRT
    source: rasterio.DatasetReader | None
    alpha: int
    masked: bool

    def close(self) -> None:
        self.dataset.close()
        if self.source is not None:
            self.source.close()


class RasterReader:
    """Reads bands of rasters on one grid; a raster on another grid is warped on the fly.

    GDAL handles must not be used by two threads at once: each read borrows a handle that is its own until it gives it back.

    Args:
        grid: the grid of all that is read.
        resampling: for rasters on another grid: "cubic" for reflectance, "nearest" for masks.
    """

    def __init__(self, grid: Grid, resampling: str = "cubic"):
        self.grid = grid
        self._resampling = Resampling[resampling]
        self._lock = threading.Lock()
        self._free: OrderedDict[str, list[_Handle]] = OrderedDict()
        self._closed = False

    def read(self, sources: Sequence[BandSource], window: Window) -> tuple[np.ndarray, np.ndarray]:
        """Values of ``sources`` in a window that may stick out of the image.

        Outside, the image is mirrored about its outer edge (NumPy's "symmetric": ... 1 0 | 0 1 ... n-1 | n-1 ...), as often as the overhang
        needs; mirroring about the edge, not about the centre of the last pixel, also holds on the four times finer grid and for a
        one-pixel image. Only the rows and columns needed are read.

        Returns:
            values (n, h, w) in the files' dtype, valid (h, w): data present and finite in every band. A no-data value of 0 counts
            only where every band that is read is 0.

        Raises:
            InputError: the pixels cannot be read (a truncated file, a lost share).
        """
        rows = mirrored_indices(window.row, window.height, self.grid.height)
        columns = mirrored_indices(window.column, window.width, self.grid.width)
        inner = Window(int(rows.min()), int(columns.min()), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1)
        values, valid = self._read_inside(sources, inner, (inner.height, inner.width))
        if (inner.row, inner.column, inner.height, inner.width) != (window.row, window.column, window.height, window.width):
            values = values.take(rows - inner.row, axis=1).take(columns - inner.column, axis=2)
            valid = valid.take(rows - inner.row, axis=0).take(columns - inner.column, axis=1)
        return values, valid

    def read_thinned(self, sources: Sequence[BandSource], height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
        """The whole image as (height, width) pixels or fewer, from overviews where there are some: as ``read`` returns it.

        Memory depends on the size asked for and not on the image. Reflectance is averaged; masks ("nearest") are picked.

        Raises:
            InputError: see ``read``.
        """
        shape = min(height, self.grid.height), min(width, self.grid.width)
        return self._read_inside(sources, Window(0, 0, self.grid.height, self.grid.width), shape)

    def _read_inside(self, sources: Sequence[BandSource], window: Window, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        by_path: dict[str, list[int]] = {}
        for position, source in enumerate(sources):
            by_path.setdefault(source.path, []).append(position)
        parts: list[np.ndarray | None] = [None] * len(sources)
        valid, somewhere, everywhere = np.ones(shape, bool), np.zeros(shape, bool), np.ones(shape, bool)
        zeros = []
        for path, positions in by_path.items():
            values, ok, zero = self._read_file(path, [sources[p].band for p in positions], window, shape)
            for position, plane in zip(positions, values, strict=True):
                parts[position] = plane
            valid &= ok
            nonzero = values != 0
            somewhere |= nonzero.any(axis=0)
            if zero == TAGGED:
                everywhere &= nonzero.all(axis=0)
            zeros.append(zero)
        if DATA not in zeros and len(sources) > 1:
            # Sentinel-2 writes 0 into every band where it has no data, tagged or not. Into a single one it writes it too where the ground
            # is black there: near infrared over water.
            valid &= somewhere
        else:
            valid &= everywhere
        return np.stack([part for part in parts if part is not None]), valid

    def _read_file(self, path: str, bands: list[int], window: Window, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, str]:
        """Values, what is valid whatever 0 means, and what 0 means."""
        area = rasterio.windows.Window(window.column, window.row, window.width, window.height)
        thinned = Resampling.nearest if self._resampling == Resampling.nearest else Resampling.average
        try:
            # Inside an Env GDAL's remarks go to the log, where harmless ones are dropped, and not to the terminal.
            with rasterio.Env(), self._borrow(path) as handle:
                if (handle.dataset.height, handle.dataset.width) != (self.grid.height, self.grid.width):
                    return self._read_stretched(handle.dataset, bands, window, shape)
                values = handle.dataset.read(bands, window=area, out_shape=(len(bands), *shape), resampling=thinned)
                valid = np.ones(values.shape[1:], bool)
                nodata = [handle.dataset.nodatavals[band - 1] for band in bands]
                if handle.alpha:
                    valid &= handle.dataset.read(handle.alpha, window=area, out_shape=shape) > 0
                elif handle.masked:
                    valid &= (handle.dataset.read_masks(bands, window=area, out_shape=(len(bands), *shape)) > 0).all(axis=0)
        except (RasterioError, OSError) as error:
            raise InputError(
                f"'{display_name(path)}' is damaged or cut short: rows {window.row} to {window.row + window.height - 1} cannot be read.",
                "Copy or download it again.",
                detail=f"{path}: {error}",
            ) from error
        # A warp leaves 0 too where a file of one band does not reach.
        zero_tagged = all(value == 0 for value in nodata) and (handle.source is None or len(bands) > 1)
        for plane, value in zip(values, nodata, strict=True):
            if value is not None and not np.isnan(value) and not zero_tagged:
                valid &= plane != value
            if plane.dtype.kind == "f":
                valid &= np.isfinite(plane)
        if zero_tagged:
            return values, valid, TAGGED
        return values, valid, DATA if any(value is not None for value in nodata) or handle.masked or values.dtype.kind == "f" else UNTAGGED

    def _read_stretched(
        self, dataset: rasterio.DatasetReader, bands: list[int], window: Window, shape: tuple[int, int]
    ) -> tuple[np.ndarray, np.ndarray, str]:
        """Nearest pixels of a mask without georeferencing that covers the grid at another resolution (a 20 m SCL beside 10 m bands)."""
        nodata = dataset.nodatavals[bands[0] - 1]
        if shape != (window.height, window.width):
            values = dataset.read(bands, out_shape=(len(bands), *shape))
            return values, (values != nodata).all(axis=0) if nodata is not None else np.ones(shape, bool), DATA
        rows = (2 * np.arange(window.row, window.row + window.height) + 1) * dataset.height // (2 * self.grid.height)
        columns = (2 * np.arange(window.column, window.column + window.width) + 1) * dataset.width // (2 * self.grid.width)
        area = rasterio.windows.Window(columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1)
        values = dataset.read(bands, window=area).take(rows - rows[0], axis=1).take(columns - columns[0], axis=2)
        return values, (values != nodata).all(axis=0) if nodata is not None else np.ones(values.shape[1:], bool), DATA

    @contextmanager
    def _borrow(self, path: str) -> Iterator[_Handle]:
        with self._lock:
            if self._closed:
                raise InputError("The series is closed.", "Open it again.")
            waiting = self._free.get(path)
            handle = waiting.pop() if waiting else None
        if handle is None:
            handle = self._open(path)
        try:
            yield handle
        finally:
            self._give_back(handle)

    def _give_back(self, handle: _Handle) -> None:
        surplus: list[_Handle] = []
        with self._lock:
            if self._closed:
                surplus.append(handle)
            else:
                self._free.setdefault(handle.path, []).append(handle)
                self._free.move_to_end(handle.path)
                if sum(map(len, self._free.values())) > MAX_FREE_HANDLES:
                    oldest = next(path for path, waiting in self._free.items() if waiting)
                    surplus.append(self._free[oldest].pop())
        for unused in surplus:
            unused.close()

    def _open(self, path: str) -> _Handle:
        source = rasterio.open(path)
        found = Grid(source.crs.to_wkt() if source.crs else "", tuple(source.transform)[:6], source.width, source.height)
        masked = any(MaskFlags.per_dataset in flags or MaskFlags.alpha in flags for flags in source.mask_flag_enums)
        if same_grid(found, self.grid):
            return _Handle(path, source, None, 0, masked)
        if is_ungeoreferenced(found):
            # Only a mask comes here (``preflight`` refuses such images): it covers the same ground at another resolution.
            return _Handle(path, source, None, 0, masked)
        nodata = source.nodata
        # Without a tag the warp must know what ``_read_inside`` takes for no data, or it blends it into the ground beside it.
        zero = not masked and self._resampling != Resampling.nearest and not any(np.dtype(t).kind == "f" for t in source.dtypes)
        untagged = {"src_nodata": 0, "UNIFIED_SRC_NODATA": "YES"} if zero else {}
        crs = CRS.from_wkt(self.grid.crs) if self.grid.crs else source.crs
        warped = WarpedVRT(
            source,
            src_crs=source.crs or crs,
            crs=crs,
            transform=Affine(*self.grid.transform),
            width=self.grid.width,
            height=self.grid.height,
            resampling=self._resampling,
            # Coordinates are interpolated within each block of the VRT: so finely that no tile could tell. (rasterio fails on 0.)
            tolerance=0.001,
            **({"src_nodata": nodata, "nodata": nodata} if nodata is not None else {"add_alpha": True, **untagged}),
        )
        return _Handle(path, warped, source, 0 if nodata is not None else warped.count, masked)

    def close(self) -> None:
        """Close all files. Handles in use are closed when they are given back."""
        with self._lock:
            self._closed = True
            handles = [handle for waiting in self._free.values() for handle in waiting]
            self._free.clear()
        for handle in handles:
            handle.close()


def mirrored_indices(start: int, length: int, size: int) -> np.ndarray:
    """Image rows for the positions start ... start+length-1, mirrored about the edges of 0 ... size-1 as often as needed."""
    folded = np.arange(start, start + length) % (2 * size)
    return np.where(folded < size, folded, 2 * size - 1 - folded)


def same_grid(one: Grid, other: Grid) -> bool:
    """Same size, same CRS, and every corner in the same place to a hundredth of a pixel."""
    if (one.width, one.height) != (other.width, other.height):
        return False
    if not same_crs(one.crs, other.crs):
        return False
    limit = GRID_TOLERANCE * min(other.pixel_size)
    return all(abs(x - u) <= limit and abs(y - v) <= limit for (x, y), (u, v) in zip(one.corners, other.corners, strict=True))


def same_crs(one: str, other: str) -> bool:
    """Whether two CRSs are one, though written differently; WKT, empty for none."""
    return one == other or bool(one and other and CRS.from_wkt(one) == CRS.from_wkt(other))


def is_ungeoreferenced(grid: Grid) -> bool:
    """True for GDAL's default transform: the raster does not say where it lies."""
    return tuple(map(abs, grid.transform)) == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
