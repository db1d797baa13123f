"""Judging what a plan trained, by the project's one protocol and whichever of others are asked for (``sitsr_core.evaluation``)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sitsr_core.baselines.ablations import OneNetwork
from sitsr_core.baselines.crops import Crops
from sitsr_core.baselines.plan import Candidate
from sitsr_core.evaluation.evaluate import evaluate
from sitsr_core.evaluation.methods import Bicubic, Encoder, MeanProduct, Method, SampleProduct, TrainedSystem
from sitsr_core.evaluation.scene import Scene
from sitsr_core.evaluation.systems import trained_system
from sitsr_core.models.network import SeriesBatch, SuperResolver
from sitsr_core.training.trainer import Trainer

SAMPLE_STEPS = 4
OTHER_STEPS = (1, 2, 8, 16)

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


def judge(
    judged: list[Method],
    sets: dict[str, list[Scene]],
    protocols: tuple[str, ...] = (),
    crops: Crops | None = None,
    slow_scenes: int | None = None,
) -> Judged:
    """Every method on every scene of every set, mean over a set's scenes; ``crops`` keeps pieces of the images.

    With ``slow_scenes`` those whose answer takes many evaluations are judged on so many of the first scenes, beside bicubic on the same.
    """
    found = {}
    slow = [method.name for method in judged if method.slow]
    for name, scenes in sets.items():
        seen = crops.of_set(name, scenes) if crops is not None else None
        found[name] = evaluate(judged, scenes, slow_scenes, protocols, seen)["mean"]
        if slow and slow_scenes is not None and slow_scenes < len(scenes):
            first = evaluate([Bicubic()], scenes[:slow_scenes], None, protocols)["mean"]
            found[name][f"{slow[0]}: bicubic on the same {slow_scenes} scenes"] = first[Bicubic.name]
    return found


def parameters(network: nn.Module) -> int:
    """How many numbers the network has learned."""
    return sum(parameter.numel() for parameter in network.parameters())
