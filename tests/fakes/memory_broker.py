"""A broker in memory with its own books, and faults by script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import UnavailableError, UnknownOutcomeError
from quantumzero.domain.orders import BrokerOrder, OrderTerms, Side
from quantumzero.ports.brokers import BrokerAccount, BrokerPosition, Rejection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.ports.clocks import MarketClock

OPEN = ("accepted", "new", "partially_filled")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request on its way: it arrives when the test says so."""

    terms: OrderTerms


class MemoryBroker:
    """Implements Broker; fault names one of the scripts of faults.json once, or None.

    Faults of submit: lost (never arrives), late (arrives when deliver() is called), accept_then_lost (accepted, no
    answer), reject (refused). Fault of reads: read_fails. An exit by target or stop is one order, as adapters show it;
    with checks_shares a sale of more than is held and free is refused, as brokers do.
    """

    def __init__(self, clock: MarketClock, cash: Decimal) -> None:
        self._clock = clock
        self.cash = cash
        self.quantities: dict[str, Decimal] = {}
        self.accepted: dict[str, BrokerOrder] = {}
        self.accept_count: dict[str, int] = {}
        self.late: list[Delivery] = []
        self.submit_faults: list[str | None] = []
        self.read_faults: list[bool] = []
        self.submits = 0
        self.checks_shares = False
        self.sent: dict[str, OrderTerms] = {}

    def submit(self, terms: OrderTerms) -> BrokerOrder | Rejection:
        self.submits += 1
        fault = self.submit_faults.pop(0) if self.submit_faults else None
        if fault == "lost":
            raise UnknownOutcomeError("no answer")
        if fault == "late":
            self.late.append(Delivery(terms))
            raise UnknownOutcomeError("no answer")
        if fault == "reject":
            return Rejection("40310000", "insufficient buying power", "request-1")
        if self.checks_shares and self._uncovered(terms):
            return Rejection("40310000", "insufficient qty available for order", "request-1")
        order = self._accept(terms)
        if fault == "accept_then_lost":
            raise UnknownOutcomeError("no answer")
        return order

    def _accept(self, terms: OrderTerms) -> BrokerOrder:
        known = self.accepted.get(terms.client_order_id)
        if known is not None:
            return known
        name = terms.client_order_id
        self.accept_count[name] = self.accept_count.get(name, 0) + 1
        order = BrokerOrder(
            f"b-{len(self.accepted) + 1}",
            name,
            terms.symbol,
            terms.side,
            terms.quantity,
            Decimal(0),
            None,
            "new",
            self._clock.now(),
            created_at=self._clock.now(),
        )
        self.accepted[name] = order
        self.sent[name] = terms
        return order

    def _uncovered(self, terms: OrderTerms) -> bool:
        if terms.side is Side.BUY or terms.opens_short:
            return False
        busy = (
            each.quantity - each.filled_quantity
            for each in self.accepted.values()
            if each.status in OPEN and each.symbol == terms.symbol and each.side is Side.SELL
        )
        free = self.quantities.get(terms.symbol, Decimal(0)) - sum(busy, Decimal(0))
        return terms.client_order_id not in self.accepted and terms.quantity > free

    def replace(self, broker_order_id: str, terms: OrderTerms) -> BrokerOrder | Rejection:
        """Put the new order in the place of the old; the faults are those of submit."""
        self.submits += 1
        fault = self.submit_faults.pop(0) if self.submit_faults else None
        if fault == "lost":
            raise UnknownOutcomeError("no answer")
        if fault == "reject":
            return Rejection("42210000", "the order cannot be replaced", "request-1")
        order = self._put_in_place(broker_order_id, terms)
        if fault == "accept_then_lost" and isinstance(order, BrokerOrder):
            raise UnknownOutcomeError("no answer")
        return order

    def _put_in_place(self, broker_order_id: str, terms: OrderTerms) -> BrokerOrder | Rejection:
        if terms.client_order_id in self.accepted:
            return self.accepted[terms.client_order_id]
        for name, old in self.accepted.items():
            if old.broker_order_id == broker_order_id and old.status in OPEN:
                self.close(name, "replaced")
                return self._accept(terms)
        return Rejection("42210000", "order is not open", "request-1")

    def deliver(self) -> None:
        """Let everything arrive that was on its way."""
        for delivery in self.late:
            self._accept(delivery.terms)
        self.late.clear()

    def fill(self, client_order_id: str, quantity: Decimal, price: Decimal) -> BrokerOrder:
        """Fill some of a working order and move the books."""
        order = self.accepted[client_order_id]
        before = order.filled_quantity * (order.average_fill_price or Decimal(0))
        filled = order.filled_quantity + quantity
        order = replace(
            order,
            filled_quantity=filled,
            average_fill_price=(before + quantity * price) / filled,
            status="filled" if filled == order.quantity else "partially_filled",
            updated_at=self._clock.now(),
            filled_at=self._clock.now(),
        )
        self.accepted[client_order_id] = order
        sign = 1 if order.side is Side.BUY else -1
        self.cash -= sign * quantity * price
        held = self.quantities.get(order.symbol, Decimal(0))
        self.quantities[order.symbol] = held + sign * quantity
        return order

    def close(self, client_order_id: str, status: str) -> BrokerOrder:
        """Cancel, expire or reject a working order."""
        order = replace(self.accepted[client_order_id], status=status, updated_at=self._clock.now())
        self.accepted[client_order_id] = order
        return order

    def _read(self) -> None:
        if self.read_faults and self.read_faults.pop(0):
            raise UnavailableError("the broker does not answer")

    def order(self, client_order_id: str) -> BrokerOrder | None:
        self._read()
        return self.accepted.get(client_order_id)

    def orders(self, *, since: datetime | None, open_only: bool) -> Sequence[BrokerOrder]:
        self._read()
        return [
            each
            for each in self.accepted.values()
            if (since is None or (each.created_at or since) >= since)
            and (not open_only or each.status in OPEN)
        ]

    def cancel(self, broker_order_id: str) -> None:
        for name, order in self.accepted.items():
            if order.broker_order_id == broker_order_id and order.status in OPEN:
                self.close(name, "canceled")
                return

    def cancel_open(self) -> None:
        for name, order in list(self.accepted.items()):
            if order.status in OPEN:
                self.close(name, "canceled")

    def holdings(self) -> tuple[BrokerAccount, Sequence[BrokerPosition]]:
        self._read()
        positions = [
            BrokerPosition(symbol, quantity, Decimal(1))
            for symbol, quantity in sorted(self.quantities.items())
            if quantity
        ]
        return BrokerAccount(self.cash, self.cash, self.cash), positions
