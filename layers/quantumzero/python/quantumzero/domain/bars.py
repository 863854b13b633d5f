"""Bars: what traded in one instrument during one interval.

Times are aware UTC. `opens_at` is the first instant of the interval, `closes_at` the first instant after it:
a bar may be used from `closes_at` on, never earlier. Prices are integers of 0.0001 (domain/prices.py), raw: never
adjusted for splits or dividends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

TIMEFRAMES = ("1m", "5m", "15m", "30m", "1h", "1d", "1w")


@dataclass(frozen=True, slots=True)
class Bar:
    """One closed interval of trading.

    volume counts shares; trade_count counts trades folded in; bid and ask are the last good quote before the close,
    None when no quote was seen; revision is 0 for the first final bar and grows with each correction; vwap is the
    volume-weighted average price, None when the data has none.
    """

    symbol: str
    timeframe: str
    opens_at: datetime
    closes_at: datetime
    open: int
    high: int
    low: int
    close: int
    volume: int
    trade_count: int
    bid: int | None = None
    ask: int | None = None
    revision: int = 0
    vwap: int | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A split of an instrument: each share held before `ex_date` (exchange date) becomes new/old shares."""

    symbol: str
    ex_date: str
    new: int
    old: int
