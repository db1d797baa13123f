"""Fine-tuning as one job of plain values, for QGIS and the command line: progress, cancelling, going on, and what to show afterwards.

The trainings are kept in ``<output>.sitsr-run`` until the model is written. The same job goes on there; another one starts anew.
"""

import base64
import dataclasses
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import torch

from sitsr_core import __version__, sensor
from sitsr_core.datasets.sampler import SamplerConfig
from sitsr_core.demo.picture import compose
from sitsr_core.errors import Cancelled, JobError
from sitsr_core.inference.device import DeviceChoice, choose_device
from sitsr_core.inference.events import Listener, Message, Progress, Started, StopQuestion
from sitsr_core.inference.output_errors import output_errors
from sitsr_core.inference.places import exists_already, require_place
from sitsr_core.job_fields import read_fields, require_real, require_whole
from sitsr_core.models.card import DEFAULT_MODEL
from sitsr_core.models.network import filled_reference
from sitsr_core.own_files import RUN_FOLDER
from sitsr_core.run_lock import RunLock, require_unlocked
from sitsr_core.training.checkpoint import NAME as CHECKPOINT
from sitsr_core.training.curve import read_curve
from sitsr_core.training.finetune import STAGES, FineTuned, FineTuning, finetune
from sitsr_core.training.trainer import Watch
from sitsr_core.training.validation import expected_image
from sitsr_core.whole_file import write_whole

SUFFIX, RECORD, PICTURE = ".safetensors", "job.json", "held_out.jpg"
READ, TRAINED = 0.02, 0.97  # shares of the progress bar at which the images are read and the training is over
MOST_PICTURES = 3
LIMITS = {
    "steps": (1, 1_000_000), "flow_steps": (0, 1_000_000), "batch": (1, 256), "patch": (16, 256), "max_dates": (1, 64),
    "seed": (0, 2**31 - 1),
}  # fmt: skip


@dataclass
class FineTuneJob:
    """What to learn from and where to write the model (``output``, a .safetensors file); the rest as in ``FineTuning``.

    ``hold_out`` null holds out every tenth site where there are at least three; an empty list none. An empty ``name`` is the file's.
    ``overwrite`` lets it replace a finished model.
    """

    folder: str
    output: str
    data: str = ""
    licence: str = ""
    model: str = ""
    name: str = ""
    steps: int = FineTuning.steps
    flow_steps: int = FineTuning.flow_steps
    hold_out: list[str] | None = None
    learning_rate: float = FineTuning.learning_rate
    batch: int = 8
    patch: int = 32
    max_dates: int = 8
    seed: int = 0
    device: str = "auto"
    overwrite: bool = False

    @classmethod
    def from_dict(cls, values: dict) -> "FineTuneJob":
        """A validated job from plain values. Raises JobError."""
        kinds = {**dict.fromkeys(LIMITS, "whole"), "learning_rate": "real", "hold_out": "some", "overwrite": "flag"}
        job = read_fields(cls, values, kinds, ("folder", "output"))
        if not job.folder:
            raise JobError("No folder of sites was given.")
        if not job.output.lower().endswith(SUFFIX):
            raise JobError(f"The model's file '{job.output}' has another ending.", f"End it in {SUFFIX}.")
        require_whole(job, LIMITS)
        require_real(job, {"learning_rate": (1e-7, 1)})
        return job

    @property
    def run_folder(self) -> Path:
        """Where the trainings are kept until the model is written."""
        return Path(self.output + RUN_FOLDER)

    def fine_tuning(self) -> FineTuning:
        """The same for ``finetune``."""
        return FineTuning(
            folder=self.folder, model=self.model or DEFAULT_MODEL, out=self.run_folder, name=self.name or Path(self.output).stem,
            data=self.data, licence=self.licence, steps=self.steps, flow_steps=self.flow_steps, hold_out=self.hold_out,
            learning_rate=self.learning_rate, output=Path(self.output),
            sampler=SamplerConfig(batch=self.batch, patch=self.patch, max_dates=self.max_dates, seed=self.seed),
        )  # fmt: skip


def run_finetune(job: FineTuneJob, tell: Listener, should_stop: StopQuestion) -> dict:
    """Fine-tune, or go on with it, and write the model.

    Returns:
        "model": path; "learned", "held_out": names of sites; "pairs"; "curves": stage -> ``read_curve``; "metrics": "before" and "after",
        dB over bicubic on held-out sites, or empty; "picture": a JPEG in base64 of held-out patches, or ""; "seconds".

    Raises:
        OutputError: the model exists already, and the job does not say ``overwrite``; another run is training it; it cannot be written.
        SitsrError: what else can be expected to go wrong; ``Cancelled``.
    """
    if os.path.lexists(job.output) and not job.overwrite:  # a stopped training has not written it yet
        raise exists_already(job.output)
    started, choice = time.monotonic(), training_choice(job.device)
    precision = "float32" if choice.precision == "float16" else choice.precision
    tell(Started(__version__, choice.device, choice.reason, precision, job.model or DEFAULT_MODEL))
    tell(Progress(0.0, None, "Reading the images"))
    with output_errors(job.output):
        require_place(Path(job.output))
        require_place(job.run_folder)
        require_unlocked(job.run_folder)

    def say(text: str) -> None:
        if should_stop():
            raise Cancelled()
        tell(Message("info", text))

    with ExitStack() as training:
        tuned = finetune(
            job.fine_tuning(), say, device=choice.device, watch=Course(job, tell, should_stop).watch,
            begin=lambda: training.enter_context(held_run_folder(job, tell)),
        )  # fmt: skip
        result = {
            "model": str(tuned.path),
            "learned": tuned.learned,
            "held_out": tuned.held_out,
            "pairs": tuned.pairs,
            "curves": {stage: read_curve(job.run_folder / stage) for stage in STAGES},
            "metrics": {name: tuned.metrics[name] for name in ("before", "after") if name in tuned.metrics},
            "picture": picture(tuned, job.run_folder / PICTURE),
            "seconds": round(time.monotonic() - started, 1),
        }
        forget_trainings(job.run_folder)
    tell(Progress(1.0, 0.0, "Done"))
    return result


