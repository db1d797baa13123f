"""How numbers become reflectance: scale and offset of each date, and how they were found.

Since processing baseline 04.00 (January 2022; older images were reprocessed later) Sentinel-2 numbers carry +1000, so that reflectance
is DN * 1e-4 - 0.1. A sensing date does not tell, and many archives have taken the 1000 off again: metadata are believed first and
checked against the pixels, then the pixels decide. What sitsr wrote itself says it in a tag of its own.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitsr_core.series.discover import Layer
from sitsr_core.series.header import RasterHeader
from sitsr_core.series.sample import Sample

DN_SCALE = 1e-4
BASELINE_OFFSET = -0.1
SCALING_TAG = "SITSR_SCALING"  # [scale, offset] of what sitsr writes; GDAL's own tags do not say whether an offset of 0 is meant
TOO_DARK = 0.03  # reflectance that no whole image stays below: such numbers were stretched or scaled since they were tagged
DARK_PERCENTILE = 1.0
DARK_DN = 200  # a picture in wider integers has something brighter; DN may have nothing, where there is only water
# DN: with the +1000 hardly anything is darker than this, without it every clear scene has something darker in two bands at least (in one
# band alone, glint and noise can go below).
SURELY_WITHOUT_OFFSET = 850
DARKEST_WITH_OFFSET = (880, 1400)
DARKEST_SPREAD = 450

LIFTED_NOTE = "the darkest pixels of the series lie just above 1000, so the +1000 of processing baseline 04.00 is taken off"
ASSUMED_NOTE = "nothing says whether the +1000 of processing baseline 04.00 is in the numbers; it is taken as not"
LIFTED, ASSUMED = "dark pixels: +1000", "assumed"
PRODUCT_METADATA = "SAFE metadata"
PICTURE, FLOATS, DN_FLOATS = "8-bit picture", "float reflectance", "float numbers of DN size"


@dataclass(frozen=True)
class Radiometry:
    """reflectance = DN * scale + offset, ``source`` says how that was found; ``warning`` what the user should check."""

    scale: float
    offset: float
    source: str
    warning: str = ""


def offset_is_guessed(source: str) -> bool:
    """Whether an image alone left open if the +1000 is in its numbers."""
    return source in (LIFTED, ASSUMED)


def is_guessed(source: str) -> bool:
    """Whether a source of radiometry is a guess from the numbers."""
    return offset_is_guessed(source) or source in (PICTURE, DN_FLOATS)


def scaling_text(scale: float, offset: float) -> str:
    """Scale and offset as the value of ``SCALING_TAG``."""
    return json.dumps([float(f"{scale:.9g}"), float(f"{offset:.9g}")])


def scaling_from(text: str) -> tuple[float, float] | None:
    """Scale and offset from ``scaling_text``, or None when it is something else."""
    try:
        scale, offset = (float(number) for number in json.loads(text))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return (scale, offset) if scale > 0 and math.isfinite(scale) and math.isfinite(offset) else None


def find_radiometry(layers: Sequence[Layer], samples: Sequence[Sample], scale: float | None, offset: float | None) -> list[Radiometry]:
    """Scale and offset of each date.

    Args:
        layers: the dates.
        samples: their blocks, bands in the order B02, B03, B04 (, B08).
        scale, offset: what the user gave for all dates, or None. A scale alone means an offset of 0.
    """
    if scale is not None:
        return [Radiometry(scale, offset or 0.0, "given by the user")] * len(layers)
    found = [_from_metadata(layer, sample) for layer, sample in zip(layers, samples, strict=True)]
    open_dates = [position for position, one in enumerate(found) if one is None]
    decided = _offsets_from_pixels(samples, found)
    for position in open_dates:
        found[position] = decided[position]
    result = [one for one in found if one is not None]
    if offset is not None:
        result = [Radiometry(one.scale, offset, "offset given by the user") for one in result]
    return result


def _from_metadata(layer: Layer, sample: Sample) -> Radiometry | None:
    """What metadata or the kind of numbers settle; None leaves integer numbers to the statistics of the series."""
    header = layer.headers[0]
    pixels = sample.pixels()
    if layer.scale is not None and layer.offset is not None:
        return _checked(Radiometry(layer.scale, layer.offset, PRODUCT_METADATA), pixels)
    own = scaling_from(header.tags.get(SCALING_TAG, ""))
    if own and (not pixels.size or float(pixels.max()) * own[0] > TOO_DARK):
        return Radiometry(*own, f"tag {SCALING_TAG}")
    tag_scale, tag_offset = _tagged(header, layer)
    if tag_scale is not None and tag_offset:
        return Radiometry(tag_scale, tag_offset, "scale and offset tags")
    kind = np.dtype(header.dtypes[0]).kind
    if kind == "f":
        return Radiometry(tag_scale, 0.0, "scale tag") if tag_scale is not None else _float_radiometry(header, pixels)
    if header.dtypes[0] == "uint8" or (pixels.size and DARK_DN < pixels.max() <= 255 and tag_scale is None):
        return Radiometry(1 / 255, 0.0, PICTURE, f"{header.name} holds 8-bit values (0 to 255): a display picture, not reflectance.")
    if tag_scale is not None and not np.isclose(tag_scale, DN_SCALE):
        return Radiometry(tag_scale, 0.0, "scale tag")
    stated = _stated_offset(header)
    return _checked(stated, pixels) if stated else None


def _tagged(header: RasterHeader, layer: Layer) -> tuple[float | None, float]:
    """Scale and offset from GDAL's band scale/offset or from tags; (None, 0) when the file states none."""
    band = next(iter(layer.bands.values())).band - 1
    if band < len(header.scales) and (header.scales[band] != 1.0 or header.offsets[band] != 0.0):
        return header.scales[band], header.offsets[band]
    tags = {key.upper(): value for key, value in header.tags.items()}
    scale = _number(tags.get("SCALE", tags.get("SCALE_FACTOR", "")))
    offset = _number(tags.get("OFFSET", tags.get("ADD_OFFSET", "")))
    return (scale, offset or 0.0) if scale is not None and scale > 0 else (None, 0.0)


