"""Pieces of the judged images, kept beside the figures so that the sheet can be drawn without asking any network again."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sitsr_core.errors import writing
from sitsr_core.evaluation.crop_view import busiest, colour_positions
from sitsr_core.evaluation.evaluate import Seen
from sitsr_core.evaluation.methods import Estimate
from sitsr_core.evaluation.scene import Scene

NAME = "crops.npz"
SIDE = 96  # fine pixels
TRUTH = "truth"


@dataclass
class Crops:
    """ "set/method" -> (3, side, side) red, green, blue of the first scene of each set, with as many dates as the method was given."""

    images: dict[str, np.ndarray] = field(default_factory=dict)

    def of_set(self, name: str, scenes: list[Scene]) -> Seen:
        """What an evaluation of the set tells its estimates to."""
        first = scenes[0]
        window = busiest(first.truth, min(SIDE, *first.truth.shape[1:]))
        shown = colour_positions([first.bands[position] for position in first.judged])
        self.images[f"{name}/{TRUTH}"] = first.truth[shown][:, *window].astype(np.float32)

        def keep(scene: Scene, method: str, case: str, estimate: Estimate) -> None:
            if scene is first and case.isdigit():  # cases come in the order of their numbers of dates: the last one stays
                self.images[f"{name}/{method}"] = estimate.image[list(scene.judged)][shown][:, *window].astype(np.float32)

        return keep

    def save(self, folder: Path) -> None:
        """Write the folder's crops, whole or not at all. Raises OutputError."""
        path = folder / NAME
        temporary = path.with_name(f"{path.name}.part")
        with writing(path):
            folder.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                np.savez(file, allow_pickle=False, **self.images)  # type: ignore[arg-type]
            os.replace(temporary, path)

    @classmethod
    def load(cls, folder: Path) -> "Crops":
        """The folder's crops; none where there are none, or damaged ones: a sheet is not worth a failure."""
        try:
            with np.load(folder / NAME, allow_pickle=False) as archive:
                return cls({name: archive[name] for name in archive.files})
        except (OSError, ValueError, KeyError, EOFError):
            return cls()
