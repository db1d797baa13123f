"""Exponential moving average of the weights."""

import torch
from torch import Tensor, nn


class WeightAverage:
    """Shadow weights theta' <- d theta' + (1 - d) theta, with d = min(decay, (1 + n) / (10 + n)) so that the start is forgotten."""

    def __init__(self, network: nn.Module, decay: float):
        self.decay = decay
        self.updates = 0
        self.shadow = {name: value.detach().clone() for name, value in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take one step's weights in."""
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.shadow[name].lerp_(value, 1 - decay)
            else:  # a counter
                self.shadow[name].copy_(value)

    @torch.no_grad()
    def load(self, shadow: dict[str, Tensor], updates: int) -> None:
        """Go on from a checkpoint's average."""
        self.updates = updates
        for name, value in self.shadow.items():
            value.copy_(shadow[name])
