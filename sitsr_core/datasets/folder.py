"""A folder of the user's own: real low-resolution series and real fine images of the same sites.

    <ROOT>/<site>/lr/<anything with a date>.tif     one or more dates of a series, as ``ImageSeries`` reads them
    <ROOT>/<site>/hr/<date>.tif                     one or more fine images, 2, 3 or 4 times finer, same CRS and extent

Another sensor took the fine images, so they are brought to the series first (``folder_match.py``). Sites are read into memory whole;
large ones are better cut into pieces of a few kilometres.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sitsr_core.datasets.folder_match import match, moved_whole_pixels, whole_pixels
from sitsr_core.datasets.reading import EPOCH
from sitsr_core.errors import InputError
from sitsr_core.inference.selection import is_usable, select
from sitsr_core.sensor import FACTOR
from sitsr_core.series.acquisition import BANDS, Acquisition, Grid, Window
from sitsr_core.series.image_series import ImageSeries
from sitsr_core.series.opening import to_reflectance
from sitsr_core.series.preflight import pixel_size_metres
from sitsr_core.series.reader import is_ungeoreferenced, same_crs

MAX_MISREGISTRATION = 1.0  # coarse pixels
MOST_OFF = 0.05  # coarse pixels by which the corners of the two grids may differ
WARP = "Warp them to one grid, with pixels {} times smaller for the fine images (gdalwarp -t_srs -te -ts)."
LAYOUT = "A site is a folder with the folders 'lr' and 'hr', dated rasters in each."

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Truth:
    """One fine image, brought to the series.

    Attributes:
        day: days since 1970-01-01.
        values: (C, factor h, factor w) as stored, moved by whole pixels onto the series.
        valid: (factor h, factor w) bool.
        whole: (h, w) bool, where all fine pixels of a coarse one are valid.
        gain, offset: (C,) reflectance = values * gain + offset.
        reference: position of the nearest clear date of the series, which it was matched to.
    """

    day: int
    values: np.ndarray
    valid: np.ndarray
    whole: np.ndarray
    gain: np.ndarray
    offset: np.ndarray
    reference: int

    def bands_of(self, site: "FolderSite") -> tuple[str, ...]:
        """Names of its C bands."""
        return site.bands[: len(self.gain)]

    def crop(self, row: int, column: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Reflectance (C, size, size) float32, 0 where not valid, and valid (size, size)."""
        window = slice(row, row + size), slice(column, column + size)
        valid = self.valid[window]
        values = self.values[:, *window].astype(np.float32) * self.gain[:, None, None] + self.offset[:, None, None]
        return np.where(valid, values, 0).astype(np.float32), valid


