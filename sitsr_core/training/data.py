"""Where a training's batches come from: a folder of fine images that are simulated upon, or a prepared dataset of real pairs."""

from dataclasses import dataclass
from pathlib import Path

from sitsr_core.datasets.folder import FolderSite
from sitsr_core.datasets.folder_sampler import FolderSampler, folder_batches
from sitsr_core.datasets.places import Place, load_places
from sitsr_core.datasets.prepared import is_prepared, load_prepared
from sitsr_core.datasets.sampler import PlaceSampler
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.datasets.split import PARTS, split_places
from sitsr_core.errors import InputError
from sitsr_core.training.calibration import BATCHES, calibration_batches
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.validation import DATES, place_batches

VALIDATION_BATCHES = 4


def site_parts(root: str | Path, split: str = "") -> dict[str, list[FolderSite]]:
    """The places of a prepared dataset by part: as a split file says, or as the dataset does. Raises InputError."""
    sites = load_prepared(root).sites
    return split_places(sites, split) if split else {part: [site for site in sites if site.part == part] for part in PARTS}


@dataclass(frozen=True)
class TrainingData:
    """A data folder, read once for any number of trainings: one of the two, by part.

    Attributes:
        places: fine images that are simulated upon.
        sites: real pairs.
    """

    places: dict[str, list[Place]] | None = None
    sites: dict[str, list[FolderSite]] | None = None

    @classmethod
    def read(cls, data: str, split: str = "") -> "TrainingData":
        """Raises InputError for data that are missing or damaged, or without anything to learn from."""
        if not is_prepared(data):
            return cls(places=split_places(load_places(data), split))
        parts = site_parts(data, split)
        if not parts["train"]:
            raise InputError(f"The dataset in '{data}' has no place to learn from.", "Prepare more of it, or change the split.")
        return cls(sites=parts)

    def sampler(self, config: TrainingConfig) -> PlaceSampler | FolderSampler:
        """The batches of a training. Raises SitsrError when the data do not fit the network."""
        if self.sites is not None:
            return FolderSampler(self.sites["train"], config.sampler, config.network.bands, config.network.factor)
        assert self.places is not None
        return PlaceSampler(self.places["train"], config.sampler, config.simulation, config.network.factor)

    def validation(self, config: TrainingConfig) -> dict[str, list[TrainingBatch]]:
        """Fixed batches of what the training never sees, where there is any."""
        if self.sites is not None:
            return _held_out(self.sites["validation"], config, VALIDATION_BATCHES)
        assert self.places is not None
        places = self.places["validation"]
        return place_batches(places, config.sampler, config.network.factor) if places else {}

    def calibration(self, config: TrainingConfig) -> list[TrainingBatch]:
        """What a model is calibrated on: all places but those of the tests; of real pairs, those it did not learn from."""
        if self.sites is not None:
            return _held_out(self.sites["validation"] or self.sites["train"], config, BATCHES)["held_out"]
        assert self.places is not None
        return calibration_batches(self.places["train"] + self.places["validation"], config)


def training_batches(config: TrainingConfig, validate: bool) -> tuple[PlaceSampler | FolderSampler, dict[str, list[TrainingBatch]]]:
    """The sampler of a training, and fixed batches of what it never sees, where ``validate`` asks for them and there are any.

    Raises:
        SitsrError: data that are missing, damaged or do not fit the network.
    """
    data = TrainingData.read(config.data, config.split)
    return data.sampler(config), data.validation(config) if validate else {}


def batches_to_calibrate(config: TrainingConfig) -> list[TrainingBatch]:
    """See ``TrainingData.calibration``. Raises SitsrError."""
    return TrainingData.read(config.data, config.split).calibration(config)


def _held_out(sites: list[FolderSite], config: TrainingConfig, count: int) -> dict[str, list[TrainingBatch]]:
    if not sites:
        return {}
    network = config.network
    dates = min(DATES, config.sampler.max_dates, max(len(site.usable) for site in sites))
    return folder_batches(sites, config.sampler, dates, count, network.bands, network.factor)
