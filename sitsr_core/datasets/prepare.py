"""Preparing a dataset: every place read, checked, measured and written once in the format of ``prepared.py``; resumable.

What is measured is what the product measures of a series, shift by shift against the clearest date, and, where the fine image is another
sensor's, how it lies on the series and how its numbers become the series' (``folder_match``).
"""

import argparse
import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from sitsr_core.datasets.folder import MAX_MISREGISTRATION, FolderSite, Tell, Truth
from sitsr_core.datasets.folder_match import match, moved_whole_pixels, whole_pixels
from sitsr_core.datasets.pairs import DatasetCard, Entry, Pair
from sitsr_core.datasets.prepared import STEP, dated, load_place, place_path, to_steps, write_index, write_place
from sitsr_core.errors import InputError
from sitsr_core.inference.selection import MIN_CLEAR, MIN_REFERENCE_CLEAR
from sitsr_core.script import at_least, exit_code
from sitsr_core.series.acquisition import Acquisition
from sitsr_core.series.alignment import MIN_BLOCK, NONE, choose_reference, estimate_shift

Entries = Callable[[Path], Iterable[Entry]]
Scores = Callable[[Path], dict[str, float]]


def acquisitions_of(pair: Pair) -> tuple[Acquisition, ...]:
    """The dates of a pair's series, with their shifts against the clearest one."""
    fractions = [float(clear.mean()) for clear in pair.clear]
    first = choose_reference(fractions, [False] * len(fractions))
    found = []
    for index, day in enumerate(pair.days):
        clear, fraction = pair.clear[index], fractions[index]
        shift = NONE
        if index != first:
            shift = estimate_shift(*(_blocks(image) for image in (pair.series[first], pair.clear[first], pair.series[index], clear)))
        found.append(dated(index, int(day), fraction, (shift.dy, shift.dx), shift.known))
    return tuple(found)


