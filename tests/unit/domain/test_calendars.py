"""The rule-built exchange calendar against an independently kept one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import exchange_calendars
import pytest

from quantumzero.domain import calendars
from quantumzero.domain.errors import InvalidInputError


def test_every_session_from_1990_to_2026_equals_the_reference_calendar() -> None:
    reference = exchange_calendars.get_calendar("XNYS", start="1990-01-01", end="2026-12-31")
    expected = [
        (row.Index.date(), row.open.to_pydatetime(), row.close.to_pydatetime())
        for row in reference.schedule[["open", "close"]].itertuples()
    ]
    sessions = calendars.sessions_between(date(1990, 1, 1), date(2026, 12, 31))
    assert [(one.day, one.opens_at, one.closes_at) for one in sessions] == expected


def test_bounds_of_a_utc_day_are_those_of_its_session() -> None:
    session = calendars.session_on(date(2004, 8, 19))
    assert session is not None
    opens, closes = calendars.session_bounds_us(
        calendars.to_us(session.opens_at) // calendars.DAY_US
    )
    assert calendars.from_us(opens) == session.opens_at
    assert calendars.from_us(closes) == session.closes_at


def test_a_closed_day_has_no_bounds() -> None:
    saturday = datetime(2004, 8, 21, 15, tzinfo=UTC)
    assert calendars.session_bounds_us(calendars.to_us(saturday) // calendars.DAY_US) == (0, 0)
    assert calendars.session_bounds_us(-1) == (0, 0)


def test_a_session_contains_its_open_but_not_its_close() -> None:
    session = calendars.session_on(date(2004, 11, 26))
    assert session is not None
    assert session.closes_at == datetime(2004, 11, 26, 18, tzinfo=UTC)
    assert calendars.session_at(session.opens_at) == session
    assert calendars.session_at(session.closes_at) is None
    assert calendars.session_at(datetime(2004, 11, 25, 15, tzinfo=UTC)) is None


def test_the_next_session_skips_weekends_and_holidays() -> None:
    assert calendars.next_session(date(2001, 9, 10)).day == date(2001, 9, 17)


def test_the_last_session_opened_is_todays_only_after_its_open() -> None:
    monday = calendars.session_on(date(2004, 8, 23))
    assert monday is not None
    before = monday.opens_at - timedelta(microseconds=1)
    assert calendars.last_session_opened_by(before).day == date(2004, 8, 20)
    assert calendars.last_session_opened_by(monday.opens_at) == monday


def test_a_date_outside_the_rules_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="covers 1990-2099"):
        calendars.is_session(date(1989, 12, 29))
