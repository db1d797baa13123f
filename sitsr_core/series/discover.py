"""From rasters to dates: which bands of which files make one acquisition."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import BANDS, BandSource
from sitsr_core.series.bands import ASSUMED_ORDERS, RGB, check_roles, file_role, find_roles, role_from_text
from sitsr_core.series.date_table import GivenDates, sidecar_dates
from sitsr_core.series.dates import DateFound, date_from_name, find_date, netcdf_times
from sitsr_core.series.given_names import require_known_names
from sitsr_core.series.header import RasterHeader, read_header
from sitsr_core.series.listing import OTHER_FILES, left_out_text, list_inputs, listed
from sitsr_core.series.safe import SafeProduct
from sitsr_core.series.sentinel2_names import tile_of

LISTED = 10
FROM_NAMES = ("SAFE", "Sentinel-2 name", "file name")  # how sources begin of dates that products and their files give themselves


@dataclass
class Layer:
    """One date before its pixels were looked at.

    Attributes:
        bands: role -> source.
        band_source: how the roles were found.
        headers: of the rasters the bands lie in.
        mask: an SCL raster that came with the bands.
        scale, offset: what a SAFE product's metadata say, or None.
    """

    name: str
    date: DateFound
    bands: dict[str, BandSource]
    band_source: str
    headers: list[RasterHeader]
    mask: BandSource | None = None
    scale: float | None = None
    offset: float | None = None


@dataclass
class Discovery:
    """All dates, sorted, and what the user should hear."""

    layers: list[Layer]
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Piece:
    """One band of one date in a raster of its own, or one step of a netCDF variable."""

    role: str
    source: BandSource
    date: DateFound
    header: RasterHeader


def discover(inputs: list[str], given: GivenDates, band_numbers: dict[str, int]) -> Discovery:
    """Find the dates of a series.

    Raises:
        InputError: unreadable or unsuitable files, a date for no layer, a date that is missing or doubtful, one date twice.
    """
    listing = list_inputs(inputs)
    require_known_names(inputs, listing, given, band_numbers)
    layers: list[Layer] = []
    pieces: list[_Piece] = []
    undated: list[str] = []
    for product in listing.products:
        layers += _product_layer(product, given, undated)
    for header in listing.rasters:
        times = netcdf_times(header)
        if times is not None or header.count == 1:
            pieces += _pieces(header, times, given, undated)
        elif stack := _stack_layers(header, given, band_numbers):
            layers += stack
        else:
            roles, source = find_roles(header, band_numbers)
            date = _settled(_date_of(header, given), header.name, undated)
            if date:
                sources = {role: BandSource(header.path, number) for role, number in roles.items()}
                layers.append(Layer(header.name, date, sources, source, [header]))
    if undated:
        raise _undated_error(undated)
    layers = _assemble(pieces, layers)
    if not layers:
        raise InputError("The inputs hold no multispectral raster.", "Give rasters with the bands B02, B03, B04 and, if there is one, B08.")
    layers.sort(key=lambda layer: layer.date.date)
    _refuse_twice(layers)
    _name_apart(layers)
    noted = {why: names for why, names in listing.left_out.items() if why != OTHER_FILES}
    warnings = [f"Left out: {left_out_text(noted)}."] if noted else []
    return Discovery(_common_roles(layers, warnings), warnings)


def _date_of(header: RasterHeader, given: GivenDates) -> DateFound | None:
    return given.of_layer(header.path) or sidecar_dates(header.path).of_layer(header.path) or find_date(header)


def _settled(date: DateFound | None, name: str, undated: list[str]) -> DateFound | None:
    """A date that may be used; else the name goes to ``undated``, once and with the reason."""
    if date and not date.doubtful:
        return date
    entry = f"{name} ({date.doubtful})" if date else name
    if entry not in undated:
        undated.append(entry)
    return None


def _product_layer(product: SafeProduct, given: GivenDates, undated: list[str]) -> list[Layer]:
    date = _settled(given.of_layer(product.name) or product.date, product.name, undated)
    if date is None:
        return []
    sources = {role: BandSource(product.bands[role], 1) for role in BANDS}
    mask = BandSource(product.bands["SCL"], 1) if "SCL" in product.bands else None
    headers = [read_header(source.path) for source in sources.values()]
    return [Layer(product.name, date, sources, "SAFE product", headers, mask, product.scale, product.offset)]


def _pieces(header: RasterHeader, times: list | None, given: GivenDates, undated: list[str]) -> list[_Piece]:
    role = file_role(header)
    if role is None:
        raise InputError(
            f"'{header.name}' has 1 band, and neither its name nor its metadata say which one." if times is None else
            f"'{header.name}' has several dates of one band, and its name does not say which one.",
            "Give rasters that hold all bands of a date, or one file per band with B02, B03, B04 or B08 in its name.",
        )  # fmt: skip
    if role not in (*BANDS, "SCL"):
        return []
    if times is None:
        found = [_date_of(header, given)]
    else:
        found = [given.of_position(n) or (DateFound(date, "netCDF time") if date else None) for n, date in enumerate(times, 1)]
    dates = [_settled(date, header.name, undated) for date in found]
    return [_Piece(role, BandSource(header.path, n), date, header) for n, date in enumerate(dates, 1) if date]


def _stack_layers(header: RasterHeader, given: GivenDates, band_numbers: dict[str, int]) -> list[Layer]:
    """The dates of a raster that stacks them, by the bands' descriptions or by a table of positions; empty when it is no stack."""
    described = [(role_from_text(text), date_from_name(text, "band description")) for text in header.descriptions]
    if len({date.date for _, date in described if date and not date.doubtful}) > 1:
        by_date: dict[DateFound, dict[str, BandSource]] = {}
        for number, (role, date) in enumerate(described, 1):
            if date and role in BANDS:
                by_date.setdefault(date, {}).setdefault(str(role), BandSource(header.path, number))
        return [_stack_layer(header, date, sources, "band descriptions") for date, sources in by_date.items()]
    dates = given.stack_dates() or sidecar_dates(header.path).stack_dates()
    if len(dates) < 2:
        return []
    if header.count % len(dates):
        raise InputError(
            f"'{header.name}' has {header.count} bands, which cannot be shared out over the {len(dates)} dates given for it.",
            "Give one date for each acquisition in the stack.",
        )
    per_date = header.count // len(dates)
    first = [role_from_text(text) for text in header.descriptions[:per_date]]
    if band_numbers:
        wrong = next((role for role, number in band_numbers.items() if not 1 <= number <= per_date), None)
        if wrong:
            raise InputError(
                f"Each date of '{header.name}' has {per_date} bands, so {wrong} cannot be band {band_numbers[wrong]}.",
                "Correct the band numbers.",
            )
        order, source = check_roles(band_numbers, header.name), "given by the user"
    elif set(RGB) <= set(first):
        order, source = {str(role): first.index(role) + 1 for role in BANDS if role in first}, "band descriptions"
    elif per_date in ASSUMED_ORDERS:
        names = ASSUMED_ORDERS[per_date]
        order, source = {role: names.index(role) + 1 for role in BANDS if role in names}, f"assumed order of {per_date} bands"
    else:
        raise InputError(
            f"'{header.name}' has {per_date} bands for each of {len(dates)} dates, and nothing says which is which.",
            "Give the band numbers.",
        )
    return [
        _stack_layer(header, date, {role: BandSource(header.path, step * per_date + number) for role, number in order.items()}, source)
        for step, date in enumerate(dates)
    ]