def _blocks(image: np.ndarray) -> list[np.ndarray]:
    """The quarters (..., h / 2, w / 2) of an image, so that even one band gives several estimates that can agree; a small image whole."""
    height, width = image.shape[-2:]
    if min(height, width) < 2 * MIN_BLOCK:
        return [image]
    rows, columns = ((slice(0, size // 2), slice(size // 2, size)) for size in (height, width))
    return [image[..., row, column] for row in rows for column in columns]


def nearest_clear(pair: Pair) -> int:
    """The date of the series to compare the reference with: the nearest clear enough, of two the clearer. Raises InputError."""
    fractions = [float(clear.mean()) for clear in pair.clear]
    least = MIN_REFERENCE_CLEAR if max(fractions) >= MIN_REFERENCE_CLEAR else MIN_CLEAR
    usable = [index for index, fraction in enumerate(fractions) if fraction >= least]
    if not usable:
        raise InputError(f"'{pair.name}' has no clear date.", "It cannot be learned from.")
    return min(usable, key=lambda index: (abs(pair.days[index] - pair.reference_day), -fractions[index]))


def truth_of(pair: Pair, matched: bool, tell: Tell) -> Truth:
    """The pair's reference, brought to its series where it is another sensor's. Raises InputError when it cannot be."""
    nearest = nearest_clear(pair)
    values, valid, bands = pair.reference, pair.valid, len(pair.reference)
    gain, offset = np.ones(bands, np.float32), np.zeros(bands, np.float32)
    if matched:
        found = match(values, valid, pair.series[nearest, :bands], pair.clear[nearest], pair.bands[:bands])
        if found is None:
            raise InputError(f"The fine image of '{pair.name}' has hardly a clear pixel in common with its series.", "It cannot be used.")
        if found.misregistration > MAX_MISREGISTRATION:
            off = f"{found.misregistration:.1f} low-resolution pixels off its series"
            raise InputError(f"The fine image of '{pair.name}' lies {off}.", "It cannot be used.")
        tell(f"{pair.name}: {found}")
        values, valid = moved_whole_pixels(values, found.fine_pixels), moved_whole_pixels(valid, found.fine_pixels)
        gain, offset = found.gain, found.offset
    whole = whole_pixels(valid, pair.factor)
    return Truth(pair.reference_day, to_steps(values), valid, whole, (STEP * gain).astype(np.float32), offset, nearest)


def site_of(pairs: list[Pair], part: str, matched: bool, tell: Tell) -> FolderSite:
    """What is written of a place. Raises InputError when none of its fine images can be used."""
    first = pairs[0]
    truths = [truth_of(pair, matched, tell) for pair in pairs]
    values = to_steps(first.series * first.clear[:, None])
    return FolderSite(first.name, acquisitions_of(first), values, first.clear, truths, first.pixel_size, first.bands, STEP, part)


def prepare(
    card: DatasetCard,
    entries: Iterable[Entry],
    out: Path,
    skip_damaged: bool,
    tell: Tell,
    quiet: bool = False,
    scores: dict[str, float] | None = None,
) -> Path:
    """Write what is not written yet, then the index; returns the index's path.

    Args:
        card: of the dataset.
        entries: its places.
        out: folder to write to; the places that it holds are kept.
        skip_damaged: leave out places that are missing, damaged or cannot be used, and tell why, instead of stopping at the first.
        tell: hears what is found.
        quiet: without a progress bar.
        scores: name -> cPSNR of the dataset's own baseline.

    Raises:
        SitsrError: what can be expected to go wrong, one sentence each.
    """
    names, left_out, kept = [], {}, 0
    for entry in tqdm(entries, unit=" places", disable=True if quiet else None):
        try:
            if place_path(out, entry.name).exists():
                load_place(place_path(out, entry.name))
                kept += 1
            else:
                write_place(out, site_of(entry.load(), entry.part, card.matched, tell))
            names.append(entry.name)
        except InputError as error:
            if not skip_damaged:
                raise InputError(error.message, f"{error.hint} Or leave such places out (--skip-damaged).", error.detail) from error
            left_out[entry.name] = error.message
            tell(f"Left out: {error.message}")
    if not names:
        raise InputError("No place of the dataset can be used.", "Check the folder.")
    tell(f"{len(names)} places prepared ({kept} of them before), {len(left_out)} left out.")
    return write_index(out, card, names, left_out, scores or {})


def run_script(description: str, card: DatasetCard, entries: Entries, scores: Scores | None = None) -> int:
    """The command line of the prepare scripts; returns the exit code. ``scores`` reads the baseline's, where a dataset has one."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the dataset as it was unpacked")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to; what is there is gone on with")
    parser.add_argument(
        "--skip-damaged", action="store_true", help="leave out what is missing or damaged, instead of stopping at the first"
    )
    parser.add_argument("--most", type=at_least(1), default=None, metavar="N", help="prepare the first N places only")
    options = parser.parse_args()

    def work() -> None:
        if not options.folder.is_dir():
            raise InputError(f"The folder '{options.folder}' does not exist.", "Check the path.")
        found = itertools.islice(entries(options.folder), options.most)
        print(f"{card.title}. {card.licence}", flush=True)
        told = _scores(scores, options.folder, options.skip_damaged)
        index = prepare(card, found, options.out, options.skip_damaged, lambda text: tqdm.write(text), scores=told)
        print(f"The dataset is ready: {index}")

    return exit_code(work, f"Stopped. Run the same command to go on in '{options.out}'.")


def _scores(scores: Scores | None, folder: Path, skip_damaged: bool) -> dict[str, float]:
    """The baseline's scores, none where they are damaged and that is to be gone on without. Raises InputError."""
    if scores is None:
        return {}
    try:
        return scores(folder)
    except InputError as error:
        if not skip_damaged:
            raise InputError(error.message, f"{error.hint} Or go on without the baseline (--skip-damaged).", error.detail) from error
        print(f"Left out: {error.message}", flush=True)
        return {}
