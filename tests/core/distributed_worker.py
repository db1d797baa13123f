"""One of several processes that train a tiny network together: ``python distributed_worker.py FOLDER`` (see ``test_distributed.py``)."""

import sys
from pathlib import Path

import numpy as np
import torch
from fixtures.place_layouts import texture

from sitsr_core.baselines.esrgan_plus import EsrganPlusConfig
from sitsr_core.baselines.registry import find_system
from sitsr_core.baselines.srgan import SrganConfig
from sitsr_core.datasets.places import Place
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig
from sitsr_core.datasets.simulate import SimulationConfig
from sitsr_core.models.network import NetworkConfig
from sitsr_core.training.config import OptimizationConfig, TrainingConfig
from sitsr_core.training.distributed import Processes, started_processes
from sitsr_core.training.trainer import Trainer

NETWORK = NetworkConfig(encoder_width=8, encoder_blocks=1, heads=2, trunk_width=16, trunk_blocks=1, denoiser_width=8, denoiser_blocks=1)
CASES = {
    "mean": ("sitsr", "mean", NETWORK),
    "flow": ("sitsr", "flow", NETWORK),
    "srgan": ("srgan", "adversarial", SrganConfig(width=8, blocks=1, stages=(4, 8), hidden=4)),
    "esrgan_plus": ("esrgan_plus", "adversarial", EsrganPlusConfig(width=8, growth=4, blocks=1, stages=(4, 8), hidden=4)),
}
SAMPLER = SamplerConfig(batch=4, patch=16, max_dates=3, shares={"rgb": 0.5, "rgbn": 0.5})
STEPS = 5
PAUSE = 3  # odd: the training goes on in the middle of the two processes' turns


def _place(source: str, bands: int, seed: int) -> Place:
    image = texture(bands, 128, 128, seed)[None]
    return Place(f"{source}/{seed}", source, image, np.array([18000]), np.ones((128, 128), bool), np.zeros((1, 2), np.float32))


def train(folder: Path, processes: Processes) -> None:
    """Each case, stopped once and resumed. Processes start from different weights on purpose: the first one's count."""
    sampler = PlaceSampler([_place("rgb", 3, 0), _place("rgbn", 4, 1)], SAMPLER, SimulationConfig())
    for case, (name, objective, network) in CASES.items():
        options = OptimizationConfig(
            objective=objective, steps=STEPS, learning_rate=3e-3, warmup=1, ema=0.9, precision="float32", pretraining=0.3
        )  # fmt: skip
        config = TrainingConfig("unused", system=name, network=network, sampler=SAMPLER, optimization=options)
        for until in (PAUSE, STEPS):
            torch.manual_seed(processes.rank)
            Trainer(find_system(name).build(network), sampler, config, folder / case, processes=processes).run(until)


if __name__ == "__main__":
    torch.set_num_threads(1)
    with started_processes() as started:
        train(Path(sys.argv[1]), started)
