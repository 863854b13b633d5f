"""The rule of prints equals the exchange simulator's, bar by bar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from local.market_data.bar_ticks import daily_ticks, intraday_ticks
from local.market_data.values import SourceBar
from quantumzero.domain.calendars import from_us, to_us
from quantumzero.research.grid import build_grid, span_of
from quantumzero.research.prints import detail_of_prints, prints_of
from tests.unit.research.markets import daily_history

OPENS = datetime(2024, 7, 3, 13, 30, tzinfo=UTC)


@settings(max_examples=200, deadline=None)
@given(
    prices=st.lists(st.integers(100, 130), min_size=4, max_size=4),
    volume=st.one_of(st.integers(4, 40), st.integers(0, 10**7)),
    hours=st.sampled_from([3.5, 6.5]),
    daily=st.booleans(),
)
def test_prints_equal_those_of_the_exchange_simulator(
    prices: list[int], volume: int, hours: float, daily: bool
) -> None:
    low, opened, closed, high = min(prices), prices[0], prices[1], max(prices)
    closes = OPENS + (timedelta(hours=hours) if daily else timedelta(minutes=1))
    values = [Decimal(price) / 10_000 for price in (opened, high, low, closed)]
    ticks = (daily_ticks if daily else intraday_ticks)(SourceBar(OPENS, closes, *values, volume))
    found = prints_of((to_us(OPENS), to_us(closes), opened, high, low, closed, volume), daily)
    assert [(from_us(at), Decimal(price) / 10_000, size) for at, price, size in found] == [
        (tick.at, tick.price, tick.size) for tick in ticks
    ]


def test_the_detail_of_a_grid_holds_each_bars_prints_in_its_range() -> None:
    history = daily_history({"A": [10.0, 11.0, 12.0], "B": [5.0, 4.0, 3.0]})
    detail = detail_of_prints(history, build_grid(history, ["A", "B"], span_of(None, None)))
    assert detail.start.tolist() == [[0, 6, 12, 18], [18, 24, 30, 36]]
    assert detail.close[6:12].tolist() == [10.0, 10.0, 10.0, 9.99, 11.01, 11.0]
    assert np.add.reduceat(detail.volume, [0, 6, 12, 18, 24, 30]).tolist() == [10_000.0] * 6