def _stack_layer(header: RasterHeader, date: DateFound, sources: dict[str, BandSource], source: str) -> Layer:
    name = f"{header.name} {date.date}"
    return Layer(name, date, check_roles(sources, name), source, [header])


def _assemble(pieces: list[_Piece], layers: list[Layer]) -> list[Layer]:
    """Put single bands of one date together; an SCL band joins the date it belongs to."""
    by_date: dict[object, dict[str, _Piece]] = {}
    for piece in pieces:
        group = by_date.setdefault(piece.date.date, {})
        if piece.role in group:
            first, second = group[piece.role].header, piece.header
            dates = group[piece.role].date, piece.date
            raise _twice_error(dates, (first.name, second.name), (first.path, second.path), f" ({piece.role})")
        group[piece.role] = piece
    result = list(layers)
    for day, group in by_date.items():
        scl = group.pop("SCL", None)
        mask = scl.source if scl else None
        if not group:
            for layer in result:
                if layer.date.date == day and layer.mask is None:
                    layer.mask = mask
            continue
        date = next(iter(group.values())).date
        names = sorted({piece.header.name for piece in group.values()})
        missing = [role for role in RGB if role not in group]
        if missing:
            raise InputError(
                f"The files of {day} have no {', '.join(missing)}: {', '.join(names)}.",
                "Give one file for each of B02, B03, B04 and B08.",
            )
        headers = [group[role].header for role in BANDS if role in group]
        name = names[0] if len(names) == 1 else _common_name(names)
        layer_sources = {role: group[role].source for role in BANDS if role in group}
        result.append(Layer(name, date, layer_sources, "names of the files or variables", headers, mask))
    return result


