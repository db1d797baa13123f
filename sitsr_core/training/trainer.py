"""The training loop: mixed precision, averaged weights, checkpoints, exact resume, progress, validation, TensorBoard."""

import json
import math
import os
import time
from contextlib import nullcontext
from pathlib import Path

import torch
from tqdm import tqdm

from sitsr_core.datasets.sampler import PlaceSampler
from sitsr_core.errors import JobError
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.checkpoint import load_checkpoint, save_checkpoint
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.ema import WeightAverage
from sitsr_core.training.muon import Muon
from sitsr_core.training.objectives import OBJECTIVES, trainable
from sitsr_core.training.validation import Validation

LOG = "log.jsonl"


def learning_rate(step: int, peak: float, warmup: int, steps: int) -> float:
    """Linear warm-up, then a cosine to zero."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup) / max(1, steps - warmup))))


def autocast(precision: str) -> torch.autocast | nullcontext:
    """bfloat16 where the CPU computes in it ("auto"), or as told."""
    if precision == "auto":
        precision = "bfloat16" if torch.cpu._is_avx512_bf16_supported() else "float32"
    return torch.autocast("cpu", torch.bfloat16) if precision == "bfloat16" else nullcontext()


class Trainer:
    """Trains ``network`` in ``folder``; a folder with a checkpoint is resumed, and goes on with the losses of an unbroken run."""

    def __init__(
        self, network: SuperResolver, sampler: PlaceSampler, config: TrainingConfig, folder: Path, validation: Validation | None = None
    ):
        self.config = config
        self.options = config.optimization
        if self.options.objective not in OBJECTIVES:
            raise JobError(f"Unknown objective '{self.options.objective}'.", f"Use one of {', '.join(OBJECTIVES)}.")
        if network.config != config.network:
            raise JobError("The network to start from is not that of the configuration.", "Give both the same [network].")
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.sampler = sampler
        self.validation = validation
        self.folder = folder
        self.objective = OBJECTIVES[self.options.objective]
        self.parameters = trainable(network, self.options.objective)
        self.optimizer = Muon(self.parameters, self.options.learning_rate)
        self.average = WeightAverage(network, self.options.ema)
        self.step = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._resume()

    def _resume(self) -> None:
        state = load_checkpoint(self.folder)
        if state is None:
            return
        config = TrainingConfig.from_dict(json.loads(state["config"]))
        if config.network != self.config.network:
            raise JobError(f"'{self.folder}' holds a training of another network.", "Use another folder, or delete it.")
        if config.optimization.objective != self.options.objective:
            raise JobError(f"'{self.folder}' holds a training of another objective.", "Use another folder, with --init for this one.")
        self.network.load_state_dict(state["network"])
        self.average.shadow, self.average.updates = state["average"], state["updates"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]
        _forget_after(self.folder / LOG, self.step)

    def save(self) -> None:
        """Write the checkpoint."""
        save_checkpoint(
            self.folder,
            {
                "network": self.network.state_dict(), "average": self.average.shadow, "updates": self.average.updates,
                "optimizer": self.optimizer.state_dict(), "step": self.step, "config": json.dumps(self.config.to_dict()),
            },
        )  # fmt: skip

    def averaged_network(self) -> SuperResolver:
        """A network with the averaged weights."""
        network = SuperResolver(self.config.network)
        network.load_state_dict(self.average.shadow)
        return network.to(memory_format=torch.channels_last).eval()  # type: ignore[call-overload]

    def train_step(self) -> dict[str, float]:
        """One optimizer step; everything random in it depends on the seed and the step alone."""
        started = time.perf_counter()
        batch = self.sampler.batch(self.step)
        waited = time.perf_counter() - started
        generator = torch.Generator().manual_seed(self.options.seed * 1_000_003 + self.step)
        rate = learning_rate(self.step, self.options.learning_rate, self.options.warmup, self.options.steps)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with autocast(self.options.precision):
            loss, figures = self.objective(self.network, batch, generator)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, self.options.clip)
        if torch.isfinite(norm):  # a single bad batch must not end a night's training
            self.optimizer.step()
            self.average.update(self.network)
        self.step += 1
        seconds = time.perf_counter() - started
        return figures | {"learning_rate": rate, "gradient_norm": norm.item(), "seconds": seconds, "data_share": waited / seconds}

    def run(self, until: int | None = None) -> None:
        """Train to ``until`` (default: the configuration's steps)."""
        until = self.options.steps if until is None else until
        writer = _summary_writer(self.folder, self.step)
        log = (self.folder / LOG).open("a", encoding="utf-8")
        try:
            with tqdm(total=until, initial=self.step, unit="step", mininterval=5) as bar:
                while self.step < until:
                    figures = self.train_step()
                    if self.validation is not None and (self.step % self.options.validate_every == 0 or self.step == until):
                        with autocast(self.options.precision):
                            figures |= self.validation.run(self.averaged_network(), self.options.objective)
                    log.write(json.dumps({"step": self.step} | {k: round(v, 6) for k, v in figures.items()}) + "\n")
                    if writer is not None:
                        for name, value in figures.items():
                            writer.add_scalar(name, value, self.step)
                    if self.step % self.options.checkpoint_every == 0 or self.step == until:
                        log.flush()
                        self.save()
                    bar.update(1)
                    bar.set_postfix({k: f"{figures[k]:.3f}" for k in ("loss", "gain_db") if k in figures}, refresh=False)
        finally:
            log.close()
            if writer is not None:
                writer.close()


def _forget_after(log: Path, step: int) -> None:
    """Drop the lines past ``step``: a killed run logged them after its last checkpoint, and they are about to be repeated."""
    kept = []
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else []:
        try:
            if json.loads(line)["step"] <= step:
                kept.append(line + "\n")
        except (ValueError, KeyError, TypeError):
            continue  # the last line of a killed run may be cut
    temporary = log.with_name(log.name + ".part")
    temporary.write_text("".join(kept), encoding="utf-8")
    os.replace(temporary, log)


def _summary_writer(folder: Path, step: int):
    """A TensorBoard writer that hides earlier events from ``step`` on, or None where TensorBoard is not installed."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder), purge_step=step + 1)
