"""How one batch moves the weights: down the gradient of an objective, or as one of two networks that learn against each other.

A strategy owns what moves besides the network itself: optimizers and, in adversarial training, the discriminator. Its state is part of
the checkpoint, so that a resumed training is exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from sitsr_core.baselines.adversarial import AdversarialObjective
from sitsr_core.baselines.registry import System
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.errors import JobError
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.border import Bordered
from sitsr_core.training.config import OptimizationConfig
from sitsr_core.training.distillation import Distillation
from sitsr_core.training.distributed import Processes
from sitsr_core.training.muon import Muon
from sitsr_core.training.precision import autocast
from sitsr_core.training.start import load_start

OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {"muon": Muon, "adam": partial(torch.optim.Adam, betas=(0.9, 0.99))}


class Strategy(Protocol):
    """What the trainer asks for.

    Attributes:
        notes: what a reader of the training's results must know of its losses, in words by name.
    """

    notes: dict[str, str]

    def step(self, batch: TrainingBatch, generator: torch.Generator, rate: float, done: float) -> tuple[dict[str, float], bool]:
        """Move the weights once, with the share ``done`` of all steps behind: figures to log, and whether the network moved."""

    def state_dict(self) -> dict[str, Any]:
        """Parts of the checkpoint: "optimizer", and others."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint. Raises JobError when it is not of this strategy."""