def _stated_offset(header: RasterHeader) -> Radiometry | None:
    """The +1000 as tags or the product's name state it."""
    tags = {key.upper(): value for tag_set in (*header.band_tags[:1], header.tags) for key, value in tag_set.items()}
    for key in ("BOA_ADD_OFFSET", "RADIO_ADD_OFFSET"):
        added = _number(tags.get(key, ""))
        if added is not None:
            return Radiometry(DN_SCALE, added * DN_SCALE, f"tag {key}")
    baseline = _number(tags.get("PROCESSING_BASELINE", ""))
    source = "tag PROCESSING_BASELINE"
    if baseline is None:
        match = re.search(r"S2[ABCD]_MSI(?:L1C|L2A)_\d{8}T\d{6}_N(\d{2})(\d{2})_", header.path)
        baseline, source = (float(f"{match[1]}.{match[2]}"), "baseline in the product's name") if match else (None, "")
    if baseline is None:
        return None
    return Radiometry(DN_SCALE, BASELINE_OFFSET if baseline >= 4.0 else 0.0, source)


def _checked(stated: Radiometry, pixels: np.ndarray) -> Radiometry:
    """Metadata that state the +1000 though the pixels show it was taken off (many tools do so and keep the name) are overruled."""
    if stated.offset < 0 and pixels.size and _second(_darkest(pixels)) < SURELY_WITHOUT_OFFSET * 0.8:
        return Radiometry(stated.scale, 0.0, f"{stated.source}, but the dark pixels show that the 1000 was already taken off")
    return stated


def _float_radiometry(header: RasterHeader, pixels: np.ndarray) -> Radiometry:
    bright = float(np.percentile(pixels, 99)) if pixels.size else 0.0
    if bright > 100:
        return Radiometry(
            DN_SCALE,
            0.0,
            DN_FLOATS,
            f"{header.name} holds float numbers up to {bright:.0f}: taken as reflectance x 10000.",
        )
    if bright > 2:
        return Radiometry(1.0, 0.0, FLOATS, f"{header.name} holds numbers up to {bright:.1f}, too large for reflectance: give the scale.")
    return Radiometry(1.0, 0.0, FLOATS)


