"""Where a training's batches come from: a folder of fine images that are simulated upon, or a prepared dataset of real pairs."""

from collections.abc import Sequence
from pathlib import Path

from sitsr_core.datasets.folder import FolderSite
from sitsr_core.datasets.folder_sampler import FolderSampler, folder_batches
from sitsr_core.datasets.places import load_places
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


def training_batches(config: TrainingConfig, validate: bool) -> tuple[PlaceSampler | FolderSampler, dict[str, list[TrainingBatch]]]:
    """The sampler of a training, and fixed batches of what it never sees, where ``validate`` asks for them and there are any.

    Raises:
        SitsrError: data that are missing, damaged or do not fit the network.
    """
    network, options = config.network, config.sampler
    if is_prepared(config.data):
        parts = site_parts(config.data, config.split)
        if not parts["train"]:
            raise InputError(f"The dataset in '{config.data}' has no place to learn from.", "Prepare more of it, or change the split.")
        sampler = FolderSampler(parts["train"], options, network.bands, network.factor)
        held_out = _held_out(parts["validation"], config, VALIDATION_BATCHES) if validate else {}
        return sampler, held_out
    places = split_places(load_places(config.data), config.split)
    simulated = PlaceSampler(places["train"], options, config.simulation, network.factor)
    return simulated, place_batches(places["validation"], options, network.factor) if validate and places["validation"] else {}


def batches_to_calibrate(config: TrainingConfig) -> list[TrainingBatch]:
    """What a model is calibrated on: all places but those of the tests; of real pairs, those it did not learn from. Raises SitsrError."""
    if is_prepared(config.data):
        parts = site_parts(config.data, config.split)
        return _held_out(parts["validation"] or parts["train"], config, BATCHES)["held_out"]
    places = split_places(load_places(config.data), config.split)
    return calibration_batches(places["train"] + places["validation"], config)


def _held_out(sites: Sequence[FolderSite], config: TrainingConfig, count: int) -> dict[str, list[TrainingBatch]]:
    if not sites:
        return {}
    network = config.network
    dates = min(DATES, config.sampler.max_dates, max(len(site.usable) for site in sites))
    return folder_batches(list(sites), config.sampler, dates, count, network.bands, network.factor)
