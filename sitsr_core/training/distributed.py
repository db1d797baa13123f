"""Several processes train one network, as torchrun starts them: each computes its part of every step's batch, gradients are averaged.

The result is that of one process with the whole batch, up to the order of sums: whatever an objective draws or averages it draws for the
whole batch (``part``) and averages over all processes (``mean``).
"""

import datetime
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
import torch.distributed as dist
from torch import Tensor

from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.errors import JobError, ResourceError
from sitsr_core.inference.device import choose_device
from sitsr_core.inference.output_errors import output_errors
from sitsr_core.models.network import SeriesBatch
from sitsr_core.run_lock import RunLock

PATIENCE = datetime.timedelta(hours=2)  # the others wait while the first process validates
LAST_RELEASE = 0.2  # s for gloo's threads to let go of their last tensors: once the interpreter ends they abort the process instead
SERIES = ("reflectance", "clear", "shift", "shift_known", "days", "reference")


class Sampler(Protocol):
    """Where batches come from: a pure function of the step."""

    def batch(self, step: int) -> TrainingBatch:
        """The whole batch of a step."""


@dataclass(frozen=True)
class Processes:
    """This process among all that train: number ``rank`` of ``count``."""

    rank: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process writes logs and checkpoints, and validates."""
        return self.rank == 0

    def part(self, whole: Tensor) -> Tensor:
        """This process's samples of something drawn for the whole batch: (count * B, ...) -> (B, ...)."""
        return whole.chunk(self.count)[self.rank]

    def mean(self, value: Tensor) -> Tensor:
        """The mean over processes of a tensor that needs no gradient."""
        if self.count == 1:
            return value
        value = value.detach().clone()
        dist.all_reduce(value)
        return value / self.count

    def mean_with_gradient(self, value: Tensor) -> Tensor:
        """The mean over processes of a tensor whose gradient each process owes to all."""
        return value if self.count == 1 else _MeanOverProcesses.apply(value, self.count)

    def average(self, tensors: Sequence[Tensor]) -> None:
        """Replace tensors by their means over processes, in one exchange."""
        if self.count > 1 and tensors:
            flat = torch.cat([tensor.flatten() for tensor in tensors])
            dist.all_reduce(flat)
            _deal_into(flat / self.count, tensors)

    def same(self, tensors: Iterable[Tensor]) -> None:
        """Replace tensors by those of the first process."""
        tensors = list(tensors)
        if self.count > 1 and tensors:
            flat = torch.cat([tensor.flatten() for tensor in tensors])
            dist.broadcast(flat, 0)
            _deal_into(flat, tensors)

    def wait(self) -> None:
        """Go on when all processes have come here."""
        if self.count > 1:
            dist.all_reduce(torch.zeros(1))

    def require_same(self, number: int) -> None:
        """Raise JobError unless all processes have the same number of steps behind them."""
        if self.count > 1:
            ends = torch.tensor([number, -number])
            dist.all_reduce(ends, dist.ReduceOp.MAX)
            if ends[0] != -ends[1]:
                raise JobError("The processes do not see the same checkpoint.", "Give a folder that all of them share.")


class _MeanOverProcesses(torch.autograd.Function):
    """Every process's loss depends on every process's value; the sum of their gradients, divided by their count, is each one's share."""

    @staticmethod
    def forward(ctx, value: Tensor, count: int) -> Tensor:
        ctx.count = count
        value = value.detach().clone()
        dist.all_reduce(value)
        return value / count

    @staticmethod
    def backward(ctx, *gradients: Tensor) -> tuple[Tensor, None]:
        gradient = gradients[0].clone()
        dist.all_reduce(gradient)
        return gradient / ctx.count, None


ALONE = Processes()


def all_processes() -> Processes:
    """All that were started: for layers that are not told."""
    return Processes(dist.get_rank(), dist.get_world_size()) if dist.is_available() and dist.is_initialized() else ALONE


