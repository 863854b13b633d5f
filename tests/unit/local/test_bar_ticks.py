"""Bars become ticks by one fixed rule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from local.market_data.bar_ticks import daily_ticks, intraday_ticks, least_volume
from local.market_data.sessions import TradingCalendar
from local.market_data.values import SourceBar
from tests.unit.local.markets import MONDAY, daily_bar, session_on


def test_a_rising_day_prints_three_times_at_the_open_then_low_high_and_close() -> None:
    bar = daily_bar(MONDAY, "10 12 9 11", 1_001)
    opens_at = session_on(MONDAY).opens_at

    ticks = [(tick.at - opens_at, str(tick.price), tick.size) for tick in daily_ticks(bar)]

    assert ticks == [
        (timedelta(0), "10", 50),
        (timedelta(milliseconds=1), "10", 50),
        (timedelta(milliseconds=2), "10", 50),
        (timedelta(hours=2), "9", 200),
        (timedelta(hours=4, minutes=30), "12", 200),
        (timedelta(hours=6, minutes=29, seconds=59), "11", 451),
    ]


def test_a_falling_day_prints_its_high_before_its_low() -> None:
    prices = [str(tick.price) for tick in daily_ticks(daily_bar(MONDAY, "11 12 9 10", 1_000))]

    assert prices == ["11", "11", "11", "12", "9", "10"]


def test_a_session_with_an_early_close_prints_its_extremes_before_that_close() -> None:
    day = date(2012, 11, 23)
    session = TradingCalendar(day, day).session_on(day)
    assert session is not None
    price = Decimal(10)
    bar = SourceBar(session.opens_at, session.closes_at, price, price, price, price, 1_000)

    offsets = [tick.at - session.opens_at for tick in daily_ticks(bar)]

    assert offsets[3:] == [
        timedelta(hours=1),
        timedelta(hours=2, minutes=30),
        timedelta(hours=3, minutes=29, seconds=59),
    ]


def test_a_minute_prints_open_extremes_and_close() -> None:
    opens_at = session_on(MONDAY).opens_at
    bar = SourceBar(
        opens_at,
        opens_at + timedelta(minutes=1),
        Decimal(10),
        Decimal(12),
        Decimal(9),
        Decimal(11),
        100,
    )

    ticks = [(tick.at - opens_at, int(tick.price), tick.size) for tick in intraday_ticks(bar)]

    assert ticks == [
        (timedelta(0), 10, 15),
        (timedelta(seconds=20), 9, 20),
        (timedelta(seconds=40), 12, 20),
        (timedelta(seconds=59), 11, 45),
    ]


def test_a_day_without_volume_prints_nothing() -> None:
    assert daily_ticks(daily_bar(MONDAY, "10 10 10 10", 0)) == ()


@given(
    opened=st.integers(1, 50),
    closed=st.integers(1, 50),
    above=st.integers(0, 5),
    below=st.integers(0, 5),
    volume=st.integers(0, 5_000),
)
def test_ticks_give_back_exactly_their_bar(
    opened: int, closed: int, above: int, below: int, volume: int
) -> None:
    high, low = max(opened, closed) + above, max(min(opened, closed) - below, 1)
    prices = [Decimal(price) for price in (opened, high, low, closed)]
    session = session_on(MONDAY)
    volume = max(volume, least_volume(*prices))
    bar = SourceBar(session.opens_at, session.closes_at, *prices, volume)

    for ticks in (daily_ticks(bar), intraday_ticks(bar)):
        if volume == 0:
            assert ticks == ()
            continue
        assert ticks[0].price == bar.open
        assert ticks[-1].price == bar.close
        assert max(tick.price for tick in ticks) == bar.high
        assert min(tick.price for tick in ticks) == bar.low
        assert sum(tick.size for tick in ticks) == volume
        assert all(tick.size > 0 for tick in ticks)
        assert [tick.at for tick in ticks] == sorted({tick.at for tick in ticks})
        assert bar.opens_at <= ticks[0].at
        assert ticks[-1].at < bar.closes_at
