"""A desk at the exchange with an entry in GOOG that has legs; each day is traded whole and then swept.

GOOG trades at 100 at first, rises above 108 on the second day and falls below 106 on the fourth.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import intend
from quantumzero.domain.orders import (
    Leg,
    OrderClass,
    OrderRecord,
    OrderState,
    OrderTerms,
    Origin,
    Side,
)
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import kept_here, leg_id
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from local.exchange.control import Exchange
    from quantumzero.adapters.brokers.alpaca import AlpacaBroker, AlpacaClock

D = Decimal
ENTRY = "qz1-goog-entry"
BRACKET = OrderTerms(
    ENTRY,
    "d",
    "by-hand",
    "GOOG",
    Side.BUY,
    D(3),
    order_class=OrderClass.BRACKET,
    take_profit_price=D(500),
    stop_loss_price=D(1),
)
STOP_ONLY = replace(
    BRACKET, order_class=OrderClass.OTO, take_profit_price=None, stop_loss_price=D(107)
)


class Trading:
    """A desk at the exchange; each day is traded whole and then swept."""

    def __init__(self, exchange: Exchange, broker: AlpacaBroker, clock: AlpacaClock) -> None:
        self.exchange = exchange
        self.clock = clock
        self.desk = OrderDesk(broker=broker)
        self._sweeps = 0
        self.keep_time()

    def keep_time(self) -> None:
        moved = (self.clock.now() - self.desk.market.now()).total_seconds()
        self.desk.market.advance(moved)
        self.desk.machine.advance(max(moved, 60))

    def enter(self, terms: OrderTerms = BRACKET) -> None:
        self.send(kept_here(terms))

    def send(self, terms: OrderTerms) -> OrderState:
        now = self.desk.market.now()
        step = intend(terms, at=now, recorded_at=now, reference_price=D(110))
        self.desk.ledger.commit(change_of(step, Position("GOOG"), at=now))
        return self.desk.place.place(terms.client_order_id, request="r0")

    def day(self) -> None:
        self.exchange.control.open_session()
        self.exchange.control.run_session()
        self.keep_time()
        self.sweep()

    def sweep(self) -> None:
        self._sweeps += 1
        self.desk.sweep.sweep(request=f"s{self._sweeps}")

    def leg(self, generation: int = 1, kind: Leg = Leg.STOP) -> OrderRecord:
        return self.desk.ledger.records[leg_id(ENTRY, kind, generation)]

    def shown(self) -> dict[str, str]:
        """Return type and status of every order that the exchange has open."""
        closed = ("filled", "canceled", "expired", "replaced")
        orders = self.exchange.control.books()["orders"]
        return {each["type"]: each["status"] for each in orders if each["status"] not in closed}

    def assert_books_agree(self) -> None:
        assert self.desk.reconcile.reconcile().clean
        origins = {each.terms.origin for each in self.desk.ledger.records.values()}
        assert Origin.EXTERNAL not in origins