def _common_name(names: list[str]) -> str:
    """What the names of one date's files share: 'T31TDG_20210721T105031_B02.jp2', ..._B03.jp2 -> 'T31TDG_20210721T105031'."""
    shared = names[0]
    while shared and not all(name.startswith(shared) for name in names):
        shared = shared[:-1]
    return shared.rstrip("_-. Bb0") or names[0]


def _common_roles(layers: list[Layer], warnings: list[str]) -> list[Layer]:
    """Without near infrared in every date, none is used: the network takes the same bands of all dates."""
    lacking = [layer for layer in layers if "B08" not in layer.bands]
    if lacking and len(lacking) < len(layers):
        names = ", ".join(layer.name for layer in lacking[:LISTED])
        warnings.append(f"Only blue, green and red are used: {len(lacking)} of {len(layers)} dates have no near infrared (B08): {names}.")
    if lacking:
        for layer in layers:
            layer.bands = {role: layer.bands[role] for role in RGB}
    return layers


def _refuse_twice(layers: list[Layer]) -> None:
    for one, other in itertools.pairwise(layers):
        if one.date.date == other.date.date:
            paths = [next(iter(layer.bands.values())).path for layer in (one, other)]
            raise _twice_error((one.date, other.date), (one.name, other.name), paths)


def _twice_error(dates: Sequence[DateFound], names: Sequence[str], paths: Sequence[str], band: str = "") -> InputError:
    one, other = names if names[0] != names[1] else paths  # of one name: in two folders
    return InputError(f"{dates[0].date}{band} is given twice: {one} and {other}.", _twice_hint(dates, names))


def _twice_hint(dates: Sequence[DateFound], names: Sequence[str]) -> str:
    """Names of Sentinel-2 tell two tiles from two images of one; a date that was given by hand or comes from elsewhere may be wrong."""
    one, other = map(tile_of, names)
    if one and other and one != other:
        return f"They are of two tiles, {one} and {other}: give one tile at a time, or mosaic the tiles first."
    if one and other and all(date.source.startswith(FROM_NAMES) for date in dates):
        return f"Both are of tile {one}, by two satellites or in two processing baselines: keep one of them."
    return "Keep one of them, or correct the date of the other."


def _name_apart(layers: list[Layer]) -> None:
    """Dates of one name, such as those of 2021-07-16/B02.tif and 2021-08-01/B02.tif, are called by their folders too."""
    counts = Counter(layer.name for layer in layers)
    for name in (name for name, count in counts.items() if count > 1):
        alike = [layer for layer in layers if layer.name == name]
        folders = [next(iter(layer.bands.values())).path.replace("\\", "/").replace('"', "").split("/")[:-1] for layer in alike]
        deepest = max(map(len, folders))
        depth = next((depth for depth in range(1, deepest) if len({tuple(parts[-depth:]) for parts in folders}) == len(alike)), deepest)
        for layer, parts in zip(alike, folders, strict=True):
            layer.name = "/".join((*parts[-depth:], name))


def _undated_error(undated: list[str]) -> InputError:
    return InputError(
        f"The date is missing or doubtful for {len(undated)} of the inputs: {listed(undated, LISTED)}.",
        "Give the dates, by hand or as a CSV table with the columns layer,date (in a stack, layer is the position 1, 2, 3), "
        "or put them into the file names (2021-07-21).",
    )
