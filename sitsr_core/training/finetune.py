"""Fine-tuning a model on the real pairs of a user's own folder: first the mean and its spread, then the denoiser, then calibration.

The first stage moves all weights but the denoiser's; the second teaches the denoiser, on the features and the spread that changed under
it. Both are ordinary trainings in folders of their own, so that an interrupted one goes on exactly where it was.
"""

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from sitsr_core.datasets.folder import FolderSite, Tell, load_folder
from sitsr_core.datasets.folder_sampler import FolderSampler, folder_batches
from sitsr_core.datasets.prepared import is_prepared, load_prepared
from sitsr_core.datasets.sampler import SamplerConfig
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.errors import InputError, JobError, ModelError
from sitsr_core.models.card import ModelCard, load_model, save_model
from sitsr_core.models.network import SuperResolver
from sitsr_core.series.acquisition import BANDS
from sitsr_core.training.calibration import calibrate
from sitsr_core.training.checkpoint import load_averaged, load_checkpoint
from sitsr_core.training.config import OptimizationConfig, TrainingConfig
from sitsr_core.training.distributed import ALONE, Processes
from sitsr_core.training.trainer import Trainer, Watch
from sitsr_core.training.validation import DATES, Validation

TRAIN = "train"
HELD_OUT_EVERY = 10
LEAST_SITES = 3  # to hold one out by default
HELD_OUT_BATCHES = 4
WARMUP = 50
STAGES = ("mean", "flow")
CHECKPOINT_EVERY = 10  # steps that a kill can cost; a checkpoint takes a fraction of one step
DENOISER_RATE = 1.5  # times the learning rate: the denoiser starts further from its aim


@dataclass(frozen=True)
class FineTuning:
    """What to do.

    Attributes:
        folder: the sites (layout: ``datasets.folder``), or a prepared dataset.
        model: what to start from, a bundled name or a .safetensors file.
        out: folder for the trainings and the model.
        name: of the new model.
        data: what it was fine-tuned on, in words, for the card.
        licence: of the new weights.
        steps, flow_steps: optimizer steps for the mean and for the denoiser.
        hold_out: names of the sites to judge and calibrate on; None for those that a prepared dataset does not train on, else for every
            tenth where there are at least three.
        learning_rate: the peak; a tenth of what a training from nothing uses.
        sampler: batches.
        output: the file of the model; None for ``out/name.safetensors``.
    """

    folder: str
    model: str
    out: Path
    name: str
    data: str
    licence: str
    steps: int = 400
    flow_steps: int = 150
    hold_out: Sequence[str] | None = None
    learning_rate: float = 3e-4
    sampler: SamplerConfig = dataclasses.field(default_factory=lambda: SamplerConfig(batch=8, max_dates=8))
    output: Path | None = None

    @property
    def path(self) -> Path:
        """Where the model is written."""
        return self.output or self.out / f"{self.name}.safetensors"


@dataclass(frozen=True)
class FineTuned:
    """What came of it.

    Attributes:
        path: of the model.
        learned, held_out: names of the sites.
        pairs: fine images that it learned from.
        metrics: "before" and "after": held-out gains over bicubic in dB, as in the model's card; empty without held-out sites.
        before, after: the two networks.
        batches: of the held-out sites.
    """

    path: Path
    learned: list[str]
    held_out: list[str]
    pairs: int
    metrics: dict
    before: SuperResolver
    after: SuperResolver
    batches: list[TrainingBatch]


