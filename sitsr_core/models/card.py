"""Weights and their model card in one safetensors file: saving, checked loading, the bundled models.

The card is JSON in the file's header. A file is data only: nothing in it is executed, and a header that asks for an absurd network
is refused before anything is allocated.
"""

import dataclasses
import hashlib
import json
import math
import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from sitsr_core.errors import JobError, ModelError, OutputError
from sitsr_core.models.network import UNSAID, NetworkConfig, SuperResolver
from sitsr_core.sensor import MTF_AT_NYQUIST

DEFAULT_MODEL = "small"
BUNDLED = Path(__file__).resolve().parents[2] / "resources" / "models"
HEADER_KEY = "sitsr"
FORMAT = 1
FACTORS = (2, 3, 4)  # that networks can be made for
LIMITS = {
    "encoder_width": 512, "encoder_blocks": 32, "heads": 64, "trunk_width": 1024, "trunk_blocks": 64,
    "fidelity_blocks": 64, "gradient_steps": 16, "denoiser_width": 512, "denoiser_blocks": 32,
}  # fmt: skip
MAY_BE_NONE = ("fidelity_blocks", "gradient_steps")
LARGEST_HALF = 65504.0


@dataclass
class ModelCard:
    """What a user must know of a model.

    Attributes:
        name: short name.
        version: of the weights.
        description: one or two sentences.
        bands, factor: what goes in and by how much it grows.
        gsd: metres per input pixel that it is meant for.
        dates: (fewest, most) dates that it was trained with.
        receptive_field: coarse pixels around a pixel that the mean depends on.
        training_data: names, licences.
        limits: what it does not support, in words.
        metrics: figures with the command that repeats them.
        licence: of the weights.
        steps: denoising steps recommended for a sample.
    """

    name: str
    version: str = "0"
    description: str = ""
    bands: tuple[str, ...] = ()
    factor: int = 4
    gsd: float = 10.0
    dates: tuple[int, int] = (1, 16)
    receptive_field: int = 0
    training_data: list[str] = field(default_factory=list)
    limits: str = ""
    metrics: dict = field(default_factory=dict)
    licence: str = "GPL-3.0-or-later"
    steps: int = 4

    def to_dict(self) -> dict:
        """Plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_file(cls, path: str | Path) -> "ModelCard":
        """A card from a TOML file of its attributes. Raises JobError."""
        try:
            return cls(**tomllib.loads(Path(path).read_text(encoding="utf-8")))
        except OSError as error:
            raise JobError(f"The model card '{path}' cannot be read.", str(error.strerror)) from error
        except (ValueError, TypeError) as error:  # not UTF-8, not TOML, an unknown key, no name
            raise JobError(f"The model card '{path}' is not valid.", f"{error}.") from error


def save_model(network: SuperResolver, card: ModelCard, path: str | Path) -> None:
    """Write weights, in half precision, and card; the file appears whole or not at all. Raises OutputError."""
    path = Path(path)
    card = dataclasses.replace(card, bands=network.config.bands, factor=network.config.factor, receptive_field=network.halo("mean"))
    header = json.dumps({"format": FORMAT, "config": network.config.to_dict(), "card": card.to_dict()})
    weights = {name: _stored(value).contiguous() for name, value in network.state_dict().items()}
    temporary = path.with_name(path.name + ".part")
    try:
        save_file(weights, str(temporary), metadata={HEADER_KEY: header})
        temporary.chmod(0o644)
        os.replace(temporary, path)
    except (OSError, SafetensorError) as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"The model '{path}' cannot be written.", "Check the folder and its free space.", repr(error)) from error


def _stored(weight: torch.Tensor) -> torch.Tensor:
    """In half precision, which rounds by 1 in 2000 at most, unless a value is too large for it."""
    return weight.half() if weight.abs().max() <= LARGEST_HALF else weight


def list_bundled() -> list[str]:
    """Names of the models that come with the project."""
    return sorted(path.stem for path in BUNDLED.glob("*.safetensors"))


def model_path(name_or_path: str = "") -> Path:
    """The file of a bundled name, or of a path. Raises ModelError."""
    name = name_or_path or DEFAULT_MODEL
    path = BUNDLED / f"{name}.safetensors" if name in list_bundled() else Path(name)
    if not path.is_file():
        bundled = ", ".join(list_bundled()) or "none"
        raise ModelError(f"The model '{name}' was not found.", f"Give a .safetensors file or a bundled name ({bundled}).")
    return path


def model_hash(path: str | Path) -> str:
    """First 16 hexadecimal digits of the file's SHA-256."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def read_header(path: Path) -> tuple[NetworkConfig, ModelCard]:
    """Network configuration and card, checked. Raises ModelError."""
    try:
        with safe_open(str(path), framework="pt") as file:
            text = (file.metadata() or {}).get(HEADER_KEY)
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(f"The model file '{path.name}' is damaged or not a safetensors file.", "Fetch it again.", repr(error)) from error
    if text is None:
        raise ModelError(f"'{path.name}' is not a sitsr model: it has no model card.", "Use a model that sitsr wrote.")
    try:
        header = json.loads(text)
        known = {f.name for f in dataclasses.fields(ModelCard)}
        card = ModelCard(**{key: value for key, value in header["card"].items() if key in known})
        config = NetworkConfig(**UNSAID | header["config"])
        check_config(config, f"The model '{path.name}'")
        _check_card(card, path.name)
        return config, card
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"The model card in '{path.name}' is damaged.", "Fetch the model again.", repr(error)) from error


