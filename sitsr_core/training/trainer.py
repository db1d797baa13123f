"""The training loop: mixed precision, averaged weights, checkpoints, exact resume, progress, validation, TensorBoard.

Several processes (``distributed.py``) train as one; a GPU is used when the trainer is given one.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from tqdm import tqdm

from sitsr_core.baselines.registry import find_system
from sitsr_core.errors import Cancelled, JobError, writing
from sitsr_core.training.checkpoint import config_of, load_checkpoint, save_checkpoint
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.distributed import ALONE, DealtSampler, Processes, Sampler
from sitsr_core.training.ema import WeightAverage
from sitsr_core.training.log import TrainingLog, forget_after
from sitsr_core.training.precision import autocast
from sitsr_core.training.strategy import start_strategy
from sitsr_core.training.validation import Validation, moved_to
from sitsr_core.whole_file import write_whole

NOTES = "notes.json"
Watch = Callable[[int, dict[str, float]], bool]  # hears each step's number and figures, and says whether to stop


def learning_rate(step: int, peak: float, warmup: int, steps: int) -> float:
    """Linear warm-up, then a cosine to zero."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup) / max(1, steps - warmup))))


@dataclass
class Pace:
    """How a run went: steps done, their seconds without validation and checkpoints, and how many of these were spent waiting for data."""

    steps: int = 0
    seconds: float = 0.0
    waited: float = 0.0

    def __str__(self) -> str:
        if not self.steps:
            return "Nothing was left to do."
        share = 100 * self.waited / self.seconds
        return f"{self.steps} steps at {self.steps / self.seconds:.3g} steps/s, {share:.1f} % of the time spent waiting for data."


class Trainer:
    """Trains ``network`` in ``folder``; a folder with a checkpoint is resumed, and goes on with the losses of an unbroken run.

    Args:
        network: what to start from; a checkpoint in the folder wins.
        sampler: batches, a pure function of the step.
        config: all options; ``config.network`` is the network's.
        folder: for the checkpoint and the log; all processes must see it.
        validation: what the first process looks at now and then.
        processes: this process among those that train together; each computes its part of every batch.
        device: torch's name of the device to compute on.
        watch: asked after each step; when it says so, the checkpoint is written and ``Cancelled`` raised. It replaces the progress bar.

    Raises:
        JobError: options that do not fit each other or the folder's checkpoint.
        ModelError: a damaged checkpoint.
        OutputError: a folder that cannot be written.
    """

    def __init__(
        self,
        network: nn.Module,
        sampler: Sampler,
        config: TrainingConfig,
        folder: Path,
        validation: Validation | None = None,
        processes: Processes = ALONE,
        device: str = "cpu",
        watch: Watch | None = None,
    ):
        self.config = config
        self.options = config.optimization
        self.system = find_system(config.system)
        if type(network) is not self.system.network or network.config != config.network:
            raise JobError("The network to start from is not that of the configuration.", "Give both the same system and [network].")
        self.processes = processes
        self.device = device
        self.network = network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        processes.same(self.network.state_dict().values())
        self.sampler: Sampler = sampler if processes.count == 1 else DealtSampler(sampler, processes, config.sampler.batch)
        self.validation = validation
        self.folder = folder
        self.strategy = start_strategy(self.system, self.network, self.options, processes, device)
        self.watch = watch
        self.average = WeightAverage(network, self.options.ema)
        self.step = 0
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._resume()
        if processes.is_first:
            forget_after(folder, self.step)
            if self.strategy.notes:
                write_whole(folder / NOTES, json.dumps(self.strategy.notes, indent=1))
        processes.require_same(self.step)

    def _resume(self) -> None:
        state = load_checkpoint(self.folder)
        if state is None:
            return
        config = config_of(state)
        if (config.system, config.network) != (self.config.system, self.config.network):
            raise JobError(f"'{self.folder}' holds a training of another network.", "Use another folder, or delete it.")
        if config.optimization.objective != self.options.objective:
            raise JobError(f"'{self.folder}' holds a training of another objective.", "Use another folder, with --init for this one.")
        if config.optimization.optimizer != self.options.optimizer:
            raise JobError(f"'{self.folder}' holds a training with another optimizer.", "Use another folder, or delete it.")
        self.network.load_state_dict(state["network"])
        self.average.load(state["average"], state["updates"])
        self.strategy.load_state_dict(state)
        self.step = state["step"]

    def save(self) -> None:
        """Write the checkpoint."""
        save_checkpoint(
            self.folder,
            {
                "network": self.network.state_dict(), "average": self.average.shadow, "updates": self.average.updates,
                "step": self.step, "config": json.dumps(self.config.to_dict()), **self.strategy.state_dict(),
            },
        )  # fmt: skip

    def averaged_network(self) -> nn.Module:
        """A network with the averaged weights."""
        network = self.system.build(self.config.network)
        network.load_state_dict(self.average.shadow)
        return network.to(self.device).to(memory_format=torch.channels_last).eval()  # type: ignore[call-overload]

    def train_step(self) -> dict[str, float]:
        """One optimizer step; everything random in it depends on the seed and the step alone."""
        started, cpu_started = time.perf_counter(), time.process_time()
        batch = moved_to(self.sampler.batch(self.step), self.device)
        waited = time.perf_counter() - started
        generator = torch.Generator().manual_seed(self.options.seed * 1_000_003 + self.step)
        rate = learning_rate(self.step, self.options.learning_rate, self.options.warmup, self.options.steps)
        figures, moved = self.strategy.step(batch, generator, rate, self.step / self.options.steps)
        if moved:
            self.average.update(self.network)
        self.step += 1
        figures = dict(zip(figures, self.processes.mean(torch.tensor(list(figures.values()), dtype=torch.float64)).tolist(), strict=True))
        seconds = time.perf_counter() - started
        times = {"seconds": seconds, "cpu_seconds": time.process_time() - cpu_started, "data_share": waited / seconds}
        return figures | {"learning_rate": rate} | times

    def run(self, until: int | None = None) -> Pace:
        """Train to ``until`` (default: the configuration's steps). Raises Cancelled when ``watch`` stops it."""
        until = self.options.steps if until is None else until
        pace = Pace()
        with TrainingLog(self.folder, self.step, self.processes.is_first) as log, self._bar(until) as bar:
            while self.step < until:
                figures = self.train_step()
                pace.steps += 1
                pace.seconds += figures["seconds"]
                pace.waited += figures["seconds"] * figures["data_share"]
                if self._is_due(self.options.validate_every, until):
                    figures |= self._validate()
                log.write(self.step, figures)
                if self.processes.is_first and self._is_due(self.options.checkpoint_every, until):
                    log.flush()
                    self.save()
                if self.watch is not None and self.watch(self.step, figures) and self.step < until:
                    log.flush()
                    self.save()
                    raise Cancelled("Cancelled: the training so far is kept.")
                bar.update(1)
                bar.set_postfix({k: f"{figures[k]:.3f}" for k in ("loss", "gain_db") if k in figures}, refresh=False)
        self.processes.wait()  # all return to a folder with the last checkpoint
        return pace

    def _is_due(self, every: int, until: int) -> bool:
        return self.step % every == 0 or self.step == until

    def _validate(self) -> dict[str, float]:
        if self.validation is None or not self.processes.is_first:
            return {}
        with autocast(self.options.precision, self.device):
            return self.validation.run(self.averaged_network(), self.options.objective)

    def _bar(self, until: int) -> tqdm:
        return tqdm(
            total=until, initial=self.step, unit="step", mininterval=5, disable=not self.processes.is_first or self.watch is not None
        )
