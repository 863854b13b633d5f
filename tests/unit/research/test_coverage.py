"""A run whose data lacks sessions is refused with their dates."""

from __future__ import annotations

from datetime import date

import pytest

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.coverage import require_coverage
from quantumzero.research.history import Action
from tests.unit.research.markets import daily_history, session_days


def days_without(*missing: date) -> list[date]:
    return [day for day in session_days(60) if day not in missing]


def test_complete_data_passes_over_weekends_and_holidays() -> None:
    assert require_coverage(daily_history({"A": [10.0] * 60}), "XNYS") == ()


def test_missing_sessions_are_named() -> None:
    days = days_without(date(2024, 1, 10), date(2024, 2, 6))
    history = daily_history({"A": [10.0] * len(days)}, days)
    with pytest.raises(InvalidInputError) as raised:
        require_coverage(history, "XNYS")
    assert "lacked 2 sessions of XNYS: A 2024-01-10, A 2024-02-06. Complete" in str(raised.value)


def test_ten_are_named_and_the_rest_counted() -> None:
    days = [day for day in session_days(60) if day.month != 2]
    with pytest.raises(InvalidInputError) as raised:
        require_coverage(daily_history({"A": [10.0] * len(days)}, days), "XNYS")
    assert "lacked 20 sessions" in str(raised.value)
    assert "A 2024-02-14 and 10 more" in str(raised.value)


def test_accepted_gaps_become_a_note() -> None:
    days = days_without(date(2024, 1, 10))
    history = daily_history({"A": [10.0] * len(days)}, days)
    notes = require_coverage(history, "XNYS", accept_gaps=True)
    assert notes == ("the data lacked 1 session of XNYS: A 2024-01-10; accepted as asked",)


def test_a_halt_in_the_data_is_no_gap() -> None:
    days = days_without(date(2024, 1, 10))
    halt = Action("A", "2024-01-10", "halt")
    history = daily_history({"A": [10.0] * len(days)}, days, [halt])
    assert require_coverage(history, "XNYS") == ()


def test_without_a_calendar_nothing_is_expected() -> None:
    days = days_without(date(2024, 1, 10))
    history = daily_history({"A": [10.0] * len(days)}, days, calendar="none")
    assert require_coverage(history, "none") == ()
