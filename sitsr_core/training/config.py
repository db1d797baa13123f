"""Everything that a training depends on, read from TOML and saved in each checkpoint."""

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sitsr_core.baselines.registry import OWN, find_system
from sitsr_core.datasets.sampler import SamplerConfig
from sitsr_core.datasets.simulate import SimulationConfig
from sitsr_core.errors import JobError
from sitsr_core.models.card import check_config
from sitsr_core.models.network import NetworkConfig

PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass
class OptimizationConfig:
    """How the weights move. Raises JobError for numbers that make no training.

    Attributes:
        objective: "mean" (regression and spread); with everything else frozen "spread" (its head) or "flow" (the denoiser); or what
            another system has.
        optimizer: "muon" or "adam".
        steps: optimizer steps in all; the learning rate falls to zero over them along a cosine.
        learning_rate: the peak, after ``warmup`` steps.
        clip: largest norm of the gradient.
        ema: decay of the averaged weights that are validated and shipped.
        precision: one of ``PRECISIONS``; "auto" is bfloat16 where the device is faster in it.
        checkpoint_every, validate_every: steps between two.
        seed: of the objective's own randomness.
        pretraining: share of an adversarial training's steps in which the generator learns alone; of no meaning elsewhere.
        teacher: what the mean is learned from besides the truth: a bundled model, a model file or a training's folder; "": nothing.
        surprise: share of what the truth has beyond the teacher's answer that is learned from, 0 to 1; of no meaning without one.
        border: share of the samples whose data end within the patch, 0 to 1; not of adversarial trainings.
    """

    objective: str = "mean"
    optimizer: str = "muon"
    steps: int = 6000
    learning_rate: float = 1e-3
    warmup: int = 100
    clip: float = 1.0
    ema: float = 0.998
    precision: str = "auto"
    checkpoint_every: int = 200
    validate_every: int = 500
    seed: int = 0
    pretraining: float = 0.5
    teacher: str = ""
    surprise: float = 0.25
    border: float = 0.0

    def __post_init__(self) -> None:
        for name in ("pretraining", "surprise", "border"):
            if not 0 <= getattr(self, name) <= 1:
                raise JobError(f"The training is to have {name} = {getattr(self, name)}.", "Give a share from 0 to 1.")
        if self.precision not in PRECISIONS:
            raise JobError(f"Unknown precision '{self.precision}'.", f"Use one of {', '.join(PRECISIONS)}.")
        for name in ("steps", "checkpoint_every", "validate_every"):
            if getattr(self, name) < 1:
                raise JobError(f"The training is to have {name} = {getattr(self, name)}.", "Give 1 or more.")


@dataclass
class TrainingConfig:
    """One training.

    Attributes:
        data: folder with the layouts of ``datasets.places.LOADERS``.
        split: JSON file of site names.
        system: what is trained, a name of ``baselines.registry.SYSTEMS``.
        network: the configuration of that system's network.
    """

    data: str
    split: str = ""
    system: str = OWN
    network: Any = field(default_factory=NetworkConfig)
    sampler: SamplerConfig = field(default_factory=SamplerConfig)
    simulation: SimulationConfig = field(default_factory=SimulationConfig)
    optimization: OptimizationConfig = field(default_factory=OptimizationConfig)

    def to_dict(self) -> dict:
        """Plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> "TrainingConfig":
        """Raises JobError for a table or a key that does not exist or is of another kind, ModelError for an impossible network."""
        system = find_system(str(values.get("system", OWN)))
        values = {"network": {}} | values
        parts = {"network": system.config, "sampler": SamplerConfig, "simulation": SimulationConfig, "optimization": OptimizationConfig}
        built = {}
        for name, value in values.items():
            if name in parts:
                built[name] = _build(parts[name], value, name)
            elif name in ("data", "split", "system"):
                if not isinstance(value, str):
                    raise JobError(f"The training configuration has {name} = {value!r}.", "Give a text.")
                built[name] = value
            else:
                raise JobError(
                    f"The training configuration has an unknown entry '{name}'.", f"Known: data, split, system, {', '.join(parts)}."
                )
        if "data" not in built:
            raise JobError("The training configuration names no data folder.", 'Add: data = "path/to/images".')
        config = cls(**built)
        if isinstance(config.network, NetworkConfig):
            check_config(config.network, "The training configuration")
        return config

    @classmethod
    def from_file(cls, path: str | Path) -> "TrainingConfig":
        """Read a TOML file; see ``read_values``. Raises JobError."""
        return cls.from_dict(read_values(Path(path)))


def read_values(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """What a TOML file says, over what the file says that its ``base`` names, relative to its folder. Raises JobError.

    Args:
        path: of the file.
        above: those that name it as their base.
    """
    own = _read(path)
    base = own.pop("base", "")
    if not isinstance(base, str) or path.resolve() in above:
        raise JobError(f"'{path}' has base = {base!r}.", "Give the path of another configuration, which is not based on this one.")
    return laid_over(read_values(path.parent / base, (*above, path.resolve())), own) if base else own


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        hint = "Give the path of a TOML file, such as training/configs/small.toml."
        raise JobError(f"The configuration '{path}' cannot be read: {error.strerror}.", hint) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise JobError(f"The configuration '{path}' is not valid TOML.", f"{error}.") from error


def laid_over(common: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """``merged``, but another system shares nothing of [network]."""
    kinds = [find_system(str((common | values).get("system", OWN))).config for values in ({}, own)]
    return merged(common if kinds[0] is kinds[1] else {key: value for key, value in common.items() if key != "network"}, own)


def merged(common: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """``common`` with the values of ``own``, table by table."""
    result = dict(common)
    for key, value in own.items():
        result[key] = merged(result[key], value) if isinstance(value, dict) and isinstance(result.get(key), dict) else value
    return result


def _build(kind: type, values: dict, name: str):
    if not isinstance(values, dict):
        raise JobError(f"The training configuration's '{name}' is not a table.", f"Begin it with [{name}].")
    usual = dataclasses.asdict(kind())
    unknown = sorted(set(values) - set(usual))
    if unknown:
        raise JobError(f"[{name}] has unknown keys: {', '.join(unknown)}.", f"Known: {', '.join(sorted(usual))}.")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    for key, value in values.items():
        wanted = (int, float) if isinstance(usual[key], float) else type(usual[key])
        if not isinstance(value, wanted) or isinstance(value, bool) != isinstance(usual[key], bool):
            raise JobError(f"[{name}] has {key} = {value!r}.", f"Something like {usual[key]!r} is expected.")
    return kind(**values)
