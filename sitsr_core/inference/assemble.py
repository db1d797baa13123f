"""Puts finished tiles together: every output is written in the run folder and gets its name when all of them are whole."""

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sitsr_core.errors import Cancelled
from sitsr_core.inference.outputs import count_blocks, raster_tags
from sitsr_core.inference.places import OutputFile
from sitsr_core.inference.plan import Plan
from sitsr_core.inference.report import Consistency
from sitsr_core.inference.reporter import Reporter
from sitsr_core.inference.run_folder import RunFolder
from sitsr_core.inference.selection import Selection
from sitsr_core.inference.tiling import Tile
from sitsr_core.inference.writer import Block, publish, write_raster
from sitsr_core.series.radiometry import SCALING_TAG, scaling_text


def assemble(plan: Plan, tiles: tuple[Tile, ...], folder: RunFolder, reporter: Reporter) -> dict[datetime.date, dict[str, float]]:
    """Write and publish all outputs; returns date -> band -> mean |A x - y|.

    Raises:
        OutputError: an output cannot be written; none of the failed ones has its final name then.
    """
    consistency, missing = {}, {}
    for selection in plan.selections:
        summary = _summary(plan, tiles, folder, selection)
        consistency[selection.date], missing[selection.date] = summary.differences.means(), summary.any_missing
        if summary.unclear:
            reporter.warn(
                f"{selection.date}: {_share(summary.unclear, plan):.2%} of the area is left without data, "
                "because it is clear on none of the dates used. "
                "Use more dates, or give masks of your own where bright ground was taken for cloud."
            )
        if summary.beyond:
            reporter.warn(
                f"{selection.date}: {_share(summary.beyond, plan):.2%} of the area is left without data, "
                "because this date has none there, though others have. "
                "Choose a date that covers more, or a day between two dates."
            )
    works: list[tuple[Path, OutputFile]] = []
    for position, file in enumerate(plan.files):
        reporter.stage(f"Writing {file.path.name}")
        selection = next(s for s in plan.selections if s.date == file.date)
        used = [plan.series.acquisitions[i] for i in selection.indices]
        tags = raster_tags(plan.job, selection, used, plan.encodings[selection.date], plan.model, consistency[selection.date])
        if file.kind != "image":  # reflectance or counts as they are
            tags[SCALING_TAG] = scaling_text(1.0, 0.0)
        spec = dataclasses.replace(plan.spec(file, missing[file.date]), tags=tags)
        work = folder.work_path(f"{file.date}-{file.kind}")
        write_raster(work, spec, _blocks(plan, tiles, folder, file, spec.dtype, reporter), cog=plan.job.output_format == "COG")
        works.append((work, file))
        reporter.assembling((position + 1) / len(plan.files))
    for work, file in works:
        publish(work, file.path)
    return consistency


def _share(pixels: int, plan: Plan) -> float:
    """Of the area; what is told of is never nothing."""
    return max(pixels / (plan.area.height * plan.area.width), 1e-4)


@dataclass
class _Summary:
    """Of a target date: differences to what was observed, and what is no-data, as in ``TileResult``."""

    differences: Consistency
    unclear: int = 0
    beyond: int = 0
    any_missing: bool = False


def _summary(plan: Plan, tiles: tuple[Tile, ...], folder: RunFolder, selection: Selection) -> _Summary:
    summary = _Summary(Consistency(plan.series.bands))
    for tile in tiles:
        names = "residual_sum", "residual_count", "unclear_count", "beyond_count", "any_missing"
        arrays = folder.load(tile.index, selection.date, names)
        summary.differences.add(arrays["residual_sum"], int(arrays["residual_count"]))
        summary.unclear += int(arrays["unclear_count"])
        summary.beyond += int(arrays["beyond_count"])
        summary.any_missing |= bool(arrays["any_missing"])
    return summary


def _blocks(plan: Plan, tiles: tuple[Tile, ...], folder: RunFolder, file: OutputFile, dtype: str, reporter: Reporter) -> Iterator[Block]:
    for tile in tiles:
        if reporter.should_stop():
            raise Cancelled()
        pixels = folder.load(tile.index, file.date, (file.kind,))[file.kind]
        if file.kind == "clear_count":
            pixels = count_blocks(pixels, dtype, plan.factor)
        yield (tile.core.row - plan.area.row) * plan.factor, (tile.core.column - plan.area.column) * plan.factor, pixels
