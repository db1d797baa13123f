"""The run: tiles stream from the series through the network into the run folder, and from there into the outputs.

Three things happen at once: the next tile is read, this one is computed, the one before is written. Memory depends on the tile and
not on the image. See ``design.md`` decisions 3 to 6.
"""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
import rasterio
import torch

from sitsr_core import __version__
from sitsr_core.errors import Cancelled
from sitsr_core.inference.area import note_on_area
from sitsr_core.inference.assemble import assemble
from sitsr_core.inference.compute import TileComputer, TilePixels, TileResult
from sitsr_core.inference.device import DeviceChoice, choose_device
from sitsr_core.inference.events import Listener, Message, Started, StopQuestion
from sitsr_core.inference.memory import TileWork, choose_tile, freed_memory_kept, peak_memory, predict_memory
from sitsr_core.inference.output_errors import output_errors
from sitsr_core.inference.outputs import expand, require_room
from sitsr_core.inference.places import job_copy_path, require_places, run_folder_path
from sitsr_core.inference.plan import Plan, choose_targets, make_plan
from sitsr_core.inference.radiometry import to_digital_numbers, uncertainty_numbers
from sitsr_core.inference.report import Result, by_date
from sitsr_core.inference.reporter import Reporter
from sitsr_core.inference.run_folder import RunFolder
from sitsr_core.inference.selection import Selection, note_on_choice
from sitsr_core.inference.tiling import TILE_STEP, Tile, plan_tiles, round_tile
from sitsr_core.inspect import report
from sitsr_core.job import SuperResolutionJob
from sitsr_core.job_paths import with_absolute_paths
from sitsr_core.models.card import load_model, model_hash, model_path, read_header
from sitsr_core.models.network import SuperResolver
from sitsr_core.series.image_series import ImageSeries

GDAL_CACHE_BYTES = 64 << 20  # GDAL's default is a twentieth of the machine, and would grow with the image
POLL_SECONDS = 0.1

T = TypeVar("T")


def super_resolve(job: SuperResolutionJob, progress: Listener | None = None, should_stop: StopQuestion | None = None) -> Result:
    """Run one job: read the series, super-resolve it tile by tile, write the outputs.

    An interrupted run of the same job is resumed from its run folder and ends with the same bytes.

    Args:
        job: what to do.
        progress: told what happens (``events.py``); called from the calling thread.
        should_stop: asked several times a second; True cancels.

    Raises:
        SitsrError: whatever can be expected to go wrong, one sentence each; ``Cancelled`` when stopped.
    """
    job.validate()
    require_places(job)
    reporter = Reporter(progress, should_stop)
    choice = choose_device(job.device, job.precision)
    _, card = read_header(model_path(job.model))
    reporter.tell(Started(__version__, choice.device, choice.reason, choice.precision, card.name))
    with _surroundings(job.threads):
        reporter.stage("Opening the series")
        with ImageSeries.from_job(job) as series:
            for text in series.warnings:
                reporter.warn(text)
            targets = choose_targets(job, series)
            model = load_model(job.model)
            model_id = {"name": card.name, "version": str(card.version), "hash": model_hash(model_path(job.model))}
            plan = make_plan(job, series, targets, model, model_id)
            for text in [*note_on_area(series.grid, job.window, job.bounds, job.bounds_crs, plan.area), *_date_warnings(plan)]:
                reporter.warn(text)
            for text in note_on_choice(series.acquisitions, job.target_dates, targets.dates):
                reporter.tell(Message("info", text))
            return _run(plan, model, choice, reporter)


@contextmanager
def _surroundings(threads: int) -> Iterator[None]:
    """A small GDAL cache, freed memory kept, as many threads of torch and GDAL as the job asks for; all as before afterwards."""
    before = torch.get_num_threads()
    with rasterio.Env(GDAL_CACHEMAX=GDAL_CACHE_BYTES, GDAL_NUM_THREADS=threads or before), freed_memory_kept():
        try:
            if threads:
                torch.set_num_threads(threads)
            yield
        finally:
            torch.set_num_threads(before)


def _date_warnings(plan: Plan) -> list[str]:
    texts = []
    for selection in plan.selections:
        used = plan.series.acquisitions[selection.indices[selection.reference]]
        if selection.observed is None:
            texts.append(
                f"{selection.date} was not acquired: its image starts from {used.date}, the nearest clear date, "
                "and no observation of that day corrects it."
            )
        elif used.date != selection.date:
            texts.append(f"{selection.date} shows almost no clear ground: its image is estimated from {used.date}, the nearest clear date.")
    return texts


