"""The market data of one run: raw bars as columns, corporate actions, and a name for the whole.

Times are int64 microseconds since 1970 UTC. Prices are int64 counts of 10**-price_decimals of the
currency, raw (never adjusted); volumes count shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from quantumzero.research.snapshot import snapshot_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Action:
    """One corporate action, effective at the open of the exchange date ex_date (ISO 8601).

    kind: split (new shares for old), dividend (cash a share, in units of the history's price),
    delisting (what a share is worth from then on, in price units), rename (to), join and leave (the
    symbol's membership of the universe begins or ends), halt (the symbol did not trade in that
    session, so that no bar is missing).
    """

    symbol: str
    ex_date: str
    kind: str
    new: int = 1
    old: int = 1
    amount: int = 0
    to: str = ""


@dataclass(frozen=True, slots=True)
class BarSeries:
    """All bars of one symbol, oldest first, strictly increasing times; every array has length n.

    A bar covers opens_at <= t < closes_at. vwap, bid and ask are None when the data has none; 0 in
    them is a value that this bar lacks. opens_at and closes_at of a daily bar are the session's.
    """

    symbol: str
    opens_at: Integers
    closes_at: Integers
    open: Integers
    high: Integers
    low: Integers
    close: Integers
    volume: Integers
    vwap: Integers | None = None
    bid: Integers | None = None
    ask: Integers | None = None

    def __len__(self) -> int:
        return len(self.closes_at)


@dataclass(frozen=True)
class MarketHistory:
    """The bars of every symbol of a run; notes are sentences about what reading the data left out."""

    series: Mapping[str, BarSeries]
    timeframe: str
    price_decimals: int = 4
    actions: tuple[Action, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()

    @cached_property
    def snapshot(self) -> str:
        """Return the SHA-256 (hex) of everything in it that can decide a result."""
        return snapshot_of(self.series, self.timeframe, self.price_decimals, self.actions)
