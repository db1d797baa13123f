"""The worker's likeliest errors and notes in the user's language.

The worker speaks English; its sentences are known here by their patterns. A sentence that is not known, or that has changed, is shown as
the worker said it; a test compares these patterns with the worker's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from . import tr as translated


def undated(tr: Callable) -> str:
    """What the worker says of files without a date."""
    return tr("The date is missing or doubtful for {count} of the inputs: {names}.")


def differences(tr: Callable) -> tuple:
    """What stands for ``{difference}``, one or several with " and " between."""
    return tr("CRS"), tr("pixel size"), tr("size"), tr("place")


def warping(tr: Callable) -> str:
    """What to do about rasters on several grids."""
    return tr(
        "Remove what differs, or have all warped to one grid (--align; in Python align=True; in QGIS 'Fix' in the panel, 'Warp to one "
        "grid' in the dialog)."
    )


def more(tr: Callable) -> str:
    """What ends a list of names that is too long; behind it may be a reason in brackets."""
    return tr(" and {count} more")


def reasons(tr: Callable) -> tuple:
    """Why files of a folder are left out, in brackets behind their names in ``{left_out}``."""
    return (
        tr("one band, and nothing says which"),
        tr("results of sitsr; to use one, give the file itself"),
        tr("a picture or a side product of Sentinel-2, not a band"),
        tr("a VRT of bands that are read themselves"),
        tr("not an archive that can be read"),
        tr("of a raster format that is not looked for in folders; to use one, give the file itself"),
        tr("not a raster format that is looked for in folders"),
    )


def notes(tr: Callable) -> tuple:
    """What the worker says of a series or a result that can be used, but with care; and where dates come from."""
    return (
        tr("file name"),
        tr("folder name"),
        tr("SAFE metadata"),
        tr("netCDF time"),
        tr("Left out: {left_out}."),
        tr("Only blue, green and red are used: {count} of {all} dates have no near infrared (B08): {names}."),
        tr("Nothing names the bands: the usual order of {count} bands is assumed ({order})."),
        tr("Warped on the fly to the grid of {first}: {names}."),
        tr("Warped from coarser pixels, so less sharp than the others: {names}."),
        tr("The rasters have no georeferencing; the output has none either."),
        tr("The rasters have different number types ({types})."),
        tr("No date has clear pixels in the parts that were looked at: all are cloudy or without data."),
        tr("Shifted by more than one pixel (rows, columns) against the clearest date: {dates}."),
        tr(
            "About {share} of the only date is as bright as cloud, and is kept, because it may be ground. "
            "Give a mask to leave clouds out, or more dates to tell the two apart."
        ),
        tr("The mask '{name}' covers {share} of the series; what lies beyond it counts as cloud."),
        tr(
            "{date} is delivered, the latest date that is clear enough; later ones, cloudy or of coarser pixels, only when asked for: "
            "{names}."
        ),
        tr("{date} was not acquired: its image starts from {other}, the nearest clear date, and no observation of that day corrects it."),
        tr("{date} shows almost no clear ground: its image is estimated from {other}, the nearest clear date."),
        tr(
            "{date}: {share} of the area is left without data, because it is clear on none of the dates used. "
            "Use more dates, or give masks of your own where bright ground was taken for cloud."
        ),
        tr(
            "{date}: {share} of the area is left without data, because this date has none there, though others have. "
            "Choose a date that covers more, or a day between two dates."
        ),
        tr("Only a part of the bounds {bounds} lies on the image: {size} pixels from column {column}, row {row}."),
        tr("Resuming: {done} of {all} tiles were finished before."),
    )


def sentences(tr: Callable) -> tuple:
    """What is wrong and what to do, with names for what differs from case to case."""
    return (
        *notes(tr),
        undated(tr),
        tr(
            "Give the dates, by hand or as a CSV table with the columns layer,date (in a stack, layer is the position 1, 2, 3), "
            "or put them into the file names (2021-07-21)."
        ),
        tr("The rasters do not share one grid: {first} and {names} differ in {difference}."),
        tr("The rasters do not share one grid: {names} differs from the other {count} in {difference}."),
        tr("The rasters do not share one grid: {names} differ from the other {count} in {difference}."),
        warping(tr),
        tr("{date}{band} is given twice: {one} and {other}."),
        tr("Keep one of them, or correct the date of the other."),
        tr("They are of two tiles, {one} and {other}: give one tile at a time, or mosaic the tiles first."),
        tr("Both are of tile {one}, by two satellites or in two processing baselines: keep one of them."),
        tr("'{name}' has {count} band{s}, and nothing says which are B02, B03, B04 and B08."),
        tr(
            "Give the band numbers, name the bands in the descriptions, or give one file per band with B02, B03, B04, B08 in its name; "
            "if it is a stack, give its dates as a CSV table with the columns layer,date, where layer is the position 1, 2, 3."
        ),
        tr("'{name}' has no {bands}."),
        tr("Blue, green and red (B02, B03, B04) are needed; B08 is welcome."),
        tr("The files of {date} have no {bands}: {names}."),
        tr("Give one file for each of B02, B03, B04 and B08."),
        tr("The rasters have different numbers of bands ({names}: {fewest}, {name}: {most}), and nothing names the bands."),
        tr("Leave the odd ones out, or describe the bands in the files (B02, B03, B04, B08)."),
        tr("'{name}' is not a raster that can be read."),
        tr("Give GeoTIFF, JPEG 2000, VRT, netCDF or another raster GDAL opens."),
        tr("'{name}' reads '{missing}', which does not exist."),
        tr("Put the file back, build the VRT again, or leave the VRT out of the series."),
        tr("'{name}' is damaged or cut short: rows {first} to {last} cannot be read."),
        tr("Copy or download it again."),
        tr("The folder '{name}' has no rasters that can be used: {left_out}."),
        tr("The folder '{name}' has no rasters that can be used."),
        tr("Give a folder with one raster per date, or SAFE products."),
        tr("The archive '{name}' holds no rasters that can be used{left_out}."),
        tr("Give a zipped SAFE product or zipped GeoTIFFs."),
        tr("The date {date} is given for '{key}', which is no layer of the series."),
        tr("The mask '{path}' is given for '{key}', which is no layer of the series."),
        tr("Did you mean '{name}'?"),
        tr("Name a layer of the series."),
        tr("The mask '{path}' is a folder."),
        tr("Give one raster for all dates, or one for each, such as 2024-06-11=clear_2024-06-11.tif."),
        tr("The mask '{name}' does not lie on the series."),
        tr("Give a mask of the same place."),
        tr("The only date has no clear pixels: all are cloud or no-data ({names})."),
        tr("None of the {count} dates has clear pixels: all are cloud or no-data ({names})."),
        tr("Add a clear date, or give a mask if the clear-sky estimate is wrong."),
        tr("Add a clear date, or correct the masks: a mask must not be 0 where the sky is clear; an SCL is read by its classes."),
        tr("The bounds {bounds} lie outside the image, whose bounds are {own}."),
        tr("Give an area that overlaps the input."),
        tr("The bounds {bounds} do not exist in '{crs}'."),
        tr("Give the CRS that they are in."),
        tr("The target date {date} lies outside the series, which runs from {first} to {last}."),
        tr("Use one of {dates}, or a day between them."),
        tr("The output '{path}' has the ending of a format that is not written."),
        tr("End it in .tif (GeoTIFF or COG), or give a folder."),
        tr("The output '{path}' exists already."),
        tr("Choose another name, or allow overwriting (--overwrite, or overwrite=True in a job)."),
        tr("'{path}' cannot be written: permission denied."),
        tr("Choose a folder you may write to."),
        tr("'{path}' cannot be written: a part of its path is a file, not a folder."),
        tr("Choose another place."),
        tr("'{path}' cannot be written: its name is too long."),
        tr("Choose a shorter name for the output."),
        tr("The disk that holds '{path}' is full."),
        tr("Free some space and run again: the finished tiles are kept."),
        tr("Another run is using the run folder '{path}'."),
        tr("Wait for it to end, or give this run another output."),
        tr("The run needs about {needed} on the disk that holds '{path}', and {free} are free."),
        tr("Free some space, choose another disk, or super-resolve a smaller area."),
        tr("Memory ran out even with tiles of {size} pixels."),
        tr("Close other programs, or use fewer dates (max_dates)."),
    )


def in_own_language(text: str) -> str:
    """A sentence of the worker's in the user's language, as it is where it is not known."""
    english = sentences(str)
    for number, own in enumerate(sentences(translated)):
        found = pattern(english[number]).fullmatch(text) if own != english[number] else None
        if found:
            values = {name: with_own_end(value) for name, value in found.groupdict().items()}
            if "difference" in values:
                places = map(differences(str).index, values["difference"].split(" and "))
                values["difference"] = ", ".join(differences(translated)[place] for place in places)
            if "left_out" in values:
                for place, reason in enumerate(reasons(str)):
                    values["left_out"] = values["left_out"].replace(f"({reason})", f"({reasons(translated)[place]})")
            return own.format(**values)
    return text


def with_own_end(names: str) -> str:
    """A list of names that ends in the user's language."""
    return re.sub(rf"{pattern(more(str)).pattern}(?=$| \()", lambda found: more(translated).format(**found.groupdict()), names)


def pattern(sentence: str) -> re.Pattern:
    """What fits a sentence, whatever stands for its names."""
    one = "|".join(differences(str))
    anything = {"difference": f"(?:{one})(?: and (?:{one}))*", "count": r"\d+"}
    parts = re.split(r"\{(\w+)\}", sentence)
    pieces = (f"(?P<{part}>{anything.get(part, '.*?')})" if number % 2 else re.escape(part) for number, part in enumerate(parts))
    return re.compile("".join(pieces), re.DOTALL)


def is_undated(text: str) -> bool:
    """Whether an error says that dates are missing, in either language."""
    return any(pattern(sentence).match(text) for sentence in (undated(str), undated(translated)))


def asks_for_warping(text: str) -> bool:
    """Whether an error says that the rasters lie on several grids, in either language."""
    return any(warping(language) in text for language in (str, translated))
