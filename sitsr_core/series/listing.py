"""From what the user names (files, folders, archives, SAFE products, netCDF) to products and raster headers."""

import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sitsr_core.errors import InputError
from sitsr_core.own_files import RESULT_TAG, RUN_FILES, RUN_FOLDER, RUN_LOCK, RUN_RECORD
from sitsr_core.series.acquisition import BANDS
from sitsr_core.series.bands import file_role
from sitsr_core.series.header import RasterHeader, display_name, read_header
from sitsr_core.series.reader import same_grid
from sitsr_core.series.safe import PRODUCT_METADATA, SafeProduct, list_files, read_product
from sitsr_core.series.sentinel2_names import is_side_file

RASTER_SUFFIXES = (".tif", ".tiff", ".jp2", ".vrt", ".nc", ".nc4", ".img", ".h5", ".hdf", ".dat", ".bil", ".ntf")
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png")
TEXT_SUFFIXES = (".txt", ".csv", ".json", ".md", ".xml", ".html", ".qgz", ".qgs", ".py")
MAX_FILES = 20_000
LISTED = 5
BROKEN = (OSError, zipfile.BadZipFile, zlib.error)  # what reading an archive raises

# Why files of a folder are left out.
UNNAMED = "one band, and nothing says which"
RESULTS = "results of sitsr; to use one, give the file itself"
SIDE_FILES = "a picture or a side product of Sentinel-2, not a band"
STACKS = "a VRT of bands that are read themselves"
BROKEN_ARCHIVE = "not an archive that can be read"
PICTURES = "of a raster format that is not looked for in folders; to use one, give the file itself"
OTHER_FILES = "not a raster format that is looked for in folders"


@dataclass
class Listing:
    """What was found: whole SAFE products, other rasters (containers already opened up), and why -> names of files left out."""

    products: list[SafeProduct] = field(default_factory=list)
    rasters: list[RasterHeader] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def leave_out(self, name: str, why: str) -> None:
        """Keep the name of a file that is not used."""
        self.left_out.setdefault(why, []).append(name)


def list_inputs(inputs: Iterable[str]) -> Listing:
    """Open up folders, archives, SAFE products and containers.

    Raises:
        InputError: nothing given, a path that does not exist, a folder without rasters, a file that is no raster.
    """
    listing = Listing()
    paths = [str(path) for path in inputs if str(path).strip()]
    if not paths:
        raise InputError("No input layers were given.", "Give at least one multispectral raster, or a folder of them.")
    for path in paths:
        if os.path.basename(path) in PRODUCT_METADATA and os.path.isfile(path):
            path = os.path.dirname(os.path.abspath(path))
        if os.path.isdir(path):
            _add_folder(path, listing)
        elif path.lower().endswith(".zip") and not path.startswith("/vsi"):
            _join(listing, _usable_archive(path))
        elif path.lower().endswith(TEXT_SUFFIXES) and not path.startswith("/vsi") and os.path.isfile(path):
            raise InputError(f"'{display_name(path)}' is a text file, not a raster.", "Give GeoTIFF, JPEG 2000, VRT or netCDF rasters.")
        else:
            listing.rasters += _opened_up(read_header(path))
    _leave_out_side_files(listing)
    return listing


def _leave_out_side_files(listing: Listing) -> None:
    """Among the single bands of a Sentinel-2 product lie pictures of it and quality layers: they are no dates of their own."""
    side = [header for header in listing.rasters if is_side_file(header.name)]
    kept = [header for header in listing.rasters if header not in side]
    if not any(header.count == 1 and file_role(header) in BANDS for header in kept):
        return
    listing.rasters = kept
    for header in side:
        listing.leave_out(header.name, SIDE_FILES)


def _leave_out_stacks(listing: Listing) -> None:
    """A VRT of the folder's own single bands, on their grid, shows no more than they do, and lacks their names and a product's mask."""
    singles = {os.path.realpath(header.path): header for header in listing.rasters if header.count == 1 and file_role(header)}
    of_products = {os.path.realpath(path) for product in listing.products for path in product.bands.values()}

    def is_stack(header: RasterHeader) -> bool:
        read = [os.path.realpath(source) for source in header.sources]
        if not read or not all(path in singles or path in of_products for path in read):
            return False
        return all(same_grid((singles.get(path) or read_header(path)).grid, header.grid) for path in read)

    stacks = {header.path: header.name for header in listing.rasters if is_stack(header)}
    listing.rasters = [header for header in listing.rasters if header.path not in stacks]
    for name in stacks.values():
        listing.leave_out(name, STACKS)


def _add_folder(path: str, listing: Listing) -> None:
    files = list_files(path)
    if len(files) > MAX_FILES:
        raise InputError(f"The folder '{display_name(path)}' has more than {MAX_FILES} files.", "Give the folder of one series.")
    found = Listing()
    _add_files(path, files, found)
    for file in files:
        if file.lower().endswith(".zip") and ".safe" not in os.path.dirname(file).lower():
            _join(found, _archive_in_folder(file))
    if not found.products and not found.rasters:
        name, hint = display_name(path), "Give a folder with one raster per date, or SAFE products."
        if found.left_out:
            raise InputError(f"The folder '{name}' has no rasters that can be used: {left_out_text(found.left_out)}.", hint)
        raise InputError(f"The folder '{name}' has no rasters that can be used.", hint)
    _leave_out_stacks(found)
    _join(listing, found)


