"""Growing features by learned sub-pixels (Shi et al. 2016, arXiv:1609.05158): the end of RCAN and of SRResNet."""

from collections.abc import Callable

from torch import nn


def stages(factor: int) -> tuple[int, ...]:
    """The factor as a product of twos, or of one prime: 4 -> (2, 2), 3 -> (3,). Raises ValueError below 2."""
    if factor < 2:
        raise ValueError(f"a factor of {factor} makes nothing larger")
    if factor & (factor - 1):
        return (factor,)
    return (2,) * (factor.bit_length() - 1)


def pixel_shuffles(width: int, factor: int, activation: Callable[[], nn.Module] | None = None) -> nn.Sequential:
    """(B, width, h, w) -> (B, width, factor h, factor w): in stages, each a convolution and a shuffle, and an activation if given."""
    layers: list[nn.Module] = []
    for scale in stages(factor):
        layers += [nn.Conv2d(width, width * scale**2, 3, padding=1), nn.PixelShuffle(scale)]
        layers += [activation()] if activation else []
    return nn.Sequential(*layers)