def check_config(config: NetworkConfig, owner: str) -> None:
    """Raise ModelError for a network that cannot be built or would be absurd; ``owner`` begins the sentence."""
    for field_name, limit in LIMITS.items():
        value = getattr(config, field_name)
        fewest = 0 if field_name in MAY_BE_NONE else 1
        if type(value) is not int or not fewest <= value <= limit:
            raise ModelError(f"{owner} asks for {field_name} = {value!r}.", f"Networks have from {fewest} to {limit}.")
    if config.encoder_width % config.heads:
        raise ModelError(
            f"{owner} has {config.heads} attention heads for {config.encoder_width} channels.", "The heads must divide the channels."
        )
    unknown = [band for band in config.bands if band not in MTF_AT_NYQUIST]
    if unknown or not config.bands or len(set(config.bands)) != len(config.bands):
        raise ModelError(f"{owner} has the bands {config.bands!r}.", f"Known bands, each once: {', '.join(MTF_AT_NYQUIST)}.")
    for field_name in ("center", "spread", "residual_std"):
        values = getattr(config, field_name)
        if len(values) != len(config.bands) or not all(_is_finite(v) and (v > 0 or field_name == "center") for v in values):
            raise ModelError(f"{owner} has {field_name} = {values!r}.", "One number a band is needed; spreads are positive.")
    if type(config.guided_draws) is not bool:
        raise ModelError(f"{owner} asks for guided_draws = {config.guided_draws!r}.", "It is true or false.")
    if config.factor not in FACTORS:
        raise ModelError(f"{owner} is for a factor of {config.factor!r}.", f"Networks are made for {', '.join(map(str, FACTORS))}.")


def _check_card(card: ModelCard, name: str) -> None:
    """What the engine reads of a card must be of its kind. Raises ModelError."""
    dates, steps = card.dates, card.steps
    whole = isinstance(dates, list | tuple) and len(dates) == 2 and all(type(n) is int for n in (*dates, steps))
    if not whole or not 1 <= dates[0] <= dates[1] or steps < 1 or not (isinstance(card.name, str) and isinstance(card.version, str)):
        raise ModelError(f"The model card in '{name}' is damaged.", "Fetch the model again.")


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def load_model(name_or_path: str = "", device: str | torch.device = "cpu") -> SuperResolver:
    """A network ready for inference, with its ``card`` as an attribute. Raises ModelError."""
    path = model_path(name_or_path)
    config, card = read_header(path)
    with torch.device("meta"):  # shapes only: nothing is allocated for a header that promises more than the file holds
        expected = SuperResolver(config).state_dict()
    state = {}
    try:
        with safe_open(str(path), framework="pt") as file:
            names = set(file.keys())
            for name, tensor in expected.items():
                if name not in names or tuple(file.get_slice(name).get_shape()) != tuple(tensor.shape):
                    raise ModelError(f"The weights in '{path.name}' do not fit its card (at '{name}').", "Fetch the model again.")
                state[name] = file.get_tensor(name).to(tensor.dtype)
                if not torch.isfinite(state[name]).all():
                    raise ModelError(f"The weights in '{path.name}' are not finite (at '{name}').", "Fetch the model again.")
    except (SafetensorError, OSError) as error:
        raise ModelError(f"The model file '{path.name}' is damaged.", "Fetch it again.", repr(error)) from error
    if not (state["calibration"] > 0).all():
        raise ModelError(f"The calibration in '{path.name}' is not positive.", "Fetch the model again.")
    network = SuperResolver(config)
    network.load_state_dict(state)
    network.card = card
    return network.eval().to(device=device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
