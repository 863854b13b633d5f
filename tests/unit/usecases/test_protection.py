"""Stops and targets kept here: sized by what filled, never selling twice, never leaving a position without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from quantumzero.adapters.brokers.alpaca_orders import order_request
from quantumzero.domain.bars import Bar
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_capabilities import check_capability
from quantumzero.domain.order_lifecycle import intend
from quantumzero.domain.orders import (
    Leg,
    OrderClass,
    OrderRecord,
    OrderState,
    OrderTerms,
    OrderType,
    Origin,
    Side,
)
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import fire, kept_here, leg_id
from quantumzero.domain.risk.account_risk import TradingState
from tests.fakes.legs_desk import BRACKET, ENTRY
from tests.fakes.order_desk import OrderDesk

D = Decimal
S = OrderState


@pytest.fixture
def desk() -> OrderDesk:
    # A broker of crypto alone takes no order of shares to rest: every leg stays here.
    desk = OrderDesk(legs_at="robinhood")
    desk.price("AAPL", "40")
    return desk


def enter(desk: OrderDesk, terms: OrderTerms = BRACKET) -> None:
    """Write and send an entry whose legs are kept here."""
    now = desk.market.now()
    step = intend(kept_here(terms), at=now, recorded_at=now, reference_price=D(40))
    desk.ledger.commit(change_of(step, Position("AAPL"), at=now))
    assert desk.place.place(ENTRY, request="r0") is S.ACCEPTED


def fill(desk: OrderDesk, name: str, quantity: int, price: str = "40") -> None:
    desk.apply.apply(desk.broker.fill(name, D(quantity), D(price)))


def leg(desk: OrderDesk, kind: Leg, generation: int = 1) -> OrderRecord:
    return desk.ledger.records[leg_id(ENTRY, kind, generation)]


def bar(desk: OrderDesk, low: str, high: str, close: str = "40") -> None:
    """Let a day pass with that range."""
    desk.market.advance(86400)
    desk.machine.advance(86400)
    closes_at = desk.market.now()
    units = [int(D(each) * 10000) for each in (close, high, low, close)]
    opens_at = closes_at - timedelta(hours=6.5)
    desk.bars.put_bars([Bar("AAPL", "1d", opens_at, closes_at, *units, 1000, 4)])


def test_legs_are_written_with_the_fill_and_grow_with_the_next(desk: OrderDesk) -> None:
    enter(desk)
    assert len(desk.ledger.records) == 1
    fill(desk, ENTRY, 4)
    stop, target = leg(desk, Leg.STOP), leg(desk, Leg.TARGET)
    for each in (stop, target):
        assert (each.state, each.held, each.terms.quantity) == (S.INTENT, True, 4)
        assert (each.terms.side, each.terms.origin) == (Side.SELL, Origin.PROTECTIVE)
        assert (each.terms.reduce_only, each.terms.parent) == (True, ENTRY)
        assert each.reserved_value == 0
    assert (stop.terms.order_type, target.terms.limit_price) == (OrderType.MARKET, 44)
    fill(desk, ENTRY, 6)
    assert (leg(desk, Leg.STOP).terms.quantity, leg(desk, Leg.TARGET).terms.quantity) == (10, 10)


def test_held_legs_count_nowhere_and_block_no_exit(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    assert desk.ledger.open_orders() == []
    assert len(desk.ledger.held_orders()) == 2
    assert desk.ledger.risk().open_orders == 0
    assert desk.ledger.strategy_holdings("sma-cross")[0].pending_sell == 0
    assert desk.place.place(leg_id(ENTRY, Leg.STOP, 1), request="x") is S.INTENT
    desk.market.advance(86400)
    desk.machine.advance(86400)
    desk.price("AAPL", "41")
    sold = desk.sell("AAPL")
    assert desk.broker.accepted[sold].quantity == 10
    fill(desk, sold, 10, "41")
    desk.sweep.sweep(request="s1")
    assert {leg(desk, kind).code for kind in (Leg.STOP, Leg.TARGET)} == {"POSITION_CLOSED"}
    assert desk.ledger.held_orders() == []


def test_the_stop_goes_when_a_bar_meets_it(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    bar(desk, "38.01", "43.99")
    desk.sweep.sweep(request="s1")
    assert desk.broker.submits == 1
    bar(desk, "37.50", "41")
    desk.sweep.sweep(request="s2")
    stop = leg(desk, Leg.STOP)
    assert (stop.state, stop.held) == (S.ACCEPTED, False)
    assert desk.ledger.strategy_holdings("sma-cross")[0].pending_sell == 10
    # Its successor is written with it, and has nothing to sell while it works.
    assert leg(desk, Leg.STOP, 2).held
    bar(desk, "37", "45")
    desk.sweep.sweep(request="s3")
    assert desk.broker.submits == 2
    fill(desk, stop.terms.client_order_id, 10, "37.5")
    desk.sweep.sweep(request="s4")
    assert desk.ledger.position("AAPL").quantity == 0
    assert desk.ledger.cash() == desk.broker.cash
    assert desk.ledger.held_orders() == []
    assert desk.ledger.risk().gross_used == 0
    assert desk.ledger.risk().open_orders == 0


def test_a_bar_that_was_open_before_the_fill_speaks_by_its_close(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    now = desk.market.now()
    units = [int(D(each) * 10000) for each in ("40", "50", "30", "40")]
    desk.market.advance(60)
    old = Bar("AAPL", "1d", now - timedelta(hours=1), desk.market.now(), *units, 1000, 4)
    desk.bars.put_bars([old])
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).held


def test_the_target_sells_at_its_price_and_the_stop_clears_it_away(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    bar(desk, "40", "44.10", "44")
    desk.sweep.sweep(request="s1")
    target = leg(desk, Leg.TARGET)
    assert (target.state, target.terms.order_type) == (S.ACCEPTED, OrderType.LIMIT)
    fill(desk, target.terms.client_order_id, 3, "44")
    bar(desk, "37", "40", "37")
    desk.sweep.sweep(request="s2")
    assert desk.broker.accepted[target.terms.client_order_id].status == "canceled"
    desk.sweep.sweep(request="s3")
    desk.sweep.sweep(request="s4")
    stop = leg(desk, Leg.STOP)
    assert desk.broker.accepted[stop.terms.client_order_id].quantity == 7
    fill(desk, stop.terms.client_order_id, 7, "37")
    desk.sweep.sweep(request="s5")
    assert desk.ledger.position("AAPL").quantity == 0
    assert desk.ledger.held_orders() == []


def test_a_stop_that_the_broker_refuses_is_followed_by_the_next_and_an_alert(
    desk: OrderDesk,
) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    for day in range(3):
        desk.broker.submit_faults = ["reject"]
        bar(desk, "37", "40", "37")
        desk.sweep.sweep(request=f"s{day}")
        assert leg(desk, Leg.STOP, day + 1).state is S.REJECTED
    assert leg(desk, Leg.STOP, 4).held
    (alert,) = [each for each in desk.ledger.raised.values() if each.id.startswith("protection")]
    assert "was sent 3 times" in alert.message
    bar(desk, "37", "40", "37")
    desk.sweep.sweep(request="s9")
    assert leg(desk, Leg.STOP, 4).state is S.ACCEPTED


def test_what_fills_after_a_leg_went_is_protected_by_the_next(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 4)
    bar(desk, "37", "40", "37")
    desk.sweep.sweep(request="s1")
    fill(desk, leg(desk, Leg.STOP).terms.client_order_id, 4, "37")
    fill(desk, ENTRY, 6, "37")
    bar(desk, "36", "39", "37")
    desk.sweep.sweep(request="s2")
    desk.sweep.sweep(request="s3")
    sold = desk.broker.accepted[leg_id(ENTRY, Leg.STOP, 2)]
    assert sold.quantity == 6


def test_a_full_limit_and_reducing_never_block_a_stop_but_a_halt_does(desk: OrderDesk) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    risk = desk.ledger.risk()
    desk.ledger._risk = replace(risk, limits=replace(risk.limits, gross_exposure=D(1)))
    now = desk.market.now()
    desk.ledger.set_state(TradingState.HALTED, by="o", reason="t", at=now)
    bar(desk, "37", "40")
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).held
    desk.ledger.set_state(TradingState.REDUCING, by="o", reason="t", at=now)
    desk.sweep.sweep(request="s2")
    assert leg(desk, Leg.STOP).state is S.ACCEPTED


def test_a_short_entry_is_protected_upwards(desk: OrderDesk) -> None:
    terms = replace(
        BRACKET,
        side=Side.SELL,
        opens_short=True,
        order_class=OrderClass.OTO,
        take_profit_price=None,
        stop_loss_price=D(42),
        stop_loss_limit_price=D("42.50"),
    )
    enter(desk, terms)
    fill(desk, ENTRY, 10)
    assert len(desk.ledger.held_orders()) == 1
    bar(desk, "40", "42")
    desk.sweep.sweep(request="s1")
    stop = desk.broker.accepted[leg_id(ENTRY, Leg.STOP, 1)]
    assert (stop.side, stop.quantity) == (Side.BUY, 10)
    assert leg(desk, Leg.STOP).terms.limit_price == D("42.50")
    fill(desk, stop.client_order_id, 10, "42.4")
    assert desk.ledger.position("AAPL").quantity == 0
    assert desk.ledger.risk().gross_used == 0


@pytest.mark.parametrize("broker", ["alpaca", "paper"])
@pytest.mark.parametrize("quantity", ["10", "2.5"])
@pytest.mark.parametrize("kind", [Leg.STOP, Leg.TARGET])
def test_every_broker_takes_a_leg_that_is_let_go(
    desk: OrderDesk, broker: str, quantity: str, kind: Leg
) -> None:
    enter(desk)
    fill(desk, ENTRY, 10)
    now = desk.market.now()
    fired = fire(leg(desk, kind), D(quantity), at=now, recorded_at=now).after
    assert check_capability(fired.terms, broker) is None
    assert "take_profit" not in order_request(fired.terms)


def test_a_fill_and_its_legs_are_written_together_or_not_at_all(desk: OrderDesk) -> None:
    enter(desk)
    snapshot = desk.broker.fill(ENTRY, D(4), D(40))
    desk.apply.apply(snapshot)
    desk.apply.apply(snapshot)
    versions = [event for event in desk.ledger.events if event[0] == leg_id(ENTRY, Leg.STOP, 1)]
    assert versions == [(leg_id(ENTRY, Leg.STOP, 1), 1, "held")]


def test_an_order_without_legs_writes_none(desk: OrderDesk) -> None:
    desk.apply.apply(desk.broker.fill(desk.buy("AAPL"), D(500), D(40)))
    assert len(desk.ledger.records) == 1
