"""Judging what a plan trained, by the project's one protocol (``sitsr_core.evaluation``), and its speed and size."""

import time
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sitsr_core.baselines.ablations import OneNetwork
from sitsr_core.baselines.plan import Candidate
from sitsr_core.evaluation.evaluate import evaluate
from sitsr_core.evaluation.methods import Encoder, MeanProduct, Method, SampleProduct, TrainedSystem
from sitsr_core.evaluation.scene import Scene
from sitsr_core.evaluation.systems import interpolations, trained_system
from sitsr_core.models.network import SeriesBatch, SuperResolver
from sitsr_core.training.trainer import Trainer, autocast
from sitsr_core.training.validation import expected_image

SAMPLE_STEPS = 4
OTHER_STEPS = (1, 2, 8, 16)
PATCH = 64  # coarse pixels a side
DATES = 8
LEAST_SECONDS = 2.0

Judged = dict[str, dict[str, dict[str, dict[str, float]]]]  # set -> method -> case -> figure -> mean over scenes


@dataclass
class _MeanAlone:
    """A model's mean as the network gives it, without back-projection."""

    network: SuperResolver

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        return self.network.encode(batch).mean


def methods(candidate: Candidate, trainer: Trainer) -> list[Method]:
    """How a trained candidate is judged: its answer, its sample where it has learned to draw, and what ``also`` asks for."""
    network, name = trainer.averaged_network(), candidate.name
    if not isinstance(network, SuperResolver):
        return [trained_system(name, network)]
    encoder = Encoder(network)
    found: list[Method] = [MeanProduct(name, encoder)]
    draws = isinstance(network, OneNetwork) or any(stage.config.optimization.objective == "flow" for stage in candidate.stages)
    steps = (SAMPLE_STEPS, *(OTHER_STEPS if "steps" in candidate.also else ())) if draws else ()
    found += [SampleProduct(f"{name}, sample in {number}", encoder, number) for number in sorted(steps)]
    if "without_average" in candidate.also:
        last = trainer.system.build(network.config)
        last.load_state_dict(trainer.network.state_dict())
        found.append(MeanProduct(f"{name}, without EMA", Encoder(last.eval())))  # type: ignore[arg-type]
    if "without_back_projection" in candidate.also:
        found.append(TrainedSystem(f"{name}, without back-projection", _MeanAlone(network)))
    return found


def judge(judged: list[Method], sets: dict[str, list[Scene]]) -> Judged:
    """Every method on every scene of every set, mean over a set's scenes."""
    return {name: evaluate(judged, scenes)["mean"] for name, scenes in sets.items()}


def judge_interpolations(sets: dict[str, list[Scene]]) -> Judged:
    """What everyone is compared with."""
    return judge(interpolations().methods, sets)


def parameters(network: nn.Module) -> int:
    """How many numbers the network has learned."""
    return sum(parameter.numel() for parameter in network.parameters())


@torch.inference_mode()
def throughput(network: nn.Module, patch: int = PATCH, dates: int = DATES) -> float:
    """Coarse pixels a second of a network's usual answer on a random series, in the training's precision, after one call to warm up."""
    bands, generator = len(network.config.bands), torch.Generator().manual_seed(0)  # type: ignore[union-attr, arg-type]

    def series(side: int) -> SeriesBatch:
        return SeriesBatch(
            reflectance=0.2 * torch.rand(1, dates, bands, side, side, generator=generator), clear=torch.ones(1, dates, side, side),
            shift=torch.rand(1, dates, 2, generator=generator) - 0.5, shift_known=torch.ones(1, dates),
            days=torch.arange(dates)[None].float(), reference=torch.zeros(1, dtype=torch.long),
        )  # fmt: skip

    with autocast("auto"):
        expected_image(network, series(16))
        batch, calls, started = series(patch), 0, time.perf_counter()
        while calls == 0 or time.perf_counter() - started < LEAST_SECONDS:
            expected_image(network, batch)
            calls += 1
    return calls * patch**2 / (time.perf_counter() - started)
