"""The rows of a run: the union of all closes, sessions, and what is missing stays missing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.columns import BarColumns, bars_from_columns
from quantumzero.research.grid import build_grid, span_of
from quantumzero.research.history import MarketHistory
from quantumzero.research.sessions import day_number, day_runs, sessions_per_year
from tests.unit.research.markets import daily_history, session_days

DAYS = session_days(4)


def with_gap() -> MarketHistory:
    both = daily_history({"A": [10.0, 11.0, 12.0, 13.0]})
    gapped = daily_history({"B": [5.0, 6.0]}, [DAYS[1], DAYS[3]])
    return MarketHistory({**both.series, **gapped.series}, "1d")


def minutes(first: str, count: int) -> BarColumns:
    start = to_us(datetime.fromisoformat(first).astimezone(UTC))
    price = np.full(count, 10.0)
    times = start + np.arange(count) * 60_000_000
    return BarColumns("A", times, True, price, price, price, price, np.full(count, 1))


def test_rows_are_the_union_of_closes_and_a_missing_bar_is_no_number() -> None:
    grid = build_grid(with_gap(), ["A", "B"], span_of(None, None))
    assert grid.close.shape == (2, 4)
    assert np.isnan(grid.close[1]).tolist() == [True, False, True, False]
    assert grid.close[1, [1, 3]].tolist() == [5.0, 6.0]
    assert grid.volume[1].tolist() == [0.0, 10_000.0, 0.0, 10_000.0]
    assert grid.bar_of(1, 3) == 1


def test_sessions_days_and_months_are_numbered() -> None:
    days = session_days(3, date(2024, 1, 30))  # Tuesday to Thursday, over the end of a month
    grid = build_grid(daily_history({"A": [1.0, 2.0, 3.0]}, days), ["A"], span_of(None, None))
    assert grid.session.tolist() == [0, 1, 2]
    assert grid.days.tolist() == [0, 1, 1]
    assert (np.diff(grid.month)).tolist() == [0, 1]


def test_minutes_of_a_day_are_one_session() -> None:
    history = bars_from_columns([minutes("2024-01-02T20:58:00+00:00", 2)])
    more = bars_from_columns([minutes("2024-01-02T14:30:00+00:00", 390)])
    assert build_grid(history, ["A"], span_of(None, None)).session.tolist() == [0, 0]
    assert len(np.unique(build_grid(more, ["A"], span_of(None, None)).session)) == 1


def test_a_span_takes_whole_days_and_instants() -> None:
    history = with_gap()
    grid = build_grid(history, ["A"], span_of(DAYS[1], DAYS[2].isoformat()))
    assert grid.close.tolist() == [[11.0, 12.0]]
    assert grid.bars == (slice(1, 3),)
    until = datetime(DAYS[1].year, DAYS[1].month, DAYS[1].day, 21, tzinfo=UTC)
    assert build_grid(history, ["A"], span_of(None, until)).close.tolist() == [[10.0, 11.0]]


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2024-02-30", None, "start was '2024-02-30'; write a date as"),
        ("2024-01-02T10:00", None, "without a time zone"),
        ("2024-02-01", "2024-01-01", "its end comes after its start"),
    ],
)
def test_a_span_that_cannot_be_is_refused(start: str, end: str | None, text: str) -> None:
    with pytest.raises(InvalidInputError, match=text):
        span_of(start, end)


@pytest.mark.parametrize("step", [3_600, 86_400])
def test_runs_of_days_are_the_same_however_they_are_counted(step: int) -> None:
    opens = to_us(datetime(2024, 1, 1, 5, tzinfo=UTC)) + np.arange(50) * step * 1_000_000
    days, counts = day_runs(opens)
    expected, numbers = np.unique(opens // 86_400_000_000, return_counts=True)
    assert days.tolist() == expected.tolist()
    assert counts.tolist() == numbers.tolist()


def test_a_year_has_the_sessions_of_its_calendar_or_of_the_data() -> None:
    week_days = np.array([day for day in range(20_000, 20_731) if (day + 3) % 7 < 5])
    assert sessions_per_year("XNYS", week_days) == 252.0
    assert sessions_per_year("XNYS", week_days, "1w") == 52.0
    assert sessions_per_year("none", week_days) == 261.0
    assert sessions_per_year("none", np.arange(20_000, 20_731)) == 365.0
    assert sessions_per_year("none", np.arange(day_number(date(2024, 1, 1)), 19_725)) == 365.0


def test_days_before_1970_are_days_too() -> None:
    days = [date(1969, 12, 29), date(1969, 12, 30), date(1970, 1, 2)]
    history = daily_history({"A": [1.0, 2.0, 3.0]}, days, calendar="none")
    grid = build_grid(history, ["A"], span_of(None, None))
    assert grid.close.tolist() == [[1.0, 2.0, 3.0]]
    assert grid.days.tolist() == [0, 1, 3]
