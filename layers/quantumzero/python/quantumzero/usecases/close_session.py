"""After a session closed: write down what the account is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.portfolio import Position, equity, non_zero
from quantumzero.domain.prices import price_decimal
from quantumzero.ports.ledger import AccountLedger, EquitySnapshot, SessionLedger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.ports.clocks import MarketClock
    from quantumzero.ports.leases import Heartbeats
    from quantumzero.ports.market_data import BarStore
    from quantumzero.usecases.stop_at_limits import StopAtLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSession:
    """Value the holdings at the newest closes."""

    books: AccountLedger
    sessions: SessionLedger
    bars: BarStore
    timeframes: Sequence[str]
    market: MarketClock
    heartbeats: Heartbeats
    stops: StopAtLimits

    def close(self, closes_at: datetime | None = None) -> EquitySnapshot:
        """Store and return the equity at closes_at, else at the market's time; the same time again replaces it."""
        time = closes_at or self.market.now()
        picture = self.books.picture()
        held = non_zero(picture.positions)
        prices = {each.symbol: self._price(each, time) for each in held}
        quantities = {each.symbol: each.quantity for each in held}
        snapshot = EquitySnapshot(time, equity(picture.cash, quantities, prices), picture.cash)
        self.stops.at_close(snapshot.equity, at=time)
        self.sessions.put_equity(snapshot)
        detail = f"equity {snapshot.equity:f}"
        self.heartbeats.beat("close_session", market_time=time, detail=detail)
        return snapshot

    def _price(self, position: Position, until: datetime) -> Decimal:
        """Return the newest close of any timeframe; cost stands in where no bar is known."""
        newest = [
            bar
            for timeframe in self.timeframes
            for bar in self.bars.bars(position.symbol, timeframe, until=until, limit=1)
        ]
        if not newest:
            return position.cost / position.quantity
        return price_decimal(max(newest, key=lambda bar: bar.closes_at).close)
