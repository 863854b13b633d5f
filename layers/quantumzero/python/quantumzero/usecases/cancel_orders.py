"""Cancel orders: what was never sent is given up, what works is asked for, and asked again by every sweep until closed.

An order that may be on its way is marked: the sweep cancels it when it turns up, and does not send it again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, UnavailableError, UnknownOutcomeError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import Transition, abandon, request_cancel
from quantumzero.domain.orders import OrderState, Origin
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.reservation import counted_only

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.ports.brokers import Broker
    from quantumzero.ports.clocks import MachineClock, MarketClock
    from quantumzero.ports.ledger import OrderLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrders:
    """Cancel one order or all of them.

    machine is the clock of the message rate; where it is given, what is asked of the broker is counted there.
    """

    ledger: OrderLedger
    broker: Broker
    market: MarketClock
    machine: MachineClock | None = None

    def cancel_all(self) -> int:
        """Ask for every order the broker may still work on; return how many were asked for."""
        working = [each for each in self.ledger.open_orders() if each.broker_order_id is not None]
        return sum(self.cancel(record) for record in working)

    def cancel(self, record: OrderRecord) -> bool:
        """Cancel; False when the order is closed, has moved or the broker could not be asked (the sweep asks again)."""
        if record.terminal or record.terms.origin is Origin.EXTERNAL:
            # What somebody else made at the broker is cancelled there.
            return False
        if record.state is OrderState.INTENT:
            text = "it was cancelled before it was sent"
            transition: Transition | None = abandon(record, code="CANCELED", reason=text)
        else:
            transition = request_cancel(record)
        try:
            if transition is not None:
                commit_cancel(transition, self.ledger, market=self.market, machine=self.machine)
            if record.broker_order_id is not None:
                self.broker.cancel(record.broker_order_id)
        except (ConflictError, UnavailableError, UnknownOutcomeError):
            return False
        return True


def commit_cancel(
    transition: Transition,
    ledger: OrderLedger,
    *,
    market: MarketClock,
    machine: MachineClock | None,
) -> None:
    """Write the step; one that asks the broker for something is counted in the message rate, which never refuses it.

    Raises ConflictError when the order has moved.
    """
    terms = transition.after.terms
    change = change_of(transition, Position(terms.symbol), at=market.now())
    if machine is not None and transition.after.cancel_requested:
        guard = counted_only(ledger.risk(), terms.strategy, at=machine.now())
        try:
            ledger.commit(replace(change, guard=guard))
            return
        except ConflictError:
            # The rate moved meanwhile, or the order did: the cancel matters more than its count.
            pass
    ledger.commit(change)
