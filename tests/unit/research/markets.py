"""Small histories for the tests of research: bars on real sessions, prices as the test says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import DAY_US, sessions_between
from quantumzero.research.columns import BarColumns, bars_from_columns
from quantumzero.research.sessions import day_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.research.history import Action, MarketHistory

FIRST = date(2024, 1, 2)


def session_days(count: int, first: date = FIRST) -> list[date]:
    return [session.day for session in sessions_between(first, date(first.year + 3, 1, 1))][:count]


def daily_columns(
    symbol: str, closes: Sequence[float], days: Sequence[date] | None = None, volume: int = 10_000
) -> BarColumns:
    """Return bars that open at the close before and reach a hundredth beyond either price."""
    close = np.array(closes, dtype=np.float64)
    opened = np.concatenate([close[:1], close[:-1]])
    times = [day_number(day) * DAY_US for day in days or session_days(len(close))]
    return BarColumns(
        symbol,
        np.array(times, dtype=np.int64),
        zoned=False,
        open=opened,
        high=np.round(np.maximum(opened, close) + 0.01, 4),
        low=np.round(np.minimum(opened, close) - 0.01, 4),
        close=close,
        volume=np.full(len(close), volume),
    )


def daily_history(
    closes: dict[str, Sequence[float]],
    days: Sequence[date] | None = None,
    actions: Sequence[Action] = (),
    calendar: str = "XNYS",
) -> MarketHistory:
    return bars_from_columns(
        [daily_columns(symbol, values, days) for symbol, values in closes.items()],
        calendar=calendar,
        actions=actions,
    )


CROSS = """
strategy: cross
version: 2
universe: [GOOG]
timeframe: 1d
parameters:
  level: {default: 12, range: [10, 15, 0.5]}
entry: {long: "cross_above(close, level)"}
exit: {long: "cross_below(close, level)"}
sizing: {percent_of_equity: 100, lot: fractional}
costs: {commission: {bps: 10}}
"""
UP_AND_DOWN = [10.0, 11.0, 13.0, 14.0, 13.0, 11.0, 10.0, 10.0]
BARS = daily_history({"GOOG": UP_AND_DOWN})