def finetune(
    job: FineTuning, tell: Tell, processes: Processes = ALONE, device: str = "cpu", watch: Callable[[str], Watch] | None = None,
    begin: Callable[[], None] | None = None,
) -> FineTuned:  # fmt: skip
    """Fine-tune and write the model; ``tell`` hears what was found and how it went, ``watch(stage)`` each step of a stage.

    ``begin`` is called once model and images were found fit, before anything is written.

    Raises:
        SitsrError: what can be expected to go wrong, one sentence each; ``Cancelled`` when a watch stops it.
    """
    if not job.licence.strip() or not job.data.strip():
        raise JobError("The new model needs a licence and a description of the data it learned from.", "Give both in words.")
    parent = load_model(job.model)
    card, calibration = parent.card, parent.calibration.clone()
    if card is None or tuple(parent.config.bands) != BANDS:
        raise ModelError(f"The model '{job.model}' is not one of {', '.join(BANDS)}.", "A folder gives these bands.")
    parent.calibration.fill_(1.0)
    factor = parent.config.factor
    tell = tell if processes.is_first else _silent
    sites = load_prepared(job.folder).sites if is_prepared(job.folder) else load_folder(job.folder, tell, factor)
    learned, held_out = split_sites(sites, job.hold_out)
    tell(told_split([site.name for site in learned], [site.name for site in held_out]))
    sampler = FolderSampler(learned, job.sampler, BANDS, factor)
    dates = min(DATES, sampler.max_dates)
    batches = folder_batches(held_out, job.sampler, dates, HELD_OUT_BATCHES, BANDS, factor) if held_out and processes.is_first else {}
    if begin is not None:
        begin()
    stage = partial(_train, job, sampler, Validation(batches), processes, device, tell, watch)
    network = stage(parent, "mean", job.steps, job.learning_rate)
    if job.flow_steps:
        require_same_start(job.out / "flow", network)
        network = stage(network, "flow", job.flow_steps, DENOISER_RATE * job.learning_rate)
    metrics: dict = {}
    if processes.is_first:
        metrics = _judge(parent, network, batches, tell)
        with torch.no_grad():
            if batches:
                calibrate(network, batches["held_out"])
            else:
                network.calibration.copy_(calibration)
        save_model(network, derived_card(card, job, learned, held_out, max(card.dates[1], sampler.max_dates), metrics), job.path)
        tell(f"The model is {job.path}.")
    names, others = [site.name for site in learned], [site.name for site in held_out]
    return FineTuned(job.path, names, others, pairs_of(learned), metrics, parent, network, batches.get("held_out", []))


def pairs_of(sites: list[FolderSite]) -> int:
    """How many fine images they have."""
    return sum(len(site.truths) for site in sites)


def require_same_start(folder: Path, network: SuperResolver) -> None:
    """Raise JobError when the folder holds a denoiser that was trained on other features and another spread than the network's."""
    if load_checkpoint(folder) is None:
        return
    found, given = load_averaged(folder)[0].state_dict(), network.state_dict()
    frozen = [name for name in given if not name.startswith("denoiser.")]
    if any(name not in found or not torch.equal(found[name], given[name]) for name in frozen):
        raise JobError(f"The denoiser in '{folder}' was trained behind another mean than the one beside it.", "Delete that folder.")


def split_sites(sites: list[FolderSite], hold_out: Sequence[str] | None) -> tuple[list[FolderSite], list[FolderSite]]:
    """(to learn from, held out). Raises InputError for a name that is no site, or when nothing is left to learn from."""
    if hold_out is None and any(site.part not in ("", TRAIN) for site in sites):
        hold_out = [site.name for site in sites if site.part != TRAIN]
    if hold_out is None:
        hold_out = [site.name for site in sites[::HELD_OUT_EVERY]] if len(sites) >= LEAST_SITES else []
    unknown = sorted(set(hold_out) - {site.name for site in sites})
    if unknown:
        names = ", ".join(site.name for site in sites)
        raise InputError(f"The site '{unknown[0]}' cannot be held out, because it is not among those in use.", f"Sites: {names}.")
    learned = [site for site in sites if site.name not in hold_out]
    if not learned:
        raise InputError("All sites are held out, so that none is left to learn from.", "Hold out fewer.")
    return learned, [site for site in sites if site.name in hold_out]


