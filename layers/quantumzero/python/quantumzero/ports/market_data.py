"""Where market data comes from, and where ticks and bars are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Bar, Split
    from quantumzero.domain.risk.proposal import Quote


class BarStore(Protocol):
    """The bars table: raw bars by symbol and timeframe, and the corporate actions known for each symbol."""

    def put_bars(self, bars: Iterable[Bar]) -> None:
        """Store bars; storing the same bar again changes nothing."""

    def bars(self, symbol: str, timeframe: str, *, until: datetime, limit: int) -> Sequence[Bar]:
        """Return at most limit bars that closed at or before until, oldest first (the newest limit ones)."""

    def put_splits(self, splits: Iterable[Split]) -> None:
        """Store splits; storing the same split again changes nothing."""

    def splits(self, symbol: str) -> Sequence[Split]:
        """Return the known splits of the symbol by ex-date."""

    def market_time(self) -> datetime | None:
        """Return the newest event time that the tick stream has reached, None before the first tick."""


class MarketQuotes(Protocol):
    """The newest best prices, for those who may ask the vendor."""

    def quote(self, symbol: str) -> Quote | None:
        """Return the symbol's newest quote, None when there is none. Raises UnavailableError: no verdict."""
