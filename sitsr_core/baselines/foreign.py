"""Others' weights, from the checkpoints of their public code, in this project's modules.

    HighRes-net                   github.com/ServiceNow/HighRes-net: HRNet.pth, a state dict (encode.*, fuse.*, decode.*)
    HighRes-net + L-TAE           github.com/aimiokab/MISR-S2: {"state_dict": {"model": ..}} (encoder.*, temporal_encoder.*, decoder.*)
    SRDiff                        github.com/LeiaLi/SRDiff: the same wrapping (denoise_fn.*, rrdb.*)
    SRDiff + HighRes-net + L-TAE  github.com/aimiokab/MISR-S2: denoise_fn.*, and rrdb.* as of HighRes-net + L-TAE

Which one it is, and its sizes, follow from the names and shapes. Files are read with ``weights_only=True``: one that asks for any object is
refused. Every tensor must find its place and every place its tensor; the buffers of a diffusion's schedule are computed here.

Their networks see stretched values, red first; here they see reflectance, blue first. The stretch, 0 to ``white`` in each band, goes into
the normalisation, and the order into the first and the last layers. What lies above the white, which they cut off, is not cut off here.
HighRes-net sees 16-bit numbers over 65535, and PROBA-V's reflectance is its numbers over 16383.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sitsr_core.baselines.registry import find_system
from sitsr_core.errors import JobError, ModelError, writing
from sitsr_core.training.checkpoint import PARTS, save_checkpoint
from sitsr_core.training.config import TrainingConfig

WHITE = (0.1118, 0.1583, 0.2058)  # B02 B03 B04: the 98th percentiles that MISR-S2 stretches by
RGB = ("B02", "B03", "B04")
PROBAV_SPREAD = 65535 / 16383
RESCALE, CLIP = 2.0, 5.0  # of the residual: theirs in images from -1 to 1, ours in standard deviations
SCHEDULE = re.compile(
    r"(betas|alphas_cumprod(_prev)?|(sqrt|log)_.*cumprod|posterior_(variance|log_variance_clipped|mean_coef[12]))$|ssim_loss\."
)
COUNTER = "num_batches_tracked"

State = dict[str, Tensor]
Names = dict[str, str]  # module of theirs -> module of ours


@dataclass(frozen=True)
class Foreign:
    """How a checkpoint becomes a network.

    Attributes:
        system: of the registry.
        network: its configuration.
        names: where each module goes; the longest name that fits counts.
        inputs, outputs: our weights whose input channels, output channels are bands.
    """

    system: str
    network: dict[str, Any]
    names: Names
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def import_weights(path: Path, out: Path, bands: tuple[str, ...] = (), white: tuple[float, ...] = WHITE) -> nn.Module:
    """Read a checkpoint and write it as a training's folder, which ``evaluate.py``, ``benchmark.py`` and ``--init`` take.

    Args:
        path: of the checkpoint.
        out: folder to write; must not hold a training.
        bands: of HighRes-net's networks of one band (default: B04); the others have red, green and blue.
        white: reflectance of B02, B03 and B04 that the stretch shows as white.

    Raises:
        ModelError: a file that holds more than weights, is damaged or of no layout known here, and weights that do not fit it.
        JobError: bands or a stretch that do not fit, or a folder that holds a training.
        OutputError: a folder that cannot be written.
    """
    if any(out.glob("checkpoint*")):
        raise JobError(f"'{out}' holds a training.", "Give another folder (--out).")
    state = read_state(path)
    foreign = recognised(state, path, bands, white)
    config = TrainingConfig.from_dict({"data": f"imported from {path.name}", "system": foreign.system, "network": foreign.network})
    network = find_system(foreign.system).build(config.network)
    network.load_state_dict(_placed(state, network.state_dict(), foreign, path))
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    kept = network.state_dict()
    parts = dict.fromkeys(PARTS) | {"network": kept, "average": kept, "updates": 0, "step": 0, "config": json.dumps(config.to_dict())}
    save_checkpoint(out, parts)
    return network.eval()


def read_state(path: Path) -> State:
    """The tensors of a checkpoint by name, out of whatever wraps them. Raises ModelError."""
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise ModelError(f"The checkpoint '{path}' cannot be read.", str(error.strerror), repr(error)) from error
    except Exception as error:  # torch raises many kinds for a file that is none, or asks for objects
        hint = "Only tensors are read: save the state dict alone where that file was made."
        raise ModelError(f"'{path}' is damaged, or holds more than weights.", hint, repr(error)) from error
    for wrapper in ("state_dict", "model"):
        if isinstance(found, dict) and isinstance(found.get(wrapper), dict):
            found = found[wrapper]
    if not isinstance(found, dict) or not found or not all(isinstance(k, str) and isinstance(v, Tensor) for k, v in found.items()):
        raise ModelError(f"'{path}' is no state dict: it does not hold named tensors.", "Give a checkpoint of one of the layouts.")
    prefixes = [prefix for prefix in ("model.", "module.") if all(key.startswith(prefix) for key in found)]
    return {key.removeprefix(prefixes[0] if prefixes else ""): value for key, value in found.items()}


def recognised(state: State, path: Path, bands: tuple[str, ...], white: tuple[float, ...]) -> Foreign:
    """What a checkpoint is of. Raises ModelError, JobError."""
    if len(white) != len(RGB) or not all(value > 0 for value in white):
        raise JobError(f"The white of the stretch is {white}.", "Give the reflectance of B02, B03 and B04.")
    marks: dict[str, Callable[[], Foreign]] = {
        "encode.init_layer.0.weight": lambda: _highres_net(state, bands or ("B04",)),
        "temporal_encoder.inconv.weight": lambda: _highres_net_ltae(state, white),
        "rrdb.RRDB_trunk.0.RDB1.conv1.weight": lambda: _srdiff(state, white),
        "rrdb.temporal_encoder.inconv.weight": lambda: _srdiff_ltae(state, white),
    }
    found = next((make for mark, make in marks.items() if mark in state), None)
    known = "Known: HighRes-net, HighRes-net + L-TAE, SRDiff, and SRDiff conditioned by HighRes-net + L-TAE, as their authors save them."
    if found is None:
        raise ModelError(f"'{path}' has none of the known layouts: its first tensor is '{next(iter(state))}'.", known)
    if "decode.deconv2.0.weight" in state:
        raise ModelError(f"'{path}' is a HighRes-net with two transposed convolutions, the original has one.", known)
    try:
        return found()
    except (KeyError, IndexError, ValueError, ZeroDivisionError) as error:
        raise ModelError(f"'{path}' lacks the tensor {error}.", known, repr(error)) from error


def _count(state: State, pattern: str) -> int:
    """How many numbers a name goes through."""
    numbers = {int(found[1]) for key in state if (found := re.match(pattern, key))}
    return len(numbers)


def _view_encoder(state: State, theirs: str, ours: str) -> tuple[Names, int, int]:
    """HighRes-net's encoder: names, width and number of blocks."""
    blocks = _count(state, re.escape(theirs) + r"\.res_layers\.(\d+)\.")
    names = {f"{theirs}.init_layer.{n}": f"{ours}.{n}" for n in (0, 1)} | {f"{theirs}.final.0": f"{ours}.{2 + blocks}"}
    names |= {f"{theirs}.res_layers.{n}.block": f"{ours}.{2 + n}.layers" for n in range(blocks)}
    return names, len(state[f"{theirs}.init_layer.0.weight"]), blocks