@dataclass(frozen=True)
class FolderSite:
    """One site: T acquisitions of a series, read whole, and its fine images.

    Attributes:
        name: of the folder.
        acquisitions: the dates.
        values: (T, C, h, w) as stored, 0 where not clear.
        clear: (T, h, w) bool.
        truths: the fine images.
        pixel_size: metres of a coarse pixel, or None when that is not known.
        bands: names of the C bands; a fine image has all of them, or the first ones.
        scale: reflectance = values * scale.
        part: "train", "validation" or "test" where the data say so, else "".
    """

    name: str
    acquisitions: tuple[Acquisition, ...]
    values: np.ndarray
    clear: np.ndarray
    truths: list[Truth]
    pixel_size: float | None
    bands: tuple[str, ...] = BANDS
    scale: float = 1.0
    part: str = ""

    @property
    def factor(self) -> int:
        """Fine pixels in a coarse one, along an axis."""
        return self.truths[0].valid.shape[-1] // self.clear.shape[-1]

    def crop(self, dates: np.ndarray, row: int, column: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Reflectance (n, C, size, size) float32 and clear (n, size, size) of the dates (n,)."""
        window = slice(row, row + size), slice(column, column + size)
        values = np.stack([self.values[date][:, *window] for date in dates])  # an index array would read whole images
        return values.astype(np.float32) * np.float32(self.scale), np.stack([self.clear[date][window] for date in dates])

    @property
    def usable(self) -> list[int]:
        """The dates with enough clear pixels to learn from."""
        return [index for index, acquisition in enumerate(self.acquisitions) if is_usable(acquisition)]


def load_folder(root: str | Path, tell: Tell, factor: int = FACTOR) -> list[FolderSite]:
    """All sites below ``root`` that can be used; ``tell`` hears what was measured of each and why one is left out.

    The fine images must be ``factor`` times finer than the series.

    Raises:
        InputError: a folder that is not laid out as it should be, rasters that do not fit each other, or no site that can be used.
    """
    root = Path(root)
    if not root.is_dir():
        raise InputError(f"The folder '{root}' does not exist.", "Check the path.")
    folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not folders:
        raise InputError(f"The folder '{root}' holds no site.", LAYOUT)
    sites = [site for site in (_load_site(folder, tell, factor) for folder in folders) if site.truths]
    if not sites:
        raise InputError(f"None of the {len(folders)} sites in '{root}' can be used.", "The messages above say why.")
    return sites


def _load_site(folder: Path, tell: Tell, factor: int) -> FolderSite:
    for part in ("lr", "hr"):
        if not (folder / part).is_dir():
            raise InputError(f"The site '{folder.name}' has no folder '{part}'.", LAYOUT)
    with (
        _named(folder.name, factor),
        ImageSeries.open([str(folder / "lr")]) as series,
        ImageSeries.open([str(folder / "hr")], estimate=False) as fine,
    ):
        require_fitting(series.grid, fine.grid, factor)
        for text in series.warnings:
            tell(f"{folder.name}: {text}")
        whole = series.read(Window(0, 0, series.grid.height, series.grid.width))
        found = [_truth(folder.name, series, whole.reflectance, whole.clear, fine, index, tell) for index in range(len(fine.acquisitions))]
        sides = pixel_size_metres(series.grid)
        return FolderSite(
            name=folder.name,
            acquisitions=series.acquisitions,
            values=whole.reflectance * whole.clear[:, None],
            clear=whole.clear,
            truths=[truth for truth in found if truth is not None],
            pixel_size=sum(sides) / 2 if sides else None,
            bands=series.bands,
        )


def _truth(
    site: str, series: ImageSeries, reflectance: np.ndarray, clear: np.ndarray, fine: ImageSeries, index: int, tell: Tell
) -> Truth | None:
    """One fine image matched to the nearest clear date, or None when it cannot be, with the reason told."""
    acquisition = fine.acquisitions[index]
    selection = select(series.acquisitions, acquisition.date, max_dates=1)
    nearest = selection.indices[0]
    values, valid = fine.read_raw(index, Window(0, 0, fine.grid.height, fine.grid.width))
    if values.dtype.kind != "f":
        valid &= (values != 0).any(axis=0)  # the usual filling of an orthophoto's empty corners
    bands = len(set(series.bands) & set(fine.bands))
    image = to_reflectance(values[:bands], valid, acquisition.scale, acquisition.offset)
    found = match(image, valid, reflectance[nearest, :bands], clear[nearest], series.bands[:bands])
    days = abs((series.acquisitions[nearest].date - acquisition.date).days)
    told = f"{site}, {acquisition.date} (nearest clear date {series.acquisitions[nearest].date}, {days} days off): "
    if found is None:
        tell(told + "left out, because hardly any clear pixel is common to both.")
        return None
    if found.misregistration > MAX_MISREGISTRATION:
        tell(told + f"left out, because it lies {found.misregistration:.1f} low-resolution pixels off.")
        return None
    tell(told + str(found))
    moved = moved_whole_pixels(valid, found.fine_pixels)
    return Truth(
        day=(acquisition.date - EPOCH).days,
        values=moved_whole_pixels(values[:bands], found.fine_pixels),
        valid=moved,
        whole=whole_pixels(moved, found.factor),
        gain=(acquisition.scale * found.gain).astype(np.float32),
        offset=(acquisition.offset * found.gain + found.offset).astype(np.float32),
        reference=nearest,
    )


def require_fitting(coarse: Grid, fine: Grid, factor: int = FACTOR) -> None:
    """Raise InputError unless the fine grid divides each pixel of the coarse one into factor x factor."""
    warp = WARP.format(factor)
    if not same_crs(fine.crs, coarse.crs):
        raise InputError("the fine images have another CRS than the series.", warp)
    factors = [there / here for there, here in zip(coarse.pixel_size, fine.pixel_size, strict=True)]
    if not is_ungeoreferenced(coarse) and any(abs(found / factor - 1) > 0.001 for found in factors):
        raise InputError(f"the fine images are {factors[0]:.3g} times finer than the series, the model needs {factor}.", warp)
    if (fine.width, fine.height) != (factor * coarse.width, factor * coarse.height):
        sizes = f"{fine.width} x {fine.height} pixels, not {factor} times the {coarse.width} x {coarse.height} of the series"
        raise InputError(f"the fine images have {sizes}.", warp)
    limit = MOST_OFF * min(coarse.pixel_size)
    apart = any(abs(x - u) > limit or abs(y - v) > limit for (x, y), (u, v) in zip(fine.corners, coarse.corners, strict=True))
    if apart and not (is_ungeoreferenced(coarse) and is_ungeoreferenced(fine)):
        raise InputError("the fine images do not cover the same ground as the series.", warp)


@contextlib.contextmanager
def _named(site: str, factor: int) -> Iterator[None]:
    """Errors inside name the site, and ask for nothing that only the plugin can do."""
    try:
        yield
    except InputError as error:
        hint = WARP.format(factor) if "--align" in error.hint else error.hint
        raise InputError(f"Site '{site}': {error.message}", hint, error.detail) from error
