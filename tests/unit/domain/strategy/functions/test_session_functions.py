"""Functions of a bar's time: sessions by the exchange's calendar, days by UTC without one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from quantumzero.domain.bars import Bar
from tests.unit.domain.strategy.functions.real_bars import values_of

WINTER = datetime(2024, 3, 8, 14, 30, tzinfo=UTC)  # Friday, New York on standard time
SUMMER = datetime(2024, 3, 11, 13, 30, tzinfo=UTC)  # Monday, New York on daylight time


def minutes(opens_at, *bars):
    """Return five-minute bars from an instant on, of (typical price, volume)."""
    return [
        Bar(
            "AAPL", "5m", opens_at + timedelta(minutes=5 * number),
            opens_at + timedelta(minutes=5 * number + 5),
            price * 10_000, (price + 1) * 10_000, (price - 1) * 10_000, price * 10_000, volume, 1,
        )
        for number, (price, volume) in enumerate(bars)
    ]  # fmt: skip


BARS = [
    *minutes(WINTER, (10, 1), (20, 3)),
    *minutes(SUMMER, (30, 0), (40, 2)),
]


def test_session_time_counts_from_the_open_on_both_sides_of_a_clock_change():
    assert values_of("session_time()", BARS) == [5, 10, 5, 10]


def test_session_time_without_a_calendar_counts_from_midnight_utc():
    start = 14 * 60 + 30
    assert values_of("session_time()", BARS[:2], "none") == [start + 5, start + 10]


def test_a_bar_outside_every_session_has_no_session_time():
    saturday = minutes(WINTER + timedelta(days=1), (10, 1))
    assert values_of("session_time()", saturday) == [None]


def test_days_are_numbered_and_named():
    assert values_of("day_of_week()", BARS) == [5, 5, 1, 1]
    changed = values_of("session_number() != lag(session_number(), 1)", BARS)
    assert changed == [None, False, True, False]


def test_vwap_begins_anew_with_each_session_and_needs_a_share():
    assert values_of("vwap()", BARS) == [10.0, 17.5, None, 40.0]
