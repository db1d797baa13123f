"""How the numbers of a result, its reference and its input become reflectance: alike, and as the result was made.

An error of 0.1 reflectance in one of the three would be all that a comparison shows. What a file states is believed; the input is read as
the result's tags say it was; and where a file leaves open whether the +1000 of baseline 04.00 is in its numbers, the others decide.
"""

import json
from dataclasses import replace

import numpy as np

from sitsr_core.evaluation.raster import Raster, Scaling
from sitsr_core.series.header import display_name, read_header
from sitsr_core.series.radiometry import BASELINE_OFFSET, DN_SCALE, scaling_from

INPUT_OF_RESULT = "as the result was made from it"
LIKE_RESULT = "as in the result, which keeps its input's"
LIKE_INPUT = "as in its input, which results keep"
NEAREST = "the nearer of 0 and -0.1 to the"


def image_scaling(image: Raster, reference: Raster, coarse: Raster | None) -> Scaling:
    """Of the result: what it states, else what its input states, else what brings it nearer to a reference that states its own."""
    if not image.scaling.open_offset:
        return image.scaling
    if coarse and not coarse.scaling.guessed and np.isclose(coarse.scaling.scale, image.scaling.scale):
        return replace(coarse.scaling, source=LIKE_INPUT)
    return image.scaling if reference.scaling.guessed else nearest(image, reference, "reference")


def input_scaling(coarse: Raster, image: Raster) -> Scaling:
    """Of the input: what the result's tags say of it, else what it states, else the result's."""
    made = stated_by_result(image.path, coarse.path)
    if made is not None:
        return Scaling(*made, INPUT_OF_RESULT)
    if coarse.scaling.open_offset and np.isclose(coarse.scaling.scale, image.scaling.scale):
        return replace(image.scaling, source=LIKE_RESULT)
    return coarse.scaling


def nearest(raster: Raster, other: Raster, name: str) -> Scaling:
    """With or without the +1000 taken off: whichever brings the medians of the shared bands nearer to those of ``other``."""
    bands = [band for band in raster.bands if band in other.bands]
    theirs = medians(other, bands)
    choices = [Scaling(DN_SCALE, offset, f"{NEAREST} {name}", guessed=True) for offset in (0.0, BASELINE_OFFSET)]
    return min(choices, key=lambda one: float(np.abs(medians(raster.rescaled(one), bands) - theirs).sum()))


def medians(raster: Raster, bands: list[str]) -> np.ndarray:
    """Median reflectance of some bands; 0 without data."""
    seen = raster.reflectance[[raster.bands.index(band) for band in bands]][:, raster.valid]
    return np.median(seen, axis=1) if seen.size else np.zeros(len(bands))


def stated_by_result(image: str, coarse: str) -> tuple[float, float] | None:
    """Scale and offset with which the result ``image`` was made from the file ``coarse``, by its tags; None when they do not tell.

    Inputs in a folder each may share one file name: that tells nothing where they were read differently.
    """
    tags, called = read_header(image).tags, display_name(coarse)
    try:
        names, scalings = (json.loads(tags.get(name, "")) for name in ("SITSR_INPUTS", "SITSR_INPUT_SCALINGS"))
        found = {scaling_from(json.dumps(one)) for name, one in zip(names, scalings, strict=True) if name == called}
    except (ValueError, TypeError, RecursionError):
        return None
    return found.pop() if len(found) == 1 else None


def settled(image: Raster, reference: Raster, coarse: Raster | None) -> tuple[Raster, Raster, Raster | None]:
    """The three with their scalings settled."""
    image = image.rescaled(image_scaling(image, reference, coarse))
    if coarse is not None:
        coarse = coarse.rescaled(input_scaling(coarse, image))
    if reference.scaling.open_offset:
        reference = reference.rescaled(nearest(reference, image, "result"))
    return image, reference, coarse
