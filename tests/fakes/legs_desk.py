"""A desk with an entry that has stops and targets, and what a test does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.domain.bars import Bar
from quantumzero.domain.decisions import Action
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_lifecycle import intend
from quantumzero.domain.orders import Leg, OrderClass, OrderRecord, OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import kept_here, leg_id
from quantumzero.domain.risk.proposal import NO_MODEL
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from quantumzero.domain.protection_plan import ProtectionPlan

D = Decimal
ENTRY = "qz1-entry"
BRACKET = OrderTerms(
    ENTRY,
    "d",
    "sma-cross",
    "AAPL",
    Side.BUY,
    D(10),
    order_class=OrderClass.BRACKET,
    take_profit_price=D(44),
    stop_loss_price=D(38),
)
STOP_ONLY = replace(BRACKET, order_class=OrderClass.OTO, take_profit_price=None)


def legs_desk(legs_at: str = "alpaca") -> OrderDesk:
    """Return a desk at a broker that refuses to sell what is not free, AAPL at 40."""
    desk = OrderDesk(legs_at=legs_at)
    desk.price("AAPL", "40")
    desk.broker.checks_shares = True
    return desk


def enter(desk: OrderDesk, terms: OrderTerms = BRACKET) -> None:
    """Write and send an entry with legs."""
    now = desk.market.now()
    step = intend(kept_here(terms), at=now, recorded_at=now, reference_price=D(40))
    desk.ledger.commit(change_of(step, Position("AAPL"), at=now))
    assert desk.place.place(terms.client_order_id, request="r0") is OrderState.ACCEPTED


def fill(desk: OrderDesk, name: str, quantity: int, price: str = "40") -> OrderRecord:
    found = desk.apply.apply(desk.broker.fill(name, D(quantity), D(price)))
    assert found is not None
    return found


def rest(desk: OrderDesk, terms: OrderTerms = BRACKET, quantity: int = 10) -> OrderRecord:
    """Enter, fill and let the legs rest; return the leg that does."""
    enter(desk, terms)
    assert desk.legs.follow(fill(desk, terms.client_order_id, quantity), request="f")
    (resting,) = [each for each in desk.ledger.open_orders() if each.terms.rests]
    return resting


def leg(desk: OrderDesk, kind: Leg, generation: int = 1) -> OrderRecord:
    return desk.ledger.records[leg_id(ENTRY, kind, generation)]


def tick(desk: OrderDesk, seconds: float = 60) -> None:
    desk.market.advance(seconds)
    desk.machine.advance(seconds)


def bar(desk: OrderDesk, low: str, high: str, close: str = "40", days: int = 1) -> None:
    """Let a day pass with that range."""
    tick(desk, 86400 * days)
    closes_at = desk.market.now()
    units = [int(D(each) * 10000) for each in (close, high, low, close)]
    opens_at = closes_at - timedelta(hours=6.5)
    desk.bars.put_bars([Bar("AAPL", "1d", opens_at, closes_at, *units, 1000, 4)])


def exit_all(desk: OrderDesk) -> str:
    """Decide an exit of everything on a new bar; return its id."""
    bar(desk, "40", "41")
    verdict = desk.decide.decide(desk.decision("AAPL", Action.EXIT_LONG), NO_MODEL)
    assert verdict.approved, verdict.reason
    return verdict.client_order_id


def plain(plan: ProtectionPlan, **changes: Any) -> OrderTerms:
    terms = OrderTerms(ENTRY, "d", "sma-cross", "AAPL", Side.BUY, D(10), protection=plan)
    return replace(terms, **changes)