def _highres_net(state: State, bands: tuple[str, ...]) -> Foreign:
    names, width, blocks = _view_encoder(state, "encode", "encoder")
    names |= {"fuse.fuse.0.block": "fusion.fuse.0.layers", "fuse.fuse.1": "fusion.fuse.1", "fuse.fuse.2": "fusion.fuse.2"}
    names |= {"decode.deconv.0": "decoder.0", "decode.deconv.1": "decoder.1", "decode.final": "decoder.2"}
    count, factor = state["encode.init_layer.0.weight"].shape[1] // 2, state["decode.deconv.0.weight"].shape[-1]
    if count != len(bands):
        raise JobError(f"The network has {count} bands, given are {', '.join(bands)}.", "Name them (--bands).")
    plain = {"center": [0.0] * count, "spread": [PROBAV_SPREAD] * count, "bands": list(bands)}
    return Foreign("highres_net", plain | {"factor": factor, "width": width, "blocks": blocks}, names, (), ())


def _ltae(state: State, prefix: str, ours: str) -> tuple[Names, dict[str, int]]:
    """HighRes-net + L-TAE: names and sizes."""
    names, width, blocks = _view_encoder(state, f"{prefix}encoder", f"{ours}encoder")
    temporal = {
        "inconv": "enter", "in_norm": "norm_in", "out_norm": "norm_out", "attention_heads.fc1_k": "key", "mlp.0": "leave.0",
        "mlp.1": "leave.1",
    }  # fmt: skip
    names |= {f"{prefix}temporal_encoder.{key}": f"{ours}attention.{value}" for key, value in temporal.items()}
    names[f"{prefix}temporal_encoder.attention_heads.Q"] = f"{ours}attention.query"
    decoder = {"deconv.0": 0, "deconv.1": 1, "deconv2.0": 2, "deconv2.1": 3, "final": 4}
    names |= {f"{prefix}decoder.{key}": f"{ours}decoder.{value}" for key, value in decoder.items()}
    heads, key = state[f"{prefix}temporal_encoder.attention_heads.Q"].shape
    model = len(state[f"{prefix}temporal_encoder.inconv.weight"])
    return names, {"width": width, "blocks": blocks, "heads": heads, "key": key, "model": model}


