"""Deeper networks from shallower ones, whose added residual blocks change nothing until trained, and the other way round."""

import dataclasses

import torch
from torch import nn

from sitsr_core.errors import JobError
from sitsr_core.models.blocks import ResidualBlock
from sitsr_core.models.network import NetworkConfig, SuperResolver

DEPTHS = ("encoder_blocks", "trunk_blocks", "fidelity_blocks", "gradient_steps", "denoiser_blocks")


@torch.no_grad()
def fitted(network: SuperResolver, config: NetworkConfig, leaving_out: bool = False) -> SuperResolver:
    """A network of ``config`` that begins as ``network``; the network itself when it has that shape already.

    Blocks are added behind those there are. Their second convolution is 0, so that they begin as the identity and yet learn from
    the first step on (as in Goyal et al. 2017, section 5.1, with the last normalisation's gain); an added gradient step pulls as an
    untrained one does, and an added draft begins as the mean and tells nothing. Blocks are left out from the last one on. Where
    ``config`` makes no draft, the blocks that followed it follow those of the trunk.

    Args:
        network: to begin with.
        config: the two may differ in ``DEPTHS``. Draws that were not guided may be: they have to be learned again (objective "flow").
        leaving_out: whether ``config`` may be the shallower one. What is left out has to be learned again.

    Raises:
        JobError: the two differ in more than depth, or ``config`` is the shallower one and must not be.
    """
    if network.config == config:
        return network
    differing = _differing_depths(network, config)
    shallower = next((name for name in differing if getattr(config, name) < getattr(network.config, name)), None)
    if shallower and not leaving_out:
        raise JobError(
            f"The network to start from is deeper than that of the configuration: its {shallower} is {getattr(network.config, shallower)}.",
            "To leave blocks out, take it as the teacher too ([optimization] teacher).",
        )
    copied = network.state_dict()
    if not config.fidelity_blocks:
        for index, block in enumerate(network.fidelity, network.config.trunk_blocks):
            copied |= {f"trunk.{index}.{name}": value for name, value in block.state_dict().items()}
    result = SuperResolver(config)
    if config.fidelity_blocks and not network.config.fidelity_blocks:
        copied |= {f"draft_head.{part}": copied[f"mean_head.{part}"] for part in ("weight", "bias")}
        for parameter in result.fidelity_in.parameters():
            parameter.zero_()
    for name, value in result.state_dict().items():
        if name in copied:
            value.copy_(copied[name])
    for name, module in result.named_modules():
        if isinstance(module, ResidualBlock) and f"{name}.conv2.weight" not in copied:
            module.conv2.weight.zero_()
            if module.conv2.bias is not None:
                module.conv2.bias.zero_()
    return result


def take_denoiser(network: nn.Module, other: nn.Module) -> None:
    """Give the network the denoiser of another one, whose features are like its own: that one was made deeper to begin it.

    Raises:
        JobError: one of them is no network of this project's own, or their denoisers differ in shape.
    """
    try:
        network.denoiser.load_state_dict(other.denoiser.state_dict())  # type: ignore[union-attr]
    except (AttributeError, RuntimeError) as error:
        hint = "Its denoiser_width and _blocks, trunk_width, bands, factor and guided_draws must be those of the configuration."
        raise JobError("The denoiser to take does not fit the network.", hint, str(error)) from error


def _differing_depths(network: SuperResolver, config: NetworkConfig) -> list[str]:
    """The names of ``DEPTHS`` in which the two differ. Raises JobError when they differ in anything else."""
    if type(network.config) is not type(config):
        raise JobError("The network to start from is not that of the configuration: it is another system's.", "Give both the same system.")
    differing = [f.name for f in dataclasses.fields(config) if getattr(config, f.name) != getattr(network.config, f.name)]
    other = [name for name in differing if name not in DEPTHS and not (name == "guided_draws" and config.guided_draws)]
    if other:
        shown = f"{other[0]} is {getattr(network.config, other[0])} instead of {getattr(config, other[0])}"
        raise JobError(f"The network to start from is not that of the configuration: its {shown}.", f"Only {', '.join(DEPTHS)} may differ.")
    return [name for name in differing if name in DEPTHS]
