"""The index of backtesting.py, rebuilt from closes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from quantumzero.research.metrics.conventions.backtesting_py_index import Index, index_of
from quantumzero.research.metrics.definition import Undefined
from quantumzero.research.result import Curves
from tests.unit.research.metrics.runs import sample_of

DAY, HOUR = 86_400_000_000, 3_600_000_000
MONDAY = 4 * DAY  # 5 January 1970


def index(*equity: float, step: int = DAY) -> Index:
    return Index(MONDAY + np.arange(len(equity), dtype=np.int64) * step, np.array(equity))


def curves(time: list[int], ends: list[bool]) -> Any:
    zero = np.zeros(len(time))
    return Curves(np.array(time, np.int64), zero + 1000.0, zero, zero, zero, np.array(ends))


def test_a_daily_bar_stands_at_midnight_of_its_day() -> None:
    run = sample_of([], curves=curves([MONDAY + 21 * HOUR, MONDAY + 44 * HOUR], [True, True]))
    assert index_of(run).time.tolist() == [MONDAY, MONDAY + DAY]


def test_a_bar_that_closes_at_midnight_belongs_to_the_day_that_ends() -> None:
    run = sample_of([], curves=curves([MONDAY + DAY, MONDAY + 2 * DAY], [True, True]))
    assert index_of(run).time.tolist() == [MONDAY, MONDAY + DAY]


def test_an_intraday_bar_stands_at_its_opening() -> None:
    time = [MONDAY + 10 * HOUR, MONDAY + 11 * HOUR, MONDAY + 12 * HOUR]
    run = sample_of([], curves=curves(time, [False, False, True]))
    assert index_of(run).time.tolist() == [value - HOUR for value in time]


def test_weekends_in_the_data_make_a_year_of_365_days() -> None:
    assert index(*[1.0] * 14).periods == 365
    weekdays = [day for day in range(20) if day % 7 < 5]
    working = Index(MONDAY + np.array(weekdays, np.int64) * DAY, np.ones(len(weekdays)))
    assert working.periods == 252


@pytest.mark.parametrize(("days", "periods"), [(7, 52), (31, 12), (365, 1)])
def test_long_bars_have_their_own_year(days: int, periods: int) -> None:
    assert index(*[1.0] * 5, step=days * DAY).periods == periods


def test_days_are_folded_to_their_last_bar() -> None:
    time = MONDAY + np.array([1, 2, 25, 26, 49], np.int64) * HOUR
    folded = Index(time, np.array([1.0, 2.0, 3.0, 4.0, 6.0]))
    assert folded.day_returns == pytest.approx([1.0, 0.5])


def test_weekly_bars_are_folded_by_weeks_that_end_on_sunday() -> None:
    # the first two bars, of Thursday and of Sunday, are one week
    time = np.array([3, 6, 14, 21, 28], np.int64) * DAY + MONDAY
    assert Index(time, np.array([1.0, 2.0, 4.0, 8.0, 8.0])).day_returns == pytest.approx(
        [1.0, 1.0, 0.0]
    )


def test_drawdowns_run_from_high_to_high_and_the_last_to_the_end() -> None:
    falls = index(1.0, 0.9, 0.8, 1.0, 1.1, 1.0, 1.05).falls
    assert falls.peaks == pytest.approx([0.2, 1 - 1.0 / 1.1])
    assert (falls.spans / DAY).tolist() == [3.0, 2.0]


def test_a_fall_of_one_bar_before_the_end_is_no_drawdown() -> None:
    assert len(index(1.0, 1.1, 1.0).falls.peaks) == 0


def test_spans_are_rounded_up_to_the_unit_of_the_bar() -> None:
    assert index(1.0, 1.0, 1.0).round_up(1.5 * DAY) == 2.0
    hours = index(1.0, 1.0, 1.0, step=HOUR)
    assert hours.round_up(1.2 * HOUR) == pytest.approx(2 / 24)


def test_a_ruin_has_growth_0_and_no_bars_have_none() -> None:
    assert index(1.0, -1.0, 1.0).growth == 0.0
    with pytest.raises(Undefined):
        index(1.0).growth  # noqa: B018 - the property computes
    with pytest.raises(Undefined):
        index_of(sample_of([]))