def _highres_net_ltae(state: State, white: tuple[float, ...]) -> Foreign:
    names, sizes = _ltae(state, "", "")
    half = [value / 2 for value in white]
    network = {"bands": list(RGB), "factor": 4, "center": half, "spread": half} | sizes
    return Foreign("highres_net_ltae", network, names, ("encoder.0.weight",), ("decoder.4.weight", "decoder.4.bias"))


def _unet(state: State, white: tuple[float, ...]) -> tuple[Names, dict[str, Any]]:
    """SRDiff's U-Net: names and sizes."""
    levels = _count(state, r"denoise_fn\.downs\.(\d+)\.")
    block = {"mlp.1": "time", "block1.block.1": "conv1", "block2.block.1": "conv2", "res_conv": "skip"}
    blocks = {f"downs.{n}.{k}": f"{kind}.{n}" for n in range(levels) for k, kind in enumerate(("enter", "descend"))}
    blocks |= {f"ups.{n}.{k}": f"{kind}.{n}" for n in range(levels - 1) for k, kind in enumerate(("join", "rise"))}
    blocks |= {"mid_block1": "middle.0", "mid_block2": "middle.1"}
    names = {f"denoise_fn.{theirs}.{a}": f"unet.{ours}.{b}" for theirs, ours in blocks.items() for a, b in block.items()}
    names |= {f"denoise_fn.downs.{n}.2.conv.1": f"unet.down.{n}" for n in range(levels - 1)}
    names |= {f"denoise_fn.ups.{n}.2.conv.0": f"unet.up.{n}" for n in range(levels - 1)}
    rest = {"cond_proj": "condition", "mlp.0": "time.0", "mlp.2": "time.2", "final_conv.0.block.1": "last", "final_conv.1": "head"}
    names |= {f"denoise_fn.{theirs}": f"unet.{ours}" for theirs, ours in rest.items()}
    width = state["denoise_fn.mlp.0.weight"].shape[1]
    widths = [len(state[f"denoise_fn.downs.{level}.0.block1.block.1.weight"]) for level in range(levels)]
    sizes = {
        "bands": list(RGB), "factor": state["denoise_fn.cond_proj.weight"].shape[-1] // 2, "width": width,
        "multipliers": [value // width for value in widths], "steps": len(state["betas"]), "clip": CLIP,
        "residual_std": [value / (2 * RESCALE * CLIP) for value in white],
    }  # fmt: skip
    return names, sizes


UNET_INPUTS = ("unet.enter.0.conv1.weight", "unet.enter.0.skip.weight")
UNET_OUTPUTS = ("unet.head.weight", "unet.head.bias")


def _srdiff(state: State, white: tuple[float, ...]) -> Foreign:
    names, network = _unet(state, white)
    blocks = _count(state, r"rrdb\.RRDB_trunk\.(\d+)\.")
    names |= {
        f"rrdb.RRDB_trunk.{n}.RDB{dense}.conv{layer}": f"encoder.blocks.{n}.{dense - 1}.layers.{layer - 1}"
        for n in range(blocks)
        for dense in (1, 2, 3)
        for layer in (1, 2, 3, 4, 5)
    }
    rest = {"conv_first": "first", "trunk_conv": "last", "upconv1": "up.0", "upconv2": "up.1", "HRconv": "fine", "conv_last": "head"}
    names |= {f"rrdb.{theirs}": f"encoder.{ours}" for theirs, ours in rest.items()}
    network |= {"center": [0.0] * len(white), "spread": list(white)}
    network |= {"encoder_width": len(state["rrdb.conv_first.weight"]), "encoder_blocks": blocks}
    inputs, outputs = (*UNET_INPUTS, "encoder.first.weight"), (*UNET_OUTPUTS, "encoder.head.weight", "encoder.head.bias")
    return Foreign("srdiff", network, names, inputs, outputs)


def _srdiff_ltae(state: State, white: tuple[float, ...]) -> Foreign:
    names, network = _unet(state, white)
    of_encoder, sizes = _ltae(state, "rrdb.", "encoder.")
    half = [value / 2 for value in white]
    network |= {"center": half, "spread": half, "encoder_width": sizes["width"], "encoder_blocks": sizes["blocks"]}
    network |= {name: sizes[name] for name in ("heads", "key", "model")}
    inputs = (*UNET_INPUTS, "encoder.encoder.0.weight")
    outputs = (*UNET_OUTPUTS, "encoder.decoder.4.weight", "encoder.decoder.4.bias")
    return Foreign("srdiff_highres_net_ltae", network, names | of_encoder, inputs, outputs)


def _placed(state: State, expected: State, foreign: Foreign, path: Path) -> State:
    """The tensors under our names, of our shapes, blue first. Raises ModelError for what is missing, left over or of another shape."""
    found: State = {key: value for key, value in expected.items() if key.endswith(COUNTER)}  # some keep it, and nothing depends on it
    left_over = []
    for key, value in state.items():
        if SCHEDULE.match(key):
            continue
        place = _place(key, foreign.names)
        if place not in expected:
            left_over += [key] if not key.endswith(COUNTER) else []
            continue
        wanted = expected[place].shape
        if [side for side in value.shape if side > 1] != [side for side in wanted if side > 1]:
            sizes = f"{_sides(value.shape)} numbers instead of {_sides(wanted)}"
            raise ModelError(f"'{path}': the tensor '{key}' holds {sizes}.", "Its sizes do not fit each other; fetch it again.")
        if not torch.isfinite(value).all():
            raise ModelError(f"'{path}': the tensor '{key}' is not finite.", "Fetch it again.")
        found[place] = _blue_first(value.reshape(wanted), place, foreign)
    missing = [key for key in expected if key not in found]
    if missing or left_over:
        faults = [f"lacks {len(missing)} tensors, the first for '{missing[0]}'"] if missing else []
        faults += [f"has {len(left_over)} tensors that have no place here, the first '{left_over[0]}'"] if left_over else []
        raise ModelError(f"'{path}' {' and '.join(faults)}.", "It is of another version of its code, or of other options.")
    return found


def _place(key: str, names: Names) -> str:
    """Our name of a tensor; "" when it has none."""
    if key in names:
        return names[key]
    module, _, kind = key.rpartition(".")
    return f"{names[module]}.{kind}" if module in names else _inside(key, names)


def _inside(key: str, names: Names) -> str:
    """A tensor of a module inside a named one: that of the longest name."""
    fitting = max((name for name in names if key.startswith(f"{name}.")), key=len, default="")
    return names[fitting] + key[len(fitting) :] if fitting else ""


def _blue_first(value: Tensor, place: str, foreign: Foreign) -> Tensor:
    """Red, green, blue -> blue, green, red, in groups of three, where channels are bands."""
    if place in foreign.outputs:
        return value.flip(0)
    if place in foreign.inputs:
        return value.unflatten(1, (-1, len(RGB))).flip(2).flatten(1, 2)
    return value


def _sides(shape: torch.Size) -> str:
    return " x ".join(map(str, shape)) or "1"