def _run(plan: Plan, model: SuperResolver, choice: DeviceChoice, reporter: Reporter) -> Result:
    job = plan.job
    computer = TileComputer(model, job, choice, plan.series.bands, plan.series.grid, reporter.warn, reporter.should_stop, reporter.step)
    try:
        dates = max(len(s.indices) for s in plan.selections)
        reach = computer.reach.height, computer.reach.width
        drawn_halo = computer.halo - model.trim
        work = TileWork(model.config, len(plan.indices), dates, computer.halo, drawn_halo, reach, job.mode, choice.dtype.itemsize)
        wanted = round_tile(job.tile) if job.tile else choose_tile(work, choice.device)
        if job.tile and wanted != job.tile:
            reporter.warn(f"Tiles are multiples of {TILE_STEP} pixels: {wanted} is taken in place of {job.tile}.")
        with RunFolder(run_folder_path(job), plan.fingerprint(choice), wanted, keep_tile=not job.tile) as folder:
            tiles = plan_tiles(plan.area, folder.tile)
            largest = min(folder.tile, max(plan.area.height, plan.area.width))
            predicted = predict_memory(work, largest)
            reporter.tell(Message("info", f"Tiles of {largest} pixels on {choice.device}, about {predicted >> 20} MB of memory."))
            resumed = _compute_missing(plan, tiles, folder, computer, reporter)
            consistency = assemble(plan, tiles, folder, reporter)
            _write_job_copy(job)
            folder.remove()
    finally:
        computer.close()
    return _result(plan, computer, reporter, by_date(consistency), predicted, resumed)


def _compute_missing(plan: Plan, tiles: tuple[Tile, ...], folder: RunFolder, computer: TileComputer, reporter: Reporter) -> int:
    """Compute what the run folder does not hold yet; returns how many tiles it held."""
    todo = [(tile, s) for tile in tiles for s in plan.selections if not folder.has(tile.index, s.date)]
    resumed = len(tiles) * len(plan.selections) - len(todo)
    if resumed:
        reporter.tell(Message("info", f"Resuming: {resumed} of {len(tiles) * len(plan.selections)} tiles were finished before."))
    require_room([plan.spec(file) for file in plan.files], folder.path, resumed / max(1, resumed + len(todo)))
    reporter.begin(plan.pixels(), sum(t.core.height * t.core.width for t, _ in todo))
    by_tile = [(tile, [s for t, s in todo if t is tile]) for tile in dict.fromkeys(t for t, _ in todo)]

    def read(tile: Tile) -> TilePixels:
        window = computer.read_window(tile.core)
        return TilePixels(window, plan.indices, plan.series.read(window, plan.indices))

    with ThreadPoolExecutor(1, "sitsr-read") as reader, ThreadPoolExecutor(1, "sitsr-write") as writer:
        ahead = reader.submit(read, by_tile[0][0]) if by_tile else None
        behind: Future[None] | None = None
        for position, (tile, selections) in enumerate(by_tile):
            assert ahead is not None
            pixels = _wait(ahead, reporter)
            ahead = reader.submit(read, by_tile[position + 1][0]) if position + 1 < len(by_tile) else None
            for selection in selections:
                reporter.stage(f"Tile {tile.index + 1} of {len(tiles)}" + (f", {selection.date}" if len(plan.selections) > 1 else ""))
                reporter.tile(tile.core.height * tile.core.width)
                result = computer.compute(tile.core, selection, pixels)
                if behind is not None:
                    _wait(behind, reporter)
                behind = writer.submit(_record, plan, folder, tile, selection, result)
                reporter.finished(tile.core.height * tile.core.width)
        if behind is not None:
            _wait(behind, reporter)
    return resumed


def _wait(future: "Future[T]", reporter: Reporter) -> T:
    """The future's result; asks in between whether to stop."""
    while True:
        try:
            return future.result(timeout=POLL_SECONDS)
        except NotYet:
            if future.done():
                raise  # a timeout that the work itself raised
            if reporter.should_stop():
                raise Cancelled() from None


def _record(plan: Plan, folder: RunFolder, tile: Tile, selection: Selection, result: TileResult) -> None:
    """Encode a tile as the output will hold it and keep it in the run folder (in the writing thread)."""
    missing = expand(result.missing, plan.factor)
    arrays = {
        "image": to_digital_numbers(result.image, missing, plan.encodings[selection.date]),
        "clear_count": result.clear_count,
        "residual_sum": result.residual_sum,
        "residual_count": np.array(result.residual_count, np.int64),
        "unclear_count": np.array(result.unclear_count, np.int64),
        "beyond_count": np.array(result.beyond_count, np.int64),
        "any_missing": np.array(bool(result.missing.any())),
    }
    if result.std is not None:
        arrays["uncertainty"] = uncertainty_numbers(result.std, missing)
    folder.save(tile.index, selection.date, arrays)


def _write_job_copy(job: SuperResolutionJob) -> None:
    """The job beside its output, to be run from any folder; leave to overwrite is for one run only, so the copy does not carry it."""
    path = job_copy_path(job)
    with output_errors(path):
        path.write_text(dataclasses.replace(with_absolute_paths(job), overwrite=False).to_json() + "\n", encoding="utf-8")


def _result(plan: Plan, computer: TileComputer, reporter: Reporter, consistency: dict, predicted: int, resumed: int) -> Result:
    names = plan.series.acquisitions
    return Result(
        outputs=plan.files,
        target_dates=[str(s.date) for s in plan.selections],
        consistency=consistency,
        dates_used={str(s.date): [str(names[i].date) for i in s.indices] for s in plan.selections},
        model=plan.model,
        device=computer.choice.device,
        precision=computer.choice.precision,
        seconds=round(reporter.seconds, 3),
        lr_pixels_per_second=round(plan.pixels() / reporter.seconds, 1),
        warnings=list(reporter.warnings),
        series=report(plan.series)["dates"],
        memory={"predicted_mb": predicted >> 20, "peak_mb": peak_memory() >> 20},
        resumed_tiles=resumed,
    )
