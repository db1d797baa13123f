"""One tile of one target date: encode, draw, back-project, crop. Steps down when memory runs out, and says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sitsr_core.errors import Cancelled, ModelError, ResourceError
from sitsr_core.inference.device import DeviceChoice, cpu_has_bfloat16
from sitsr_core.inference.noise import position_noise
from sitsr_core.inference.selection import Selection
from sitsr_core.inference.tiling import (
    TILE_STEP,
    common_window,
    cut_core,
    inner_slices,
    open_sides,
    padded_window,
    reach_of,
    trimmed_window,
)
from sitsr_core.job import SuperResolutionJob
from sitsr_core.models.ensemble import ensemble, pairs_of
from sitsr_core.models.extend import EXTEND_RADIUS
from sitsr_core.models.network import Prediction, SeriesBatch, SuperResolver
from sitsr_core.models.orientations import mean_over_orientations
from sitsr_core.models.trim import Trim
from sitsr_core.sensor import back_project, observe
from sitsr_core.series.acquisition import Grid, SeriesWindow, Window

SMALLEST_PART = TILE_STEP // 2


@dataclass(frozen=True)
class TilePixels:
    """What was read for a tile: the acquisitions ``indices`` of the series in ``window`` (the tile and its halo)."""

    window: Window
    indices: tuple[int, ...]
    series: SeriesWindow


@dataclass
class TileResult:
    """One tile of one target date, halo removed. (h, w) are input pixels.

    Attributes:
        image: (C, 4h, 4w) float32 reflectance.
        std: (C, 4h, 4w) float32 reflectance, or None.
        missing: (h, w) bool, no-data.
        clear_count: (h, w) uint16, clear acquisitions among those used.
        residual_sum: (C,) float64, sum of |A x - y| over the clear pixels of the target date.
        residual_count: number of those pixels.
        unclear_count: number of input pixels that are no-data because no date is clear there, though the target date has data.
        beyond_count: number of input pixels that are no-data because the target date has no data there, though other dates have.
    """

    image: np.ndarray
    std: np.ndarray | None
    missing: np.ndarray
    clear_count: np.ndarray
    residual_sum: np.ndarray
    residual_count: int
    unclear_count: int
    beyond_count: int


class TileComputer:
    """Runs the network on tiles.

    Args:
        model: in evaluation mode.
        job: mode, steps, members, orientations, seed, back_projection and uncertainty are used.
        choice: device and precision to begin with.
        bands: names of the series' bands.
        grid: of the image, beyond whose edge nothing is computed.
        warn: told each step down the memory ladder, in words.
        should_stop: asked before every layer; True raises Cancelled.
        step_done: called after each layer with the share of the tile that it was, roughly.
    """

    def __init__(
        self,
        model: SuperResolver,
        job: SuperResolutionJob,
        choice: DeviceChoice,
        bands: tuple[str, ...],
        grid: Grid,
        warn: Callable[[str], None],
        should_stop: Callable[[], bool],
        step_done: Callable[[float], None],
    ):
        self.job, self.choice, self.bands = job, choice, bands
        self.factor = model.config.factor
        self.halo = model.halo(job.mode, job.steps, job.back_projection)
        self.draw_trim = 0 if job.mode == "mean" else model.draw_trim(job.steps)
        self.reach = reach_of(grid, EXTEND_RADIUS, model.alignment)  # as far as ground is extended, which the last pixels look at
        self.part_size: int | None = None  # None: a tile is computed in one part
        self._warn, self._should_stop, self._step_done = warn, should_stop, step_done
        self._model = model.eval().to(choice.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._hooks = [layer.register_forward_pre_hook(self._before_layer) for layer in _layers(model)]
        self._layer_share = 0.0  # of the tile, that a layer of the part in work is

    def close(self) -> None:
        """Take the hooks off the model."""
        for hook in self._hooks:
            hook.remove()

    @property
    def _draws(self) -> int:
        return {"mean": 0, "sample": 1, "ensemble": 2 * pairs_of(self.job.members)}[self.job.mode]

    def _layer_calls(self, dates: int) -> int:
        """How often layers are called for a part: the denoiser's for each step, the encoder's first ones for each date."""
        model = self._model
        of_a_date = len(_layers(model.encoder.stem)) + len(_layers(model.encoder.blocks))
        of_denoiser, every, of_a_draw = len(_layers(model.denoiser)), len(_layers(model)), len(model.denoiser.conditioning)
        of_a_mean = every - of_denoiser + (dates - 1) * of_a_date
        return self.job.orientations * of_a_mean + self._draws * (of_a_draw + self.job.steps * (of_denoiser - of_a_draw))

    def _before_layer(self, *_: object) -> None:
        self._ask()
        self._step_done(self._layer_share)

    def _ask(self) -> None:
        if self._should_stop():
            raise Cancelled()

    def read_window(self, core: Window) -> Window:
        """What must be read to compute ``core``."""
        return common_window(padded_window(core, self.halo, self._model.alignment), self.reach)

    def compute(self, core: Window, selection: Selection, pixels: TilePixels) -> TileResult:
        """The result of one tile; on lack of memory again in smaller parts, then in half precision, then on the CPU.

        Raises:
            ResourceError: the smallest step does not fit either.
            Cancelled: the user stopped the run.
        """
        while True:
            try:
                return self._in_parts(core, selection, pixels)
            except (MemoryError, RuntimeError) as error:
                if not _is_out_of_memory(error):
                    raise
                reason = str(error)
            self._step_down(max(core.height, core.width), reason)

    def _step_down(self, largest: int, reason: str) -> None:
        device = self.choice.device
        if device.startswith("cuda"):
            torch.cuda.empty_cache()
        size = self.part_size or largest
        if size > SMALLEST_PART:
            self.part_size = max(SMALLEST_PART, size // 2)
            self._warn(f"Memory ran out on {device}: going on with tiles of {self.part_size} pixels.")
        elif self.choice.precision == "float32" and (device != "cpu" or cpu_has_bfloat16()):
            half = "bfloat16" if device == "cpu" else "float16"
            self.choice = DeviceChoice(device, half, "Half precision, because memory ran out.")
            self._warn(f"Memory ran out on {device}: going on in {half}.")
        elif device != "cpu":
            self.choice = DeviceChoice("cpu", "bfloat16" if cpu_has_bfloat16() else "float32", f"Memory ran out on {device}.")
            self.part_size = None
            self._model.to("cpu")
            self._warn(f"Memory ran out on {device}: going on on the CPU, which is slower.")
        else:
            hint = "Close other programs, or use fewer dates (max_dates)."
            raise ResourceError(f"Memory ran out even with tiles of {size} pixels.", hint, reason)

    def _in_parts(self, core: Window, selection: Selection, pixels: TilePixels) -> TileResult:
        if self.part_size is None or max(core.height, core.width) <= self.part_size:
            return self._part(core, selection, pixels, 1.0)
        parts = cut_core(core, self.part_size)
        whole: TileResult | None = None
        for part in parts:
            piece = self._part(part, selection, pixels, part.height * part.width / (core.height * core.width))
            whole = _paste(whole, piece, core, part, self.factor)
        assert whole is not None
        return whole

    def _part(self, core: Window, selection: Selection, pixels: TilePixels, share: float) -> TileResult:
        self._layer_share = share / self._layer_calls(len(selection.indices))
        window = self.read_window(core)
        positions = [pixels.indices.index(i) for i in selection.indices]
        rows, columns = inner_slices(window, pixels.window)
        inner = inner_slices(core, window)
        clear = pixels.series.clear[positions, rows, columns]
        reflectance = pixels.series.reflectance[positions, :, rows, columns]
        count = clear[:, inner[0], inner[1]].sum(0, dtype=np.uint16)
        # A day that was acquired is shown where it has data; one that was not, wherever any date is clear.
        bases = positions if selection.observed is None else [pixels.indices.index(selection.observed)]
        base_valid = np.logical_or.reduce(pixels.series.valid[bases, rows, columns])[inner]
        missing = (count == 0) | ~base_valid
        unclear, beyond = int((base_valid & (count == 0)).sum()), int((~base_valid & (count > 0)).sum())
        if missing.all():
            self._step_done(share)
            return _empty(core, self.factor, len(self.bands), missing, count, self._gives_std, unclear, beyond)
        observed = selection.in_result
        target_clear = clear[observed] if observed is not None else np.zeros_like(clear[0])
        target = reflectance[observed] if observed is not None else np.zeros_like(reflectance[0])
        with torch.inference_mode():
            # What the network gives is smaller than what it is given.
            trim = open_sides(window, self.reach)
            predicted = trimmed_window(window, self._model.trim, trim)
            given = trimmed_window(predicted, self.draw_trim, trim)
            rows, columns = inner_slices(given, window)
            y = self._tensor(target[:, rows, columns])[None]
            seen = self._tensor(target_clear[rows, columns].astype(np.float32))[None, None]
            x, std = self._products(self._batch(selection, reflectance, clear, trim), predicted, y, seen)
            rows, columns = inner_slices(core, given)
            residual = (observe(x, self.bands, self.factor) - y).abs()[0, :, rows, columns] * seen[0, :, rows, columns]
            fine = inner_slices(core, given, self.factor)
            image = x[0, :, fine[0], fine[1]].cpu().numpy()
            spread = None if std is None else std[0, :, fine[0], fine[1]].float().cpu().numpy()
        if not np.isfinite(image).all():
            raise ModelError(
                f"The model gave values that are not numbers (in {self.choice.precision}).", "Use --precision float32, or another model."
            )
        sums = residual.double().sum((1, 2)).cpu().numpy() if self.choice.device != "mps" else residual.cpu().double().sum((1, 2)).numpy()
        return TileResult(image, spread, missing, count, sums, int(target_clear[inner].sum()), unclear, beyond)

    @property
    def _gives_std(self) -> bool:
        return self.job.uncertainty or self.job.mode == "ensemble"

    def _tensor(self, array: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.choice.device)

    def _batch(self, selection: Selection, reflectance: np.ndarray, clear: np.ndarray, trim: Trim) -> SeriesBatch:
        return SeriesBatch(
            reflectance=self._tensor(reflectance)[None],
            clear=self._tensor(clear.astype(np.float32))[None],
            shift=self._tensor(selection.shift)[None],
            shift_known=self._tensor(selection.shift_known.astype(np.float32))[None],
            days=self._tensor(selection.days)[None],
            reference=self._tensor(np.array([selection.reference], np.int64)),
            trim=trim,
        )

    @contextmanager
    def _precision(self) -> Iterator[None]:
        kind = self.choice.device.split(":")[0]
        with torch.autocast(kind, dtype=self.choice.dtype, enabled=self.choice.precision != "float32"):
            yield

    def _products(self, batch: SeriesBatch, window: Window, y: Tensor, seen: Tensor) -> tuple[Tensor, Tensor | None]:
        """Image and standard deviation of what the network gives, (1, C, 4h, 4w) each; back-projection always in float32.

        ``window`` is what the network's mean covers; the target date ``y`` and its clear pixels ``seen`` cover what is returned, which
        is smaller by ``draw_trim``.
        """
        job = self.job
        if job.mode == "mean" and not job.uncertainty:
            with self._precision():
                image = mean_over_orientations(self._model.mean, batch, job.orientations)
            return self._back_project(image, y, seen), None
        with self._precision():
            prediction = self._model.encode(batch)
            prediction.mean = mean_over_orientations(self._model.mean, batch, job.orientations, prediction.mean)
        if job.mode == "mean":
            return self._back_project(prediction.mean, y, seen), prediction.std

        def draw(number: int, sign: int) -> Tensor:
            return self._back_project(self._draw(prediction, window, number, sign, batch.trim), y, seen)

        std = batch.trim.crop(prediction.std, self.factor * self.draw_trim)
        if job.mode == "sample":
            return draw(0, 1), std if job.uncertainty else None
        return ensemble(draw, job.members, std.float())

    def _draw(self, prediction: Prediction, window: Window, number: int, sign: int, trim: Trim) -> Tensor:
        row, column, height, width = (self.factor * n for n in (window.row, window.column, window.height, window.width))
        noise = sign * position_noise(self.job.seed, row, column, height, width, len(self.bands), number)
        with self._precision():
            return self._model.sample(prediction, self._tensor(noise)[None], self.job.steps, trim)

    def _back_project(self, x: Tensor, y: Tensor, seen: Tensor) -> Tensor:
        self._ask()
        return back_project(x.float(), y, seen, self.bands, self.job.back_projection, self.factor)


def _layers(module: torch.nn.Module) -> list[torch.nn.Module]:
    return [part for part in module.modules() if not list(part.children())]


def _is_out_of_memory(error: Exception) -> bool:
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return "out of memory" in text or "can't allocate memory" in text or "could not allocate" in text


def _empty(
    core: Window, factor: int, bands: int, missing: np.ndarray, count: np.ndarray, with_std: bool, unclear: int = 0, beyond: int = 0
) -> TileResult:  # fmt: skip
    shape = (bands, core.height * factor, core.width * factor)
    std = np.zeros(shape, np.float32) if with_std else None
    return TileResult(np.zeros(shape, np.float32), std, missing, count, np.zeros(bands), 0, unclear, beyond)


def _paste(whole: TileResult | None, piece: TileResult, core: Window, part: Window, factor: int) -> TileResult:
    if whole is None:
        shape = core.height, core.width
        whole = _empty(core, factor, len(piece.image), np.zeros(shape, bool), np.zeros(shape, np.uint16), piece.std is not None)
    coarse, fine = inner_slices(part, core), inner_slices(part, core, factor)
    whole.image[:, fine[0], fine[1]] = piece.image
    if whole.std is not None and piece.std is not None:
        whole.std[:, fine[0], fine[1]] = piece.std
    whole.missing[coarse], whole.clear_count[coarse] = piece.missing, piece.clear_count
    whole.residual_sum += piece.residual_sum
    whole.residual_count += piece.residual_count
    whole.unclear_count += piece.unclear_count
    whole.beyond_count += piece.beyond_count
    return whole
