"""Learning from a teacher: what it expects of the fine image, averaged over orientations, is a less noisy lesson than the image itself.

Most of a fine image cannot be foreseen from coarse ones, and what cannot be foreseen is noise in the gradient. A teacher leaves it out
(Hinton, Vinyals and Dean 2015). Turned and mirrored at random, the teacher gives on average what its mean over all orientations would
give, which is better than any single answer of it (``models.orientations``), at the price of one.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.models.network import SuperResolver
from sitsr_core.models.orientations import ORIENTATIONS, oriented, turned_back
from sitsr_core.training.border import end_data
from sitsr_core.training.distributed import ALONE, Processes
from sitsr_core.training.objectives import Lesson, mean_objective


@dataclass
class Distillation:
    """The objective of the mean, with a teacher.

    Attributes:
        teacher: a network of the same bands and factor; it is not trained.
        surprise: share, 0 to 1, of what the truth has beyond the teacher's answer that is learned from; 1: the teacher is not heard.
        border: share of the samples whose data end for the network, but not for the teacher, which so tells what a border hides.
    """

    teacher: SuperResolver
    surprise: float
    border: float = 0.0

    def __call__(
        self, network: SuperResolver, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
    ) -> tuple[Tensor, dict[str, float]]:
        """Loss and figures to log."""
        orientation = ORIENTATIONS[int(torch.randint(len(ORIENTATIONS), (), generator=generator))]
        with torch.no_grad():
            expected = turned_back(self.teacher.encode(oriented(batch.series, orientation)).mean, orientation)
        batch = end_data(batch, self.border, generator, processes)
        return mean_objective(network, batch, generator, processes, Lesson(expected, self.surprise))
