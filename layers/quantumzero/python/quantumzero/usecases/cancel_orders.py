"""Ask the broker to cancel working orders; asked again by every sweep until they are closed."""

from __future__ import annotations

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


class CancelOrders:
    """Cancel one order or all of them."""

    def __init__(self, *, ledger: OrderLedger, broker: Broker, market: MarketClock) -> None:
        self._ledger = ledger
        self._broker = broker
        self._market = market

    def cancel_all(self) -> int:
        """Ask for every order the broker may still work on; return how many were asked for."""
        return sum(self.cancel(record) for record in self._ledger.open_orders())

    def cancel(self, record: OrderRecord) -> bool:
        """Ask the broker; False when the order is not working or the broker could not be asked (the sweep asks again)."""
        if record.terminal or record.broker_order_id is None:
            return False
        transition = request_cancel(record)
        try:
            if transition is not None:
                untouched = Position(record.terms.symbol)
                self._ledger.commit(change_of(transition, untouched, at=self._market.now()))
            self._broker.cancel(record.broker_order_id)
        except (ConflictError, UnavailableError, UnknownOutcomeError):
            return False
        return True
