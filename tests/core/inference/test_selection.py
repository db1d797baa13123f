"""Which dates are delivered and from what."""

import dataclasses
import datetime

import numpy as np
import pytest

from sitsr_core.errors import InputError, JobError
from sitsr_core.inference.selection import note_on_choice, relative_shifts, select, target_dates
from sitsr_core.series.acquisition import Acquisition, BandSource


def acquisition(day: int, clear: float = 1.0, shift=(0.0, 0.0), known: bool = True, coarser: bool = False) -> Acquisition:
    date = datetime.date(2024, 6, 1) + datetime.timedelta(days=day)
    return Acquisition(str(date), date, "", {}, 1e-4, 0.0, "", clear_fraction=clear, shift=shift, shift_known=known, coarser=coarser)


def day(number: int) -> datetime.date:
    return datetime.date(2024, 6, 1) + datetime.timedelta(days=number)


SERIES = [acquisition(0), acquisition(10, 0.0), acquisition(15, 0.6), acquisition(20, 0.03), acquisition(30, 0.9), acquisition(31, 0.001)]


def test_without_a_wish_the_latest_clear_date_is_delivered():
    assert target_dates(SERIES, []) == (day(30),)


def test_later_dates_that_nobody_asked_for_are_named():
    (note,) = note_on_choice(SERIES, [], target_dates(SERIES, []))
    assert note.startswith("2024-07-01 is delivered") and note.endswith(": 2024-07-02.")
    assert note_on_choice(SERIES, ["2024-07-01"], (day(30),)) == note_on_choice(SERIES[:5], [], (day(30),)) == []


def test_a_date_at_the_edge_of_the_orbit_is_shown_only_when_asked_for():
    series = [acquisition(0), acquisition(10, 0.18), acquisition(20, 0.55), acquisition(30, 0.3)]
    assert target_dates(series, []) == (day(20),)
    between, asked = select(series, day(9), 8), select(series, day(10), 8)
    assert between.indices[between.reference] == 0 and asked.indices[asked.reference] == 1


@pytest.mark.parametrize("clear", [(0.03,), (0.012, 0.04)])
def test_the_clearest_date_may_be_almost_cloudy(clear):
    series = [acquisition(10 * number, share) for number, share in enumerate(clear)]
    chosen = select(series, target_dates(series, [])[0], 8)
    assert series[chosen.indices[chosen.reference]].clear_fraction == max(clear)


def test_all_means_every_acquisition_and_dates_come_sorted_and_once():
    assert target_dates(SERIES, ["all"]) == tuple(a.date for a in SERIES)
    assert target_dates(SERIES, ["2024-06-16", "2024-06-01", "2024-06-16"]) == (day(0), day(15))


@pytest.mark.parametrize("text", ["2024-06-01,2024-06-16", "2024-06-01/2024-06-16", "2024-06-01 2024-06-16", "2024-06-011", "1 June"])
def test_what_is_not_one_date_is_refused(text):
    with pytest.raises(JobError, match=f"'{text}' is not a date"):
        target_dates(SERIES, [text])
    assert target_dates(SERIES, ["2024-06-01T10:50:31Z", "2024-06-16 10:50"]) == (day(0), day(15))


def test_a_date_between_acquisitions_is_possible_and_one_outside_is_not():
    assert target_dates(SERIES, ["2024-06-05"]) == (day(4),)
    with pytest.raises(InputError, match="2025-01-01 lies outside"):
        target_dates(SERIES, ["2025-01-01"])


def test_a_series_without_clear_pixels_is_refused_in_one_sentence():
    for call in (lambda s: target_dates(s, []), lambda s: select(s, day(0), 8)):
        with pytest.raises(InputError, match="None of the 2 dates has clear pixels"):
            call([acquisition(0, 0.0), acquisition(5, 0.004)])


def test_where_masks_leave_nothing_clear_they_are_to_be_corrected():
    masked = [dataclasses.replace(acquisition(number, 0.0), mask=BandSource("mask.tif", 1)) for number in (0, 5)]
    with pytest.raises(InputError, match="correct the masks"):
        select(masked, day(0), 8)
    with pytest.raises(InputError, match="give a mask"):
        select([acquisition(0, 0.0)], day(0), 8)


def test_the_target_date_itself_is_the_reference_and_cloudy_dates_are_dropped():
    chosen = select(SERIES, day(15), 16)
    assert chosen.indices == (0, 2, 3, 4)
    assert chosen.reference == 1 and chosen.observed == 2 and chosen.in_result == 1 and chosen.radiometry == 2
    assert chosen.days.tolist() == [-15, 0, 5, 15]


def test_a_cloudy_target_date_takes_the_nearest_clear_reference_but_keeps_its_own_radiometry():
    chosen = select(SERIES, day(10), 16)
    assert chosen.indices[chosen.reference] == 2
    assert chosen.observed == 1 and chosen.in_result is None and chosen.radiometry == 1


def test_an_almost_fully_cloudy_target_is_used_but_is_not_the_reference():
    chosen = select(SERIES, day(20), 16)
    assert chosen.indices[chosen.reference] == 2 and chosen.in_result == chosen.indices.index(3)


def test_a_date_of_coarser_pixels_is_shown_and_begun_from_only_when_asked_for():
    series = [acquisition(0, 0.6), acquisition(10, coarser=True), acquisition(20, 0.55), acquisition(30, coarser=True)]
    assert target_dates(series, []) == (day(20),)
    between, asked = select(series, day(12), 8), select(series, day(30), 8)
    assert between.indices[between.reference] == 2 and 1 in between.indices
    assert asked.indices[asked.reference] == 3
    almost_cloudy = [acquisition(0, 0.02), acquisition(10, coarser=True)]
    assert target_dates(almost_cloudy, []) == (day(10),)
    assert select(almost_cloudy, day(4), 8).reference == 1
    without_another = [acquisition(0, 0.0), acquisition(10, coarser=True)]
    assert target_dates(without_another, []) == (day(10),)
    assert select(without_another, day(0), 8).reference == 0


def test_only_the_nearest_dates_are_used_and_the_reference_always():
    assert select(SERIES, day(30), 2).indices == (3, 4)
    assert select(SERIES, day(30), 1).indices == (4,)
    assert select(SERIES, day(20), 1).indices == (2,)


def test_shifts_are_turned_to_the_reference():
    series = [acquisition(0, shift=(0.2, -0.1)), acquisition(5, shift=(0.5, 0.3)), acquisition(9, known=False), acquisition(12)]
    shift, known = relative_shifts(series, series[1])
    assert np.allclose(shift, [(-0.3, -0.4), (0, 0), (0, 0), (-0.5, -0.3)])
    assert known.tolist() == [True, True, False, True]
    shift, known = relative_shifts(series, series[2])
    assert not shift.any() and known.tolist() == [False, False, True, False]
