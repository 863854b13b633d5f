"""Ask the broker to cancel working orders; asked again by every sweep until they are closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, UnavailableError, UnknownOutcomeError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import request_cancel
from quantumzero.domain.portfolio import Position

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.brokers import Broker
    from quantumzero.ports.clocks import MarketClock
    from quantumzero.ports.ledger import OrderLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrders:
    """Cancel one order or all of them."""

    ledger: OrderLedger
    broker: Broker
    market: MarketClock

    def cancel_all(self) -> int:
        """Ask for every order the broker may still work on; return how many were asked for."""
        return sum(self.cancel(record) for record in self.ledger.open_orders())

    def cancel(self, record: OrderRecord) -> bool:
        """Ask the broker; False when the order is not working or could not be asked for (the sweep asks again)."""
        if record.terminal or record.broker_order_id is None:
            return False
        transition = request_cancel(record)
        try:
            if transition is not None:
                untouched = Position(record.terms.symbol)
                self.ledger.commit(change_of(transition, untouched, at=self.market.now()))
            self.broker.cancel(record.broker_order_id)
        except (ConflictError, UnavailableError, UnknownOutcomeError):
            return False
        return True
