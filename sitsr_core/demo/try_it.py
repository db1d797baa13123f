"""The sample series from nothing to an image: simulated, super-resolved, and judged against the scene it was simulated from."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from sitsr_core.demo.report import bicubic, figures
from sitsr_core.demo.scene import read_raster, read_scene
from sitsr_core.demo.simulate import DATES, TARGET, TRUTH, prepare
from sitsr_core.errors import Cancelled, JobError
from sitsr_core.inference.engine import super_resolve
from sitsr_core.inference.events import Event, Listener, Progress, StopQuestion
from sitsr_core.inference.output_errors import output_errors
from sitsr_core.job import MODES, SuperResolutionJob
from sitsr_core.job_fields import read_fields

PREPARED = 0.05  # share of the progress bar at which the series is there


@dataclass
class TryItJob:
    """Where to write the sample series (``folder``) and its super-resolved image (``output``, a .tif), and how to make that."""

    folder: str
    output: str
    mode: str = MODES[0]
    model: str = ""

    @classmethod
    def from_dict(cls, values: dict) -> "TryItJob":
        """A validated job from plain values. Raises JobError."""
        job = read_fields(cls, values, {}, ("folder", "output"))
        if not job.folder:
            raise JobError("No folder for the sample series was given.")
        job.super_resolution([])
        return job

    def super_resolution(self, inputs: list[str]) -> SuperResolutionJob:
        """The job that super-resolves the series."""
        return SuperResolutionJob(
            inputs=inputs or ["to be made"],
            output=self.output,
            target_dates=[TARGET],
            mode=self.mode,
            model=self.model,
            overwrite=True,
        ).validate()


def try_it(job: TryItJob, tell: Listener, should_stop: StopQuestion) -> dict:
    """Run it.

    Returns:
        "series": one {"path", "date"} a date; "truth": the path of the scene itself at the target date; "target": that date; "result": of
        the super-resolution; "figures": PSNR and so on of bicubic interpolation ("bicubic") and of the result ("result").

    Raises:
        SitsrError: what can be expected to go wrong; ``Cancelled``.
    """
    started = time.monotonic()
    tell(Progress(0.0, None, "Simulating the sample series"))
    scene, folder = read_scene(), Path(job.folder)
    with output_errors(folder):
        sample = prepare(scene, folder)
    if should_stop():
        raise Cancelled(hint="")
    paths = [path for date in DATES for path in sample.folder.glob(f"*{date}.tif")]
    result = super_resolve(job.super_resolution([str(path) for path in paths]), lambda event: tell(_later(event)), should_stop)
    image = read_raster(Path(job.output))
    coarse = bicubic(sample.series[list(DATES).index(TARGET)])
    return {
        "series": [{"path": str(path), "date": date} for path, date in zip(paths, DATES, strict=True)],
        "truth": str(folder / TRUTH),
        "target": TARGET,
        "result": result.to_dict(),
        "figures": {"bicubic": figures(coarse, sample, scene.bands), "result": figures(image, sample, scene.bands)},
        "seconds": round(time.monotonic() - started, 1),
    }


def _later(event: Event) -> Event:
    """Progress of the second step as that of the whole."""
    return replace(event, fraction=PREPARED + (1 - PREPARED) * event.fraction) if isinstance(event, Progress) else event
