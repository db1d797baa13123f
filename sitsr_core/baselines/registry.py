"""Every system that the trainer can build, by the name that a configuration's ``system`` gives it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from sitsr_core.baselines import ablations
from sitsr_core.baselines.esrgan_plus import ESRGAN_OBJECTIVE, EsrganPlus, EsrganPlusConfig
from sitsr_core.baselines.highres_net import HighResNet, HighResNetConfig
from sitsr_core.baselines.highres_net_ltae import HighResNetLtae, HighResNetLtaeConfig
from sitsr_core.baselines.objectives import noise_level_objective, noise_objective, regression_objective
from sitsr_core.baselines.rcan import Rcan, RcanConfig
from sitsr_core.baselines.s2gan import S2GAN_OBJECTIVE, S2gan, S2ganConfig
from sitsr_core.baselines.sr3 import Sr3, Sr3Config
from sitsr_core.baselines.srcnn import Srcnn, SrcnnConfig
from sitsr_core.baselines.srdiff import Srdiff, SrdiffConfig
from sitsr_core.baselines.srdiff_series import (
    SrdiffHighResNet,
    SrdiffHighResNetConfig,
    SrdiffHighResNetLtae,
    SrdiffHighResNetLtaeConfig,
)
from sitsr_core.baselines.srgan import SRGAN_OBJECTIVE, Srgan, SrganConfig
from sitsr_core.errors import JobError, ModelError
from sitsr_core.models.network import NetworkConfig, SuperResolver
from sitsr_core.training.objectives import OBJECTIVES, trainable

OWN = "sitsr"
Objective = Callable[..., tuple[Tensor, dict[str, float]]]


@dataclass(frozen=True)
class System:
    """A network, its configuration, and what it can be trained for; the first objective is its usual one.

    Attributes:
        single: whether it sees the reference date alone.
        slow: whether its answer takes many evaluations.
    """

    network: type[nn.Module]
    config: type
    objectives: Mapping[str, Objective]
    single: bool = False
    slow: bool = False

    def build(self, config: Any) -> nn.Module:
        """An untrained network. Raises ModelError for a configuration that makes none."""
        try:
            return self.network(config)
        except (ValueError, RuntimeError, ZeroDivisionError, IndexError) as error:
            raise ModelError("No network can be built from the configuration.", "Check the numbers of [network].", repr(error)) from error

    def parameters(self, network: nn.Module, objective: str) -> list[nn.Parameter]:
        """Those that an objective moves."""
        chosen = trainable(network, objective) if self.objectives is OBJECTIVES else network.parameters()  # type: ignore[arg-type]
        return [parameter for parameter in chosen if parameter.requires_grad]


def _variant(network: type[SuperResolver]) -> System:
    return System(network, NetworkConfig, OBJECTIVES)


SYSTEMS = {
    OWN: _variant(SuperResolver),
    "highres_net": System(HighResNet, HighResNetConfig, {"mean": regression_objective}),
    "highres_net_ltae": System(HighResNetLtae, HighResNetLtaeConfig, {"mean": regression_objective}),
    "srdiff": System(Srdiff, SrdiffConfig, {"noise": noise_objective}, single=True, slow=True),
    "srcnn": System(Srcnn, SrcnnConfig, {"mean": regression_objective}, single=True),
    "rcan": System(Rcan, RcanConfig, {"mean": regression_objective}, single=True),
    "srgan": System(Srgan, SrganConfig, {"adversarial": SRGAN_OBJECTIVE, "mean": regression_objective}, single=True),
    "esrgan_plus": System(EsrganPlus, EsrganPlusConfig, {"adversarial": ESRGAN_OBJECTIVE, "mean": regression_objective}, single=True),
    "s2gan": System(S2gan, S2ganConfig, {"adversarial": S2GAN_OBJECTIVE, "mean": regression_objective}, single=True),
    "sr3": System(Sr3, Sr3Config, {"noise": noise_level_objective}, single=True, slow=True),
    "srdiff_highres_net": System(SrdiffHighResNet, SrdiffHighResNetConfig, {"noise": noise_objective}, slow=True),
    "srdiff_highres_net_ltae": System(SrdiffHighResNetLtae, SrdiffHighResNetLtaeConfig, {"noise": noise_objective}, slow=True),
    "no_shift": _variant(ablations.NoShift),
    "shift_channels": _variant(ablations.ShiftChannels),
    "steered_shift": _variant(ablations.SteeredShift),
    "unplaced": _variant(ablations.Unplaced),
    "mean_fusion": _variant(ablations.MeanFusion),
    "unmasked": _variant(ablations.Unmasked),
    "one_network": System(ablations.OneNetwork, NetworkConfig, {"joint": ablations.one_network_objective}),
}


def find_system(name: str) -> System:
    """The system of that name. Raises JobError."""
    if name not in SYSTEMS:
        raise JobError(f"There is no system '{name}'.", f"Known: {', '.join(SYSTEMS)}.")
    return SYSTEMS[name]


def system_of(network: nn.Module) -> System:
    """The system that a network belongs to."""
    return next(system for system in SYSTEMS.values() if system.network is type(network))
