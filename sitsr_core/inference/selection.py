"""Which dates are delivered, and which acquisitions each of them is computed from."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitsr_core.errors import InputError
from sitsr_core.job import ALL_DATES, parse_date
from sitsr_core.series.acquisition import Acquisition
from sitsr_core.series.listing import LISTED, listed

MIN_CLEAR = 0.01  # below this share of clear pixels a date is noise: stray pixels between clouds
MIN_REFERENCE_CLEAR = 0.05  # what the reference date must show, since the result starts from it
CLEAR_DATE = 0.5  # of the clearest date's share: what a date that sitsr chooses must show


@dataclass(frozen=True)
class Selection:
    """What one target date is computed from. T acquisitions, sorted by date.

    Attributes:
        date: the target date.
        indices: positions of the acquisitions in the series.
        reference: position of the reference date **within** ``indices``.
        days: (T,) float32, acquisition minus target.
        shift: (T, 2) float32 input pixels (dy, dx) against the reference date.
        shift_known: (T,) bool.
        observed: position in the series of the acquisition of the target date itself, or None when there is none.
        in_result: position **within** ``indices`` of ``observed``; None when it is missing or too cloudy to be used.
    """

    date: datetime.date
    indices: tuple[int, ...]
    reference: int
    days: np.ndarray
    shift: np.ndarray
    shift_known: np.ndarray
    observed: int | None
    in_result: int | None

    @property
    def radiometry(self) -> int:
        """Position in the series of the acquisition whose scale and offset the result is written with."""
        return self.observed if self.observed is not None else self.indices[self.reference]


def is_usable(acquisition: Acquisition) -> bool:
    """True when enough of the date is clear to learn from."""
    return acquisition.clear_fraction >= MIN_CLEAR


def target_dates(acquisitions: Sequence[Acquisition], wanted: Sequence[str]) -> tuple[datetime.date, ...]:
    """The dates to deliver, sorted, each once.

    Args:
        acquisitions: the series, sorted by date.
        wanted: ISO dates; ``all`` for every acquisition; empty for the latest clear one, of full sharpness where there is any.

    Raises:
        InputError: no date is usable, or a date lies outside the series.
    """
    usable = [i for i, a in enumerate(acquisitions) if is_usable(a)]
    if not usable:
        raise InputError(*_nothing_clear(acquisitions))
    if not wanted:
        return (acquisitions[_good(acquisitions, usable)[-1]].date,)
    dates = {a.date for a in acquisitions} if ALL_DATES in wanted else set()
    dates |= {parse_date(text) for text in wanted if text != ALL_DATES}
    first, last = acquisitions[0].date, acquisitions[-1].date
    outside = sorted(date for date in dates if not first <= date <= last)
    if outside:
        raise InputError(
            f"The target date {outside[0]} lies outside the series, which runs from {first} to {last}.",
            f"Use one of {', '.join(str(a.date) for a in acquisitions)}, or a day between them.",
        )
    return tuple(sorted(dates))


def note_on_choice(acquisitions: Sequence[Acquisition], wanted: Sequence[str], chosen: Sequence[datetime.date]) -> list[str]:
    """A sentence on the later dates that were passed over, where nobody asked for a date."""
    later = [str(a.date) for a in acquisitions if a.date > chosen[-1]]
    if wanted or not later:
        return []
    return [
        f"{chosen[-1]} is delivered, the latest date that is clear enough; later ones, cloudy or of coarser pixels, only when asked for: "
        f"{listed(later, LISTED)}."
    ]


def _good(acquisitions: Sequence[Acquisition], usable: Sequence[int]) -> list[int]:
    """The positions that sitsr may choose by itself: neither cloudy nor at the edge of the orbit, of full sharpness if there are such."""
    least = CLEAR_DATE * max(acquisitions[i].clear_fraction for i in usable)
    clear = [i for i in usable if acquisitions[i].clear_fraction >= least]
    return [i for i in clear if not acquisitions[i].coarser] or clear


def _nothing_clear(acquisitions: Sequence[Acquisition]) -> tuple[str, str]:
    names = ", ".join(a.name for a in acquisitions[:3]) + (" ..." if len(acquisitions) > 3 else "")
    if len(acquisitions) == 1:
        text = f"The only date has no clear pixels: all are cloud or no-data ({names})."
    else:
        text = f"None of the {len(acquisitions)} dates has clear pixels: all are cloud or no-data ({names})."
    if any(a.mask for a in acquisitions):
        return text, "Add a clear date, or correct the masks: a mask must not be 0 where the sky is clear; an SCL is read by its classes."
    return text, "Add a clear date, or give a mask if the clear-sky estimate is wrong."


def select(acquisitions: Sequence[Acquisition], date: datetime.date, max_dates: int) -> Selection:
    """The acquisitions for one target date: the ``max_dates`` usable ones nearest in time, the reference among them.

    The reference is the target date itself when it was acquired and is not almost fully cloudy, else the nearest clear date that was not
    warped from coarser pixels; of two equally near the clearer one. All shifts are re-expressed against it.

    Raises:
        InputError: no date is usable.
    """
    usable = [i for i, a in enumerate(acquisitions) if is_usable(a)]
    if not usable:
        raise InputError(*_nothing_clear(acquisitions))

    def distance(index: int) -> tuple[int, float]:
        return abs((acquisitions[index].date - date).days), -acquisitions[index].clear_fraction

    asked = [i for i in usable if acquisitions[i].date == date and acquisitions[i].clear_fraction >= MIN_REFERENCE_CLEAR]
    reference = min(asked or _good(acquisitions, usable), key=distance)
    nearest = sorted((i for i in usable if i != reference), key=distance)[: max_dates - 1]
    indices = tuple(sorted((reference, *nearest)))
    observed = next((i for i, a in enumerate(acquisitions) if a.date == date), None)
    shift, known = relative_shifts([acquisitions[i] for i in indices], acquisitions[reference])
    return Selection(
        date=date,
        indices=indices,
        reference=indices.index(reference),
        days=np.array([(acquisitions[i].date - date).days for i in indices], np.float32),
        shift=shift,
        shift_known=known,
        observed=observed,
        in_result=indices.index(observed) if observed in indices else None,
    )


def relative_shifts(acquisitions: Sequence[Acquisition], reference: Acquisition) -> tuple[np.ndarray, np.ndarray]:
    """Shifts against ``reference`` from shifts against the series' common date: (T, 2) float32 and (T,) bool.

    Content at p of the reference lies at p - s_reference of the common date, hence at p - s_reference + s_i of date i.
    Where either is unknown the shift is (0, 0); the reference against itself is known to be (0, 0).
    """
    known = np.array([a is reference or (a.shift_known and reference.shift_known) for a in acquisitions], bool)
    shift = np.array([a.shift for a in acquisitions], np.float32) - np.array(reference.shift, np.float32)
    return np.where(known[:, None], shift, 0).astype(np.float32), known