def derived_card(
    parent: ModelCard, job: FineTuning, learned: list[FolderSite], held_out: list[FolderSite], most_dates: int, metrics: dict
) -> ModelCard:
    """The parent's card with what fine-tuning changed."""
    pairs = pairs_of(learned)
    sizes = [site.pixel_size for site in learned if site.pixel_size]
    origin = f"{parent.name} {parent.version}".strip()
    judged = "Not judged on held-out sites"
    if held_out:
        judged = f"Judged and calibrated on {counted(len(held_out), 'site')} that it did not learn from"
    return dataclasses.replace(
        parent,
        name=job.name,
        version="1",
        description=f"{origin}, fine-tuned on real pairs. {parent.description}".strip(),
        gsd=round(sum(sizes) / len(sizes), 2) if sizes else parent.gsd,
        dates=(parent.dates[0], most_dates),
        training_data=[*parent.training_data, f"Fine-tuned: {job.data} ({counted(pairs, 'real pair')} of {counted(len(learned), 'site')})"],
        limits=f"{parent.limits} {judged}; fine images were matched to the series by a gain and an offset a band.".strip(),
        metrics=metrics,
        licence=job.licence,
    )


def _train(
    job: FineTuning, sampler: FolderSampler, validation: Validation, processes: Processes, device: str, tell: Tell,
    watch: Callable[[str], Watch] | None, network: SuperResolver, objective: str, steps: int, learning_rate: float,
) -> SuperResolver:  # fmt: skip
    """One stage, from a copy of ``network``; returns a network with its averaged weights."""
    warmup = max(1, min(WARMUP, steps // 10))
    options = OptimizationConfig(
        objective=objective, steps=steps, learning_rate=learning_rate, warmup=warmup, ema=0.99,
        checkpoint_every=CHECKPOINT_EVERY, validate_every=100,
    )  # fmt: skip
    config = TrainingConfig(str(job.folder), network=network.config, sampler=job.sampler, optimization=options)
    trainer = Trainer(
        copy.deepcopy(network), sampler, config, job.out / objective, validation, processes, device, watch and watch(objective)
    )
    tell(f"{objective}: {trainer.run()}")
    return load_averaged(job.out / objective)[0]


def _judge(parent: SuperResolver, network: SuperResolver, batches: dict, tell: Tell) -> dict:
    """Held-out gains over bicubic in dB of both, told and for the card."""
    if not batches:
        return {}
    figures = {}
    for name, one in (("before", parent), ("after", network)):
        gains = Validation(batches).run(one.to("cpu").eval(), "mean")
        figures[name] = {key.removeprefix("held_out_"): round(value, 3) for key, value in gains.items()}
        tell(f"Held-out sites, {name}: {told_gains(figures[name])}")
    return {"unit": "dB over bicubic on held-out patches by number of dates, and the worst loss by more dates", **figures}


def counted(count: int, word: str) -> str:
    """A number and its word, as in "1 site" and "2 sites"."""
    return f"{count} {word}{'s' * (count != 1)}"


def told_split(learned: Sequence[str], held_out: Sequence[str]) -> str:
    """How many sites are learned from, and which judge the result."""
    sites = f"{counted(len(learned), 'site')} to learn from"
    if not held_out:
        return f"{sites}, and none is held out: whether the model becomes better elsewhere cannot be judged."
    return f"{sites}, {len(held_out)} held out: {', '.join(held_out)}."


def told_gains(figures: Mapping[str, float]) -> str:
    """Held-out gains by number of dates, and the worst change of a scene, in a sentence."""
    gains = [f"{value:+.2f} dB with {counted(int(count), 'date')}" for count, value in figures.items() if count.isdigit()]
    return f"{', '.join(gains)} over bicubic interpolation; the worst scene changes by {figures['worst']:+.2f} dB from one date to all."


def _silent(_: str) -> None:
    """What the other processes say."""
