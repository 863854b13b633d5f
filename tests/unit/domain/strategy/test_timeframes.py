"""Buckets of higher timeframes, and the bars that a strategy's own bars become in them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import from_us, sessions_between, to_us
from quantumzero.domain.strategy.timeframes import (
    Aggregation,
    bars_a_day,
    bars_in,
    bucket_of,
    is_longer,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def bucket(opens_at: str, timeframe: str, calendar: str = "XNYS") -> tuple[datetime, datetime]:
    found = bucket_of(to_us(at(opens_at)), timeframe, calendar)
    assert found is not None
    return from_us(found[0]), from_us(found[1])


@pytest.mark.parametrize(
    ("opens_at", "timeframe", "start", "end"),
    [
        ("2024-01-03T14:30", "1d", "2024-01-03T14:30", "2024-01-03T21:00"),
        ("2024-01-03T20:59", "1d", "2024-01-03T14:30", "2024-01-03T21:00"),
        ("2024-07-03T16:59", "1d", "2024-07-03T13:30", "2024-07-03T17:00"),  # closes at 13:00
        ("2024-01-03T15:29", "1h", "2024-01-03T14:30", "2024-01-03T15:30"),
        ("2024-01-03T20:45", "1h", "2024-01-03T20:30", "2024-01-03T21:00"),  # half an hour is left
        ("2024-01-03T14:44", "15m", "2024-01-03T14:30", "2024-01-03T14:45"),
        ("2024-01-03T14:30", "1w", "2024-01-01T00:00", "2024-01-05T21:00"),
        ("2024-03-26T13:30", "1w", "2024-03-25T00:00", "2024-03-28T20:00"),  # Good Friday is shut
        ("2024-01-03T00:00", "1d", "2024-01-03T14:30", "2024-01-03T21:00"),  # stamped with a date
    ],
)
def test_a_bar_of_the_exchange_belongs_to_its_session(opens_at, timeframe, start, end):
    assert bucket(opens_at, timeframe) == (at(start), at(end))


@pytest.mark.parametrize(
    ("opens_at", "timeframe", "start", "end"),
    [
        ("2024-01-06T23:59", "1d", "2024-01-06T00:00", "2024-01-07T00:00"),
        ("2024-01-07T23:00", "1w", "2024-01-01T00:00", "2024-01-08T00:00"),
        ("2024-01-08T00:00", "1w", "2024-01-08T00:00", "2024-01-15T00:00"),
        ("2024-01-08T10:29", "1h", "2024-01-08T10:00", "2024-01-08T11:00"),
    ],
)
def test_without_a_calendar_days_are_utc_and_weeks_begin_on_monday(opens_at, timeframe, start, end):
    assert bucket(opens_at, timeframe, "none") == (at(start), at(end))


@pytest.mark.parametrize(
    ("opens_at", "timeframe"),
    [
        ("2024-01-06T15:00", "1d"),  # Saturday
        ("2024-01-01T15:00", "1d"),  # New Year
        ("2024-01-03T21:00", "1d"),  # after the close
        ("2024-01-03T14:00", "1h"),  # before the open
        ("2024-01-06T15:00", "1w"),
    ],
)
def test_a_bar_outside_every_session_belongs_to_no_bucket(opens_at, timeframe):
    assert bucket_of(to_us(at(opens_at)), timeframe, "XNYS") is None


def test_lengths_count_whole_buckets():
    assert is_longer("1d", "1h")
    assert not is_longer("1h", "1h")
    assert not is_longer("5m", "1d")
    assert (bars_a_day("1m", "XNYS"), bars_a_day("1h", "XNYS"), bars_a_day("1d", "XNYS")) == (
        390, 7, 1,
    )  # fmt: skip
    assert (bars_in("1w", "1d", "XNYS"), bars_in("1w", "1d", "none")) == (5, 7)
    assert (bars_in("1d", "30m", "XNYS"), bars_in("1h", "5m", "XNYS")) == (13, 12)


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[Bar], str, str]:
    """Draw thinned out bars of some days, a higher timeframe and a calendar."""
    own, higher = draw(
        st.sampled_from([("30m", "1h"), ("30m", "1d"), ("1h", "1w"), ("1d", "1w"), ("15m", "1d")])
    )
    calendar = draw(st.sampled_from(["XNYS", "none"]))
    made: list[Bar] = []
    minutes = {"15m": 15, "30m": 30, "1h": 60}.get(own)
    for session in sessions_between(date(2024, 6, 27), date(2024, 7, 12)):
        opens_at = session.opens_at
        while opens_at < session.closes_at:
            length = timedelta(minutes=minutes) if minutes else session.closes_at - opens_at
            closes_at = min(opens_at + length, session.closes_at)
            if draw(st.integers(0, 9)) < 7:
                prices = draw(st.lists(st.integers(1, 9), min_size=4, max_size=4))
                opened, close, up, down = prices
                high, low = max(opened, close) + up, min(opened, close) - down
                made.append(Bar("A", own, opens_at, closes_at, opened, high, low, close, up, 1))
            opens_at = closes_at
    return made, higher, calendar


def by_definition(bars: list[Bar], now: datetime, higher: str, calendar: str) -> list[int] | None:
    """Return the last bucket that has closed by now, from all bars that closed by now."""
    groups: dict[tuple[int, int], list[Bar]] = {}
    for bar in bars:
        place = bucket_of(to_us(bar.opens_at), higher, calendar)
        if place and bar.closes_at <= now:
            groups.setdefault(place, []).append(bar)
    closed = [place for place in groups if place[1] <= to_us(now)]
    if not closed:
        return None
    group = groups[max(closed)]
    return [
        group[0].open, max(bar.high for bar in group), min(bar.low for bar in group),
        group[-1].close, sum(bar.volume for bar in group),
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(runs(), st.data())
def test_a_higher_bar_appears_when_it_has_closed_and_survives_a_restart(run, data):
    bars, higher, calendar = run
    aggregation = Aggregation(higher, calendar)
    for bar in bars:
        if data.draw(st.integers(0, 9)) == 0:
            memory = json.loads(json.dumps(aggregation.dump()))
            aggregation = Aggregation(higher, calendar)
            aggregation.load(memory)
        aggregation.step(bar)
        assert aggregation.completed == by_definition(bars, bar.closes_at, higher, calendar)


def test_buckets_follow_each_other_without_overlap():
    for calendar in ("XNYS", "none"):
        for timeframe in ("1h", "1d", "1w"):
            first = to_us(at("2024-01-01T00:00"))
            found = {bucket_of(first + hour * 3_600_000_000, timeframe, calendar)
                     for hour in range(24 * 40)} - {None}  # fmt: skip
            assert all(one[1] <= two[0] for one, two in pairwise(sorted(found)))
