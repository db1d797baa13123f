"""What is settled when a series is opened: each date's bands, radiometry, mask and shift, from a bounded look at the pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitsr_core.series import alignment, clear_sky
from sitsr_core.series.acquisition import Acquisition, Grid, Window
from sitsr_core.series.clear_sky import ClearSky
from sitsr_core.series.date_table import given_dates
from sitsr_core.series.date_threads import of_each_date
from sitsr_core.series.discover import Layer, discover
from sitsr_core.series.masks import MaskSource, assign_masks, clear_of_mask, notes_on
from sitsr_core.series.preflight import common_grid, findings, first_on, is_coarser, require_one_order
from sitsr_core.series.radiometry import Radiometry, find_radiometry
from sitsr_core.series.reader import RasterReader
from sitsr_core.series.sample import Sample, read_sample, sample_windows


@dataclass
class OpenedSeries:
    """All that an ``ImageSeries`` holds; see there."""

    acquisitions: list[Acquisition]
    grid: Grid
    grid_source: str
    bands: tuple[str, ...]
    band_sources: dict[str, str]
    dtype: str
    nodata: float | None
    valid_fractions: list[float]
    warnings: list[str]
    reader: RasterReader
    mask_reader: RasterReader
    sky: ClearSky | None


def open_series(
    inputs: list[str],
    dates: dict[str, str],
    date_table: str,
    bands: dict[str, int],
    scale: float | None,
    offset: float | None,
    masks: dict[str, str],
    align: bool,
    estimate: bool,
    threads: int,
) -> OpenedSeries:
    """See ``ImageSeries.open``."""
    found = discover(inputs, given_dates(dates, date_table), bands)
    layers = found.layers
    require_one_order(layers)
    grid = common_grid(layers, align)
    roles = tuple(layers[0].bands)
    reader, mask_reader = RasterReader(grid), RasterReader(grid, "nearest")
    try:
        mask_sources = assign_masks(layers, masks, grid, mask_reader)
        windows = sample_windows(grid, len(layers), len(roles))
        samples = [read_sample(reader, [layer.bands[role] for role in roles], windows) for layer in layers]
        radiometry = find_radiometry(layers, samples, scale, offset)
        clear = [
            [sample_valid.copy() for sample_valid in sample.valid]
            if mask is None
            else [valid & clear_of_mask(mask, window, mask_reader) for valid, window in zip(sample.valid, windows, strict=True)]
            for sample, mask in zip(samples, mask_sources, strict=True)
        ]
        sky = None
        if estimate and any(mask is None for mask in mask_sources):
            sky, clear = _estimate_clear(samples, radiometry, mask_sources, clear, threads)
        fractions = [_clear_fraction(one, windows) for one in clear]
        coarser = [any(is_coarser(header.grid, grid) for header in layer.headers) for layer in layers]
        shifts = _shifts(samples, radiometry, clear, fractions, coarser, threads) if estimate else [alignment.UNKNOWN] * len(layers)
    except BaseException:
        reader.close()
        mask_reader.close()
        raise
    acquisitions = [
        _acquisition(layer, one, mask, estimate, fraction, shift, coarse)
        for layer, one, mask, fraction, shift, coarse in zip(layers, radiometry, mask_sources, fractions, shifts, coarser, strict=True)
    ]
    dtype = str(np.result_type(*{header.dtypes[0] for layer in layers for header in layer.headers}))
    return OpenedSeries(
        acquisitions=acquisitions,
        grid=grid,
        grid_source=first_on(layers, grid).path,
        bands=roles,
        band_sources={layer.name: layer.band_source for layer in layers},
        dtype=dtype,
        nodata=_output_nodata(layers, samples, dtype, align),
        valid_fractions=[sample.valid_fraction for sample in samples],
        warnings=found.warnings + findings(layers, grid, radiometry, acquisitions, sky) + notes_on(mask_sources),
        reader=reader,
        mask_reader=mask_reader,
        sky=sky,
    )


def to_reflectance(values: np.ndarray, valid: np.ndarray, scale: float, offset: float) -> np.ndarray:
    """(C, h, w) float32 reflectance = values * scale + offset, 0 where not valid."""
    with np.errstate(invalid="ignore"):
        reflectance = values.astype(np.float32) * np.float32(scale) + np.float32(offset)
    reflectance[:, ~valid] = 0.0
    return reflectance


def _acquisition(
    layer: Layer,
    radiometry: Radiometry,
    mask: MaskSource | None,
    estimate: bool,
    fraction: float,
    shift: alignment.Shift,
    coarser: bool,
) -> Acquisition:
    first = next(iter(layer.bands.values()))
    header = layer.headers[0]
    return Acquisition(
        name=layer.name,
        date=layer.date.date,
        date_source=layer.date.source,
        bands=layer.bands,
        scale=radiometry.scale,
        offset=radiometry.offset,
        radiometry_source=radiometry.source,
        nodata=header.nodata[first.band - 1],
        mask=mask.source if mask else None,
        mask_kind=mask.kind if mask else "estimated" if estimate else "none",
        clear_fraction=fraction,
        shift=(shift.dy, shift.dx),
        shift_known=shift.known,
        coarser=coarser,
    )


def _reflectance_blocks(sample: Sample, radiometry: Radiometry) -> list[np.ndarray]:
    return [
        to_reflectance(values, valid, radiometry.scale, radiometry.offset)
        for values, valid in zip(sample.values, sample.valid, strict=True)
    ]


def _estimate_clear(
    samples: Sequence[Sample],
    radiometry: Sequence[Radiometry],
    masks: Sequence[MaskSource | None],
    clear: list[list[np.ndarray]],
    threads: int,
) -> tuple[ClearSky, list[list[np.ndarray]]]:
    """Clear sky of the dates without a mask; the masked pixels of the others are no data to the estimate."""
    sky, estimated = clear_sky.fit(
        lambda date: _reflectance_blocks(samples[date], radiometry[date]),
        [sample.valid for sample in samples],
        threads,
    )
    return sky, [estimated[date] if mask is None else clear[date] for date, mask in enumerate(masks)]


def _clear_fraction(clear: Sequence[np.ndarray], windows: Sequence[Window]) -> float:
    total = sum(window.height * window.width for window in windows)
    return sum(int(one.sum()) for one in clear) / total


def _shifts(
    samples: Sequence[Sample],
    radiometry: Sequence[Radiometry],
    clear: Sequence[Sequence[np.ndarray]],
    fractions: Sequence[float],
    coarser: Sequence[bool],
    threads: int,
) -> list[alignment.Shift]:
    reference = alignment.choose_reference(fractions, coarser)
    standing = _reflectance_blocks(samples[reference], radiometry[reference])

    def shift_of(date: int) -> alignment.Shift:
        if date == reference:
            return alignment.NONE
        if fractions[date] <= 0:
            return alignment.UNKNOWN
        moved = _reflectance_blocks(samples[date], radiometry[date])
        return alignment.estimate_shift(standing, clear[reference], moved, clear[date])

    return of_each_date(shift_of, range(len(samples)), threads)


def _output_nodata(layers: Sequence[Layer], samples: Sequence[Sample], dtype: str, align: bool) -> float | None:
    """The first tagged value; else NaN for float numbers, and 0 for integers that turn out to have gaps."""
    tagged = [value for layer in layers for header in layer.headers for value in header.nodata if value is not None]
    if tagged:
        return float(tagged[0])
    if np.dtype(dtype).kind == "f":
        return float("nan")
    return 0.0 if align or any(sample.valid_fraction < 1 for sample in samples) else None
