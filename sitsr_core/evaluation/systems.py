"""The methods to judge, from what a user names: bundled models, model files, folders of trainings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import nn

from sitsr_core.baselines.registry import OWN, system_of
from sitsr_core.errors import JobError
from sitsr_core.evaluation.methods import (
    ALL,
    Bicubic,
    Encoder,
    EnsembleProduct,
    MeanProduct,
    MedianBicubic,
    Method,
    OrientedMean,
    SampleProduct,
    TrainedSystem,
)
from sitsr_core.evaluation.scene import Scene
from sitsr_core.models.card import load_model
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.checkpoint import NAME as CHECKPOINT
from sitsr_core.training.checkpoint import load_averaged

TABLE_STEPS = (4, 20)  # judged with one date and with all
CURVE_STEPS = (1, 2, 10)  # judged with all dates: the rest of the perception-distortion curve
USUAL_BENCHMARK = "runs/benchmark/places"
SLOW_NUMBERS = (1, 8)  # dates that systems of several dates are given whose every answer takes many evaluations


@dataclass
class Panel:
    """Who is judged.

    Attributes:
        methods: in the order of the tables.
        encoders: model -> its network.
        samples: model -> steps -> method.
    """

    methods: list[Method]
    encoders: dict[str, Encoder] = field(default_factory=dict)
    samples: dict[str, dict[int, str]] = field(default_factory=dict)


def named_path(text: str) -> tuple[str, str]:
    """("NAME", "PATH") of "NAME=PATH"; without a name, or where there is a file of that very name, ("", text)."""
    name, _, path = text.partition("=")
    return (name, path) if path and not Path(text).exists() else ("", text)


def open_network(text: str) -> tuple[str, nn.Module]:
    """(name, network in evaluation mode) of a bundled name, a .safetensors file or a training's folder; "NAME=.." gives it a name.

    Raises ModelError.
    """
    name, where = named_path(text)
    path = Path(where)
    if path.is_dir():
        return name or path.resolve().name, load_averaged(path)[0]
    return name or path.stem, load_model(where)


def require_fitting(name: str, network: nn.Module, scenes: Iterable[Scene]) -> None:
    """Raise JobError unless a network is for the factor and the bands of the scenes; its last band may be missing in them."""
    config: Any = network.config
    for scene in scenes:
        if config.factor != scene.factor:
            raise JobError(f"'{name}' is for a factor of {config.factor}, the data have {scene.factor}.", "Judge it on other data.")
        if tuple(config.bands[: len(scene.bands)]) != scene.bands or len(config.bands) > len(scene.bands) + 1:
            bands = f"the bands {', '.join(config.bands)}, the data have {', '.join(scene.bands)}"
            raise JobError(f"'{name}' is for {bands}.", "Judge it on other data.")


def compared_in(folder: str) -> list[str]:
    """The published systems that ``training/benchmark.py`` trained and judged on one dataset, as "NAME=PATH": a seed's last stage."""
    found = []
    for candidate in sorted(path for path in Path(folder).glob("*") if path.is_dir() and path.name != OWN):
        finished = sorted({judged.parent for judged in candidate.glob("seed_*/judged_*.json")})
        stages = sorted(checkpoint.parent for checkpoint in finished[0].glob(f"*/{CHECKPOINT}")) if finished else []
        if stages:
            found.append(f"{candidate.name}={stages[-1]}")
    return found


def chosen(models: list[str], bundled: list[str], benchmark: str | None) -> list[str]:
    """What to judge, as ``open_network`` takes it: the models that are named, else the bundled ones, and what a benchmark trained.

    ``benchmark`` is the folder of one of its datasets; None for the usual one, if no models are named. Raises JobError when it is given and
    holds nothing.
    """
    if benchmark is None:
        return models or [*bundled, *compared_in(USUAL_BENCHMARK)]
    trained = compared_in(benchmark)
    if not trained:
        raise JobError(f"'{benchmark}' holds no finished training of benchmark.py.", "Give the folder of one dataset: OUT/DATASET.")
    return [*(models or bundled), *trained]


def add_model(panel: Panel, name: str, network: SuperResolver, samples: bool = True, members: int = 0, orientations: int = 1) -> None:
    """A model's mean, that over ``orientations`` (1: none), its samples, and its ensemble of ``members`` (0: none)."""
    encoder = panel.encoders[name] = Encoder(network)
    panel.methods.append(MeanProduct(name, encoder))
    if orientations > 1:
        panel.methods.append(OrientedMean(f"{name}_orientations{orientations}", encoder, orientations))
    panel.samples[name] = {}
    for steps in sorted(TABLE_STEPS + CURVE_STEPS) if samples else ():
        method = SampleProduct(f"{name}_sample{steps}", encoder, steps, (1, ALL) if steps in TABLE_STEPS else (ALL,))
        panel.methods.append(method)
        panel.samples[name][steps] = method.name
    if members:
        panel.methods.append(EnsembleProduct(f"{name}_ensemble{members}", encoder, members))


def trained_system(name: str, network: nn.Module) -> TrainedSystem:
    """A published system, with one date where it sees no more, and with few numbers of dates where each answer takes minutes."""
    system = system_of(network)
    if system.single or system.slow:
        return TrainedSystem(name, network, (1,) if system.single else SLOW_NUMBERS, False, system.slow)  # type: ignore[arg-type]
    return TrainedSystem(name, network)  # type: ignore[arg-type]


def assemble(
    panel: Panel, networks: Iterable[tuple[str, nn.Module]], samples: bool = True, members: int = 0, orientations: int = 1
) -> Panel:
    """``panel`` with every network added under its name. Raises JobError when two have the same name."""
    for name, network in networks:
        if any(method.name == name for method in panel.methods):
            raise JobError(f"Two of the systems are called '{name}'.", "Rename a file or a folder: its name is that of its rows.")
        if isinstance(network, SuperResolver):
            add_model(panel, name, network, samples, members, orientations)
        else:
            panel.methods.append(trained_system(name, network))
    return panel


def interpolations() -> Panel:
    """What everyone is compared with."""
    return Panel([Bicubic(), MedianBicubic()])