def _offsets_from_pixels(samples: Sequence[Sample], known: Sequence[Radiometry | None]) -> list[Radiometry]:
    """The +1000 of integer dates without metadata, from their dark pixels and from the other dates.

    A date that is all bright, cloud perhaps, goes with the others: it has the +1000 if it lies 1000 above dates that are surely without, or
    if dates that surely have it are all there is.
    """
    darkest = [_darkest(sample.pixels()) if sample.valid_fraction > 0 else None for sample in samples]
    comparable = [(one := known[at]) is None or bool(np.isclose(one.scale, DN_SCALE)) for at in range(len(samples))]
    dark_dates = [at for at, dark in enumerate(darkest) if dark is not None and comparable[at] and _second(dark) < SURELY_WITHOUT_OFFSET]
    reference = _median_of(samples, dark_dates[:9]) if dark_dates else None
    lifted_dates = any(dark is not None and _looks_lifted(dark) for dark in darkest) and not dark_dates
    result = []
    for sample, dark in zip(samples, darkest, strict=True):
        if dark is None:
            result.append(Radiometry(DN_SCALE, 0.0, "no data"))
        elif _second(dark) < SURELY_WITHOUT_OFFSET:
            result.append(Radiometry(DN_SCALE, 0.0, "dark pixels: no +1000"))
        elif reference is not None:
            lifted = _lifted_by_1000(sample, reference)
            source = "+1000 against the other dates" if lifted else "brighter than the other dates, but without the +1000 of baseline 04.00"
            result.append(Radiometry(DN_SCALE, BASELINE_OFFSET if lifted else 0.0, source))
        elif _looks_lifted(dark):
            result.append(Radiometry(DN_SCALE, BASELINE_OFFSET, LIFTED, LIFTED_NOTE))
        elif lifted_dates:
            result.append(Radiometry(DN_SCALE, BASELINE_OFFSET, "+1000 as in the other dates", LIFTED_NOTE))
        else:
            result.append(Radiometry(DN_SCALE, 0.0, ASSUMED, ASSUMED_NOTE))
    return result


def _looks_lifted(dark: np.ndarray) -> bool:
    """The darkest blue, green and red lie together just above 1000: no desert, snow or haze looks so."""
    low, high = DARKEST_WITH_OFFSET
    return bool(low <= np.median(dark) and dark.max() <= high and np.ptp(dark) <= DARKEST_SPREAD)


def _darkest(pixels: np.ndarray) -> np.ndarray:
    """Low percentile of blue, green and red, in DN."""
    return np.percentile(pixels[:3], DARK_PERCENTILE, axis=1)


def _second(dark: np.ndarray) -> float:
    """The second darkest band."""
    return float(np.sort(dark)[1])


def _median_of(samples: Sequence[Sample], positions: Sequence[int]) -> list[np.ndarray]:
    """Per-pixel lower median DN over some dates, block by block, (3, h, w); NaN where none has data."""
    blocks = []
    for block in range(len(samples[0].values)):
        valid = np.stack([samples[at].valid[block] for at in positions])
        stack = np.stack([samples[at].values[block][:3].astype(np.float32) for at in positions])
        stack[~np.broadcast_to(valid[:, None], stack.shape)] = np.inf
        stack.sort(axis=0)
        count = valid.sum(axis=0)
        middle = np.broadcast_to(np.maximum(count - 1, 0) // 2, (1, *stack.shape[1:]))
        blocks.append(np.where(count > 0, np.take_along_axis(stack, middle, axis=0)[0], np.nan))
    return blocks


def _lifted_by_1000(sample: Sample, reference: list[np.ndarray]) -> bool:
    """True when a date lies about 1000 above the others everywhere and alike in all bands, which cloud and haze do not."""
    rises = []
    for values, valid, other in zip(sample.values, sample.valid, reference, strict=True):
        rise = values[:3].astype(np.float32) - other
        rises.append(rise[:, valid & np.isfinite(other).all(axis=0)])
    rise = np.concatenate(rises, axis=1)
    if rise.shape[1] < 10:
        return False
    # The lower third, so that a date half under cloud is still told by its clear part.
    low, higher = np.percentile(rise, [10, 35], axis=1)
    return bool((low > 650).all() and (higher < 1400).all() and (higher - low < 350).all() and np.ptp(low) < 300)


def _number(text: str) -> float | None:
    match = re.match(r"\s*\{?\s*(-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)", text)
    return float(match[1]) if match else None