@contextmanager
def started_processes() -> Iterator[Processes]:
    """This process among those that torchrun started, or alone. Raises ResourceError when they cannot find each other."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield ALONE
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    try:  # batches are dealt out on the CPU, gradients are averaged where the network is
        dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo", timeout=PATIENCE)
    except (RuntimeError, ValueError) as error:
        raise ResourceError("The processes cannot be connected.", "Start them with torchrun.", repr(error)) from error
    try:
        yield Processes(dist.get_rank(), count)
    finally:
        dist.destroy_process_group()
        time.sleep(LAST_RELEASE)


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """A training's folder, for it alone. Before ``started_processes``: the first process holds it, and no other gets past it without.

    Raises:
        OutputError: another training has it, or it cannot be written.
    """
    if os.environ.get("RANK", "0") != "0":
        yield
        return
    with output_errors(folder):
        lock = RunLock(folder)
    try:
        yield
    finally:
        lock.remove()


def training_device(wanted: str = "auto") -> str:
    """torch's name of this process's device: "auto" is the GPU when there is one, each process its own. Raises ResourceError."""
    local = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    if wanted == "auto":
        return local if torch.cuda.is_available() else "cpu"
    return choose_device(local if wanted == "cuda" else wanted).device


class DealtSampler:
    """``batch(step)`` is this process's part of that step's batch.

    Processes take turns: each draws a whole batch for one of the next ``count`` steps, all at the same time, and deals it out when its
    step comes, so that nothing is drawn twice.
    """

    def __init__(self, sampler: Sampler, processes: Processes, samples: int):
        if samples % processes.count:
            raise JobError(
                f"A batch of {samples} samples cannot be shared out evenly over {processes.count} processes.",
                "Change [sampler] batch, or the number of processes.",
            )
        self.sampler = sampler
        self.processes = processes
        self._turn = -1
        self._held: TrainingBatch | None = None

    def batch(self, step: int) -> TrainingBatch:
        """See the class. All processes must ask for the same step."""
        turn, owner = divmod(step, self.processes.count)
        if turn != self._turn:
            mine = turn * self.processes.count + self.processes.rank
            self._turn, self._held = turn, self.sampler.batch(mine) if mine >= step else None
        return _deal(self._held if owner == self.processes.rank else None, owner, self.processes.count)


def _deal(batch: TrainingBatch | None, owner: int, count: int) -> TrainingBatch:
    """Scatter the owner's batch; the others give None."""
    sizes = torch.tensor([*batch.series.reflectance.shape, batch.factor] if batch else [0] * 6)
    dist.broadcast(sizes, owner)
    samples, dates, bands, height, width, factor = sizes.tolist()
    fine = (bands, factor * height, factor * width)
    shapes = [(dates, bands, height, width), (dates, height, width), (dates, 2), (dates,), (dates,), (), fine, fine]
    lengths = [torch.Size(shape).numel() for shape in shapes]
    mine = torch.empty(samples // count, sum(lengths))
    dist.scatter(mine, list(_packed(batch).chunk(count)) if batch else None, owner)
    fields = [part.reshape(len(mine), *shape) for part, shape in zip(mine.split(lengths, dim=1), shapes, strict=True)]
    series = SeriesBatch(**dict(zip(SERIES[:-1], fields[:5], strict=True)), reference=fields[5].long())
    return TrainingBatch(series, fields[6], fields[7])


def _packed(batch: TrainingBatch) -> Tensor:
    """One row of float32 a sample: (B, ...)."""
    series = [getattr(batch.series, name) for name in SERIES]
    weight = batch.weight.expand_as(batch.truth)
    return torch.cat([tensor.reshape(len(tensor), -1).float() for tensor in (*series, batch.truth, weight)], dim=1)


def _deal_into(flat: Tensor, tensors: Sequence[Tensor]) -> None:
    with torch.no_grad():
        for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))
