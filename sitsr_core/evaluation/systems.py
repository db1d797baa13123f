"""The methods to judge, from what a user names: bundled models, model files, folders of trainings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

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
from sitsr_core.models.card import load_model
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.checkpoint import NAME as CHECKPOINT
from sitsr_core.training.checkpoint import load_averaged

TABLE_STEPS = (4, 20)  # judged with one date and with all
CURVE_STEPS = (1, 2, 10)  # judged with all dates: the rest of the perception-distortion curve


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


def open_network(text: str) -> tuple[str, nn.Module]:
    """(name, network in evaluation mode) of a bundled name, a .safetensors file or a training's folder; "NAME=.." gives it a name.

    Raises ModelError.
    """
    given, _, rest = text.partition("=")
    name, where = (given, rest) if rest and not Path(text).exists() else ("", text)
    path = Path(where)
    if path.is_dir():
        return name or path.resolve().name, load_averaged(path)[0]
    return name or path.stem, load_model(where)


def compared_in(folder: str) -> list[str]:
    """The published systems that ``training/compare.py`` trained and judged in ``folder``, as "NAME=PATH": a seed's last stage."""
    found = []
    for candidate in sorted(path for path in Path(folder).glob("*") if path.is_dir() and path.name != OWN):
        finished = sorted({judged.parent for judged in candidate.glob("seed_*/judged_*.json")})
        stages = sorted(checkpoint.parent for checkpoint in finished[0].glob(f"*/{CHECKPOINT}")) if finished else []
        if stages:
            found.append(f"{candidate.name}={stages[-1]}")
    return found


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
    """A published system, with one date where it sees no more."""
    system = system_of(network)
    if system.single:
        return TrainedSystem(name, network, (1,), shuffled=False, slow=system.slow)  # type: ignore[arg-type]
    return TrainedSystem(name, network, slow=system.slow)  # type: ignore[arg-type]


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