def training_choice(device: str) -> DeviceChoice:
    """Where to train: Apple's GPUs lack operations that training needs. Raises ResourceError."""
    choice = choose_device(device)
    return choose_device("cpu") if choice.device == "mps" else choice


@contextmanager
def held_run_folder(job: FineTuneJob, tell: Listener) -> Iterator[None]:
    """Keep other runs out of the run folder, and delete it in the end where it holds no checkpoint to go on from.

    Raises OutputError: another run holds the folder, or it cannot be written.
    """
    with output_errors(job.output):
        lock = RunLock(job.run_folder)
    try:
        with output_errors(job.output):
            take_over(job, tell)
        yield
    finally:
        if not any((job.run_folder / stage / CHECKPOINT).exists() for stage in STAGES):
            forget_trainings(job.run_folder)
            lock.remove()
        lock.release()


def take_over(job: FineTuneJob, tell: Listener) -> None:
    """Empty the run folder of a training that was another one: of other images, or with other settings. Raises OutputError, OSError."""
    record, folder = fingerprint(job), job.run_folder
    path = folder / RECORD
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if any((folder / stage).exists() for stage in STAGES):
        same = before == record
        text = "Going on with the training that was stopped." if same else "Images or settings have changed: the training starts anew."
        tell(Message("info", text))
        if not same:
            forget_trainings(folder)
    write_whole(path, record)


def forget_trainings(folder: Path) -> None:
    """Delete what fine-tuning wrote into its run folder, but for the lock."""
    for stage in STAGES:
        shutil.rmtree(folder / stage, ignore_errors=True)
    for name in (RECORD, PICTURE):
        with suppress(OSError):
            (folder / name).unlink()


def fingerprint(job: FineTuneJob) -> str:
    """What the model depends on: the settings, and the images by name, size and time."""
    values = {name: value for name, value in dataclasses.asdict(job).items() if name not in ("output", "device", "overwrite")}
    model = Path(values["model"])
    if model.is_file():
        values["weights"] = hashlib.sha256(model.read_bytes()).hexdigest()
    root = Path(job.folder)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    values["images"] = [[path.relative_to(root).as_posix(), path.stat().st_size, path.stat().st_mtime_ns] for path in files]
    return json.dumps(values, sort_keys=True)


class Course:
    """Turns the steps of both stages into one progress with the time left, and passes on the wish to stop."""

    def __init__(self, job: FineTuneJob, tell: Listener, should_stop: StopQuestion):
        self._before = {"mean": 0, "flow": job.steps}
        self._of = {"mean": job.steps, "flow": job.flow_steps}
        self._tell, self._should_stop = tell, should_stop
        self._seconds = self._steps = 0.0

    def watch(self, stage: str) -> Watch:
        """What to call after each step of a stage."""

        def after(step: int, figures: dict[str, float]) -> bool:
            self._seconds += figures["seconds"]
            self._steps += 1
            total, done = sum(self._of.values()), self._before[stage] + step
            left = (total - done) * self._seconds / self._steps
            text = f"{NAMES[stage]}: step {step} of {self._of[stage]}, loss {figures['loss']:.3f}"
            self._tell(Progress(READ + (TRAINED - READ) * done / total, left, text))
            return self._should_stop()

        return after


NAMES = {"mean": "Image and spread", "flow": "Denoiser"}


@torch.no_grad()
def picture(tuned: FineTuned, path: Path) -> str:
    """Held-out patches in natural colours (bicubic, before, after, truth) as a JPEG in base64; empty without held-out sites."""
    if not tuned.batches:
        return ""
    batch = tuned.batches[0]
    networks = [network.to("cpu").eval() for network in (tuned.before, tuned.after)]
    images = [
        sensor.upsample(filled_reference(batch.series)),
        *(expected_image(network, batch.series) for network in networks),
        batch.truth,
    ]
    whole = batch.weight.amin((1, 2, 3)) if batch.weight.ndim == 4 else batch.weight
    rows = []
    for sample in whole.argsort(descending=True, stable=True)[:MOST_PICTURES].tolist():
        height = images[-1].shape[-2]
        panels = [image[sample, :, height // 8 : height - height // 8].float().numpy() for image in images]  # of the picture's shape, 4 : 3
        rows.append((list(zip(("bicubic", "before", "after", "truth"), panels, strict=True)), panels[-1]))
    with output_errors(path):
        compose(rows, path)
        return base64.b64encode(path.read_bytes()).decode()