def left_out_text(left_out: dict[str, list[str]]) -> str:
    """The first names of the files left out, and why."""
    return "; ".join(f"{listed(names, LISTED)} ({why})" for why, names in left_out.items())


def listed(names: Sequence[str], most: int) -> str:
    """The first of them, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _join(listing: Listing, found: Listing) -> None:
    listing.products += found.products
    listing.rasters += found.rasters
    for why, names in found.left_out.items():
        listing.left_out[why] = [*listing.left_out.get(why, []), *names]


def _usable_archive(path: str) -> Listing:
    """What an archive holds that was named itself."""
    try:
        found = _read_archive(path)
    except BROKEN as error:
        raise InputError(f"'{display_name(path)}' is not an archive that can be read.", "Download it again.", detail=str(error)) from error
    if not found.products and not found.rasters:
        skipped = f": {left_out_text(found.left_out)}" if found.left_out else ""
        raise InputError(
            f"The archive '{display_name(path)}' holds no rasters that can be used{skipped}.",
            "Give a zipped SAFE product or zipped GeoTIFFs.",
        )
    return found


def _archive_in_folder(path: str) -> Listing:
    """What an archive holds that came with its folder: a broken one keeps no other file from being used."""
    try:
        return _read_archive(path)
    except BROKEN:
        return Listing(left_out={BROKEN_ARCHIVE: [display_name(path)]})


def _read_archive(path: str) -> Listing:
    """What an archive holds. Raises one of ``BROKEN`` when it, or the metadata of a product in it, cannot be read."""
    found = Listing()
    _add_files(f"/vsizip/{path}", list_files(path), found)
    return found


def _add_files(root: str, files: list[str], listing: Listing) -> None:
    by_product: dict[str, list[str]] = {}
    run_folders = _folders_with(RUN_RECORD, files) & _folders_with(RUN_LOCK, files)
    for file in files:
        by_product.setdefault(_product_root(root, file), []).append(file)
    for name, members in by_product.items():
        product = read_product(members) if name else None
        if product:
            listing.products.append(product)
            continue
        for file in members:
            if not _is_hidden(root, file) and not (os.path.dirname(file) in run_folders and RUN_FILES.match(os.path.basename(file))):
                _add_file(file, listing)


def _folders_with(name: str, files: list[str]) -> set[str]:
    return {os.path.dirname(file) for file in files if os.path.basename(file) == name}


def _is_hidden(root: str, file: str) -> bool:
    """Whether a file below ``root`` is hidden, or part of a run that is not finished."""
    folders = os.path.relpath(file, root).replace("\\", "/").split("/")[:-1]
    return os.path.basename(file).startswith(".") or any(name.endswith(RUN_FOLDER) for name in folders)


def _add_file(file: str, listing: Listing) -> None:
    if not file.lower().endswith(RASTER_SUFFIXES):
        if not file.lower().endswith((*TEXT_SUFFIXES, ".zip")):
            listing.leave_out(display_name(file), PICTURES if _is_placed_picture(file) else OTHER_FILES)
        return
    header = read_header(file)
    if RESULT_TAG in header.tags:
        listing.leave_out(header.name, RESULTS)
    elif header.count == 1 and file_role(header) is None:
        listing.leave_out(header.name, SIDE_FILES if is_side_file(header.name) else UNNAMED)
    else:
        listing.rasters += _opened_up(header)


def _is_placed_picture(file: str) -> bool:
    """Whether a world file says where a picture lies; a product's quicklook has none."""
    stem, suffix = os.path.splitext(file)
    return suffix.lower() in PICTURE_SUFFIXES and any(os.path.exists(stem + world) for world in (f"{suffix[:2]}{suffix[-1]}w", ".wld"))


def _product_root(root: str, file: str) -> str:
    """The SAFE folder a file lies in, or an empty text."""
    match = re.match(r"(.*?\.SAFE)[/\\]", file, re.IGNORECASE)
    if match:
        return match[1]
    plain = root if not root.startswith("/vsizip/") else ""
    return root if plain and any(os.path.isfile(os.path.join(plain, name)) for name in PRODUCT_METADATA) else ""


def _opened_up(header: RasterHeader) -> list[RasterHeader]:
    """The raster itself, or the band variables of a container."""
    if header.count:
        return [header]
    found = []
    for path in header.subdatasets:
        part = read_header(path)
        if file_role(part) is not None or part.count >= 3:
            found.append(part)
    if not found:
        raise InputError(
            f"'{header.name}' holds no variable that is a band (B02, B03, B04, B08).", "Give the subdatasets to use one by one."
        )
    return found
