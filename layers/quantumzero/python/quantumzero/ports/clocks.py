"""The two clocks: market time decides sessions, freshness and bars; machine time decides leases, timeouts, retries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class MarketClock(Protocol):
    def now(self) -> datetime:
        """Return the market's time, aware UTC."""


class MachineClock(Protocol):
    def now(self) -> datetime:
        """Return the machine's time, aware UTC."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards, for deadlines within one process."""
