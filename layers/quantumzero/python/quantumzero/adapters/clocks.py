"""The two clocks: the machine's, and market time taken from the data."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quantumzero.ports.market_data import BarStore

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SystemClock:
    """The machine's clock; it is the market's too when the market is live."""

    def now(self) -> datetime:
        """Return the machine's time, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        return time.monotonic()


class DataClock:
    """Market time as the newest event time that the tick stream has reached; for replays."""

    def __init__(self, bars: BarStore) -> None:
        self._bars = bars

    def now(self) -> datetime:
        """Return market time, aware UTC; the epoch before the first tick."""
        return self._bars.market_time() or _EPOCH