@dataclass
class Mover:
    """Parameters and what moves them."""

    parameters: list[nn.Parameter]
    optimizer: torch.optim.Optimizer
    clip: float
    processes: Processes

    def move(self, loss: Tensor, rate: float) -> tuple[float, bool]:
        """One step down the gradient, averaged over processes: its norm, and whether the parameters moved."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.processes.average([p.grad for p in self.parameters if p.grad is not None])
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, self.clip)
        finite = bool(torch.isfinite(norm) & torch.isfinite(self.processes.mean(loss.detach())))
        if finite:  # a single bad batch must not end a night's training
            self.optimizer.step()
        return norm.item(), finite


class Minimisation:
    """The network goes down the gradient of an objective."""

    def __init__(self, network: nn.Module, mover: Mover, objective: Callable[..., tuple[Tensor, dict[str, float]]], autocast: Callable):
        self.network, self.mover, self.objective, self.autocast = network, mover, objective, autocast
        self.notes: dict[str, str] = {}

    def step(self, batch: TrainingBatch, generator: torch.Generator, rate: float, done: float) -> tuple[dict[str, float], bool]:
        """See ``Strategy``."""
        with self.autocast():
            loss, figures = self.objective(self.network, batch, generator, processes=self.mover.processes)
        norm, moved = self.mover.move(loss, rate)
        return figures | {"gradient_norm": norm}, moved

    def state_dict(self) -> dict[str, Any]:
        """See ``Strategy``."""
        return {"optimizer": self.mover.optimizer.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """See ``Strategy``."""
        self.mover.optimizer.load_state_dict(state["optimizer"])


class Adversary:
    """Generator and discriminator move in turn on every batch, after a first share of the steps in which the generator learns alone.

    The discriminator is moved by Adam at the generator's rate, as in all papers that are trained here.
    """

    def __init__(
        self,
        network: nn.Module,
        mover: Mover,
        objective: AdversarialObjective,
        autocast: Callable,
        options: OptimizationConfig,
        device: str,
    ):
        self.alone = Minimisation(network, mover, objective, autocast)
        self.objective, self.autocast, self.pretraining = objective, autocast, options.pretraining
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(options.seed)
            self.discriminator = objective.discriminator(network.config).to(device)
        mover.processes.same(self.discriminator.state_dict().values())
        parameters = list(self.discriminator.parameters())
        self.mover = Mover(parameters, OPTIMIZERS["adam"](parameters, lr=options.learning_rate), mover.clip, mover.processes)
        self.content, described = objective.ready_content(network.config, device)
        self.notes = {"content_loss": described}

    def step(self, batch: TrainingBatch, generator: torch.Generator, rate: float, done: float) -> tuple[dict[str, float], bool]:
        """See ``Strategy``."""
        if done < self.pretraining:
            return self.alone.step(batch, generator, rate, done)
        network, processes = self.alone.network, self.mover.processes
        with self.autocast():
            self.discriminator.requires_grad_(False)
            pair, figures = self.objective.pair(network, batch, generator, processes)
            loss, parts = self.objective.generator_loss(self.discriminator, self.content, pair, processes)
        norm, moved = self.alone.mover.move(loss, rate)
        with self.autocast():
            self.discriminator.requires_grad_(True)
            against, judged = self.objective.discriminator_loss(self.discriminator, pair, processes)
        against_norm, _ = self.mover.move(against, rate)
        return figures | parts | judged | {"gradient_norm": norm, "discriminator_gradient_norm": against_norm}, moved

    def state_dict(self) -> dict[str, Any]:
        """See ``Strategy``."""
        own = {"discriminator": self.discriminator.state_dict(), "discriminator_optimizer": self.mover.optimizer.state_dict()}
        return self.alone.state_dict() | own | {"notes": self.notes}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """See ``Strategy``. Raises JobError when the losses are not those that the training began with."""
        if "discriminator" not in state:
            raise JobError("The checkpoint holds no discriminator.", "Use another folder, or delete it.")
        if state["notes"] != self.notes:
            began, now = (notes.get("content_loss", "") for notes in (state["notes"], self.notes))
            raise JobError(
                f"The training began with another content loss ({began}) than it would go on with ({now}).", "Use another folder."
            )
        self.alone.load_state_dict(state)
        self.discriminator.load_state_dict(state["discriminator"])
        self.mover.optimizer.load_state_dict(state["discriminator_optimizer"])


def start_strategy(system: System, network: nn.Module, options: OptimizationConfig, processes: Processes, device: str) -> Strategy:
    """The strategy of an objective. Raises JobError for an unknown objective or optimizer."""
    if options.objective not in system.objectives:
        raise JobError(f"Unknown objective '{options.objective}'.", f"Use one of {', '.join(system.objectives)}.")
    if options.optimizer not in OPTIMIZERS:
        raise JobError(f"Unknown optimizer '{options.optimizer}'.", f"Use one of {', '.join(OPTIMIZERS)}.")
    parameters = system.parameters(network, options.objective)
    mover = Mover(parameters, OPTIMIZERS[options.optimizer](parameters, lr=options.learning_rate), options.clip, processes)
    objective, cast = system.objectives[options.objective], partial(autocast, options.precision, device)
    if options.teacher:
        taught = Distillation(_teacher(options, network, device), options.surprise, options.border)
        return Minimisation(network, mover, taught, cast)
    if isinstance(objective, AdversarialObjective):
        if options.border:
            raise JobError("Adversarial trainings have no borders.", "Leave out [optimization] border.")
        return Adversary(network, mover, objective, cast, options, device)
    return Minimisation(network, mover, Bordered(objective, options.border) if options.border else objective, cast)


def _teacher(options: OptimizationConfig, network: nn.Module, device: str) -> SuperResolver:
    hint = "Leave out [optimization] teacher."
    if options.objective != "mean" or not isinstance(network, SuperResolver):
        raise JobError("Only the mean of a network of ours can have a teacher.", hint)
    teacher = load_start(options.teacher)
    if not isinstance(teacher, SuperResolver):
        raise JobError(f"The teacher '{options.teacher}' is another system's.", hint)
    for name in ("bands", "factor"):
        if getattr(teacher.config, name) != getattr(network.config, name):
            raise JobError(f"The teacher '{options.teacher}' is a network of other {name}.", "Give one of the same bands and factor.")
    return teacher.requires_grad_(False).to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
