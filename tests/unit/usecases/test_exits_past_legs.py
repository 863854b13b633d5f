"""Orders that meet a resting leg: it is taken off first, what it has sold is not sold again, the rest is covered."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.bars import Split
from quantumzero.domain.decisions import Action
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.order_dependencies import second_half_id
from quantumzero.domain.order_lifecycle import intend
from quantumzero.domain.orders import (
    Leg,
    OrderState,
    OrderTerms,
    OrderType,
    Side,
    TimeInForce,
)
from quantumzero.domain.portfolio import Position
from quantumzero.domain.protection import leg_id
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.proposal import NO_MODEL
from tests.fakes.legs_desk import (
    ENTRY,
    STOP_ONLY,
    bar,
    enter,
    exit_all,
    fill,
    leg,
    legs_desk,
    plain,
    rest,
    tick,
)

if TYPE_CHECKING:
    from tests.fakes.order_desk import OrderDesk

D = Decimal
S = OrderState


@pytest.fixture
def desk() -> OrderDesk:
    return legs_desk()


def test_when_the_time_is_up_the_position_is_left_at_the_market(desk: OrderDesk) -> None:
    plan = ProtectionPlan(stop_loss=Offset(money=D(3)), time_stop_bars=2, timeframe="1d")
    enter(desk, plain(plan))
    assert desk.legs.follow(fill(desk, ENTRY, 10), request="f")
    bar(desk, "39", "41")
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.TIME).held
    bar(desk, "39", "41")
    desk.sweep.sweep(request="s2")
    way_out = leg(desk, Leg.TIME)
    assert (way_out.state, way_out.terms.order_type) == (S.ACCEPTED, OrderType.MARKET)
    assert leg(desk, Leg.STOP).state is S.CANCELED
    fill(desk, way_out.terms.client_order_id, 10, "40.50")
    desk.sweep.sweep(request="s3")
    assert desk.ledger.held_orders() == []
    assert desk.broker.quantities["AAPL"] == 0


def test_an_exit_is_sent_when_the_leg_in_its_way_is_cancelled(desk: OrderDesk) -> None:
    resting = rest(desk)
    name = exit_all(desk)
    assert desk.ledger.records[name].terms.quantity == 10
    assert desk.place.place(name, request="x") is S.ACCEPTED
    assert desk.broker.accepted[resting.terms.client_order_id].status == "canceled"
    assert leg(desk, Leg.STOP).state is S.CANCELED
    # Its successor is held all the while and does not rest beside the exit.
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP, 2).held
    fill(desk, name, 10, "41")
    desk.sweep.sweep(request="s2")
    assert desk.ledger.held_orders() == []
    assert desk.ledger.position("AAPL").quantity == 0 == desk.broker.quantities["AAPL"]


def test_an_exit_waits_while_the_broker_does_not_say_that_the_leg_is_gone(desk: OrderDesk) -> None:
    resting = rest(desk)
    name = exit_all(desk)
    desk.broker.read_faults = [True]
    assert desk.place.place(name, request="x") is S.INTENT
    assert desk.broker.accept_count.get(name) is None
    desk.broker.read_faults = []
    tick(desk)
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).state is S.CANCELED
    desk.sweep.sweep(request="s2")
    assert desk.ledger.records[name].state is S.ACCEPTED
    assert resting.terms.client_order_id not in [
        each.client_order_id for each in desk.broker.orders(since=None, open_only=True)
    ]


def test_an_exit_closes_only_what_the_leg_has_left(desk: OrderDesk) -> None:
    resting = rest(desk)
    name = exit_all(desk)
    desk.broker.fill(resting.terms.client_order_id, D(4), D(44))
    desk.place.place(name, request="x")
    assert desk.broker.accepted[name].quantity == 6
    fill(desk, name, 6, "41")
    desk.sweep.sweep(request="s1")
    assert desk.ledger.position("AAPL").quantity == 0 == desk.broker.quantities["AAPL"]


def test_an_exit_is_given_up_when_the_leg_has_closed_everything(desk: OrderDesk) -> None:
    resting = rest(desk)
    name = exit_all(desk)
    desk.broker.fill(resting.terms.client_order_id, D(10), D(44))
    assert desk.place.place(name, request="x") is S.ABANDONED
    assert desk.ledger.records[name].code == "REDUCE_ONLY"
    assert desk.ledger.position("AAPL").quantity == 0
    assert desk.broker.accept_count.get(name) is None


def test_an_exit_that_trading_does_not_permit_leaves_the_leg_alone(desk: OrderDesk) -> None:
    rest(desk)
    name = exit_all(desk)
    tick(desk, 600)
    assert desk.place.place(name, request="x") is S.INTENT
    assert leg(desk, Leg.STOP).state is S.ACCEPTED


def test_what_a_partial_exit_leaves_is_protected_again(desk: OrderDesk) -> None:
    rest(desk)
    now = desk.market.now()
    terms = OrderTerms("qz1-part", "d2", "sma-cross", "AAPL", Side.SELL, D(3), leg=Leg.MANUAL)
    step = intend(terms, at=now, recorded_at=now, reference_price=D(40))
    desk.ledger.commit(change_of(step, Position("AAPL"), at=now))
    assert desk.place.place("qz1-part", request="x") is S.ACCEPTED
    tick(desk)
    desk.sweep.sweep(request="s1")
    assert desk.broker.accepted[leg_id(ENTRY, Leg.STOP, 2)].quantity == 7
    fill(desk, "qz1-part", 3)
    desk.sweep.sweep(request="s2")
    desk.sweep.sweep(request="s3")
    open_orders = desk.broker.orders(since=None, open_only=True)
    assert [(each.client_order_id, each.quantity) for each in open_orders] == [
        (leg_id(ENTRY, Leg.STOP, 2), 7)
    ]


def test_an_order_that_adds_takes_the_leg_off_and_both_are_protected_after(desk: OrderDesk) -> None:
    rest(desk, STOP_ONLY)
    more = replace(STOP_ONLY, client_order_id="qz1-more", quantity=D(5))
    enter(desk, more)
    assert leg(desk, Leg.STOP).state is S.CANCELED
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP, 2).held
    fill(desk, "qz1-more", 5)
    desk.sweep.sweep(request="s2")
    own = desk.ledger.strategy_holding("sma-cross", "AAPL")
    assert (own.quantity, own.resting) == (15, 15)


def test_a_halt_cancels_what_rests_and_its_successor_waits(desk: OrderDesk) -> None:
    rest(desk)
    desk.halt.halt(by="o", reason="t")
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).state is S.CANCELED
    bar(desk, "39", "41")
    desk.sweep.sweep(request="s2")
    assert leg(desk, Leg.STOP, 2).held
    now = desk.market.now()
    desk.ledger.set_state(TradingState.REDUCING, by="o", reason="t", at=now)
    desk.sweep.sweep(request="s3")
    assert leg(desk, Leg.STOP, 2).state is S.ACCEPTED


def test_reducing_leaves_resting_legs_where_they_are(desk: OrderDesk) -> None:
    rest(desk)
    now = desk.market.now()
    desk.ledger.set_state(TradingState.REDUCING, by="o", reason="t", at=now)
    desk.sweep.sweep(request="s1")
    assert leg(desk, Leg.STOP).state is S.ACCEPTED


def test_a_position_closed_otherwise_takes_its_resting_leg_away(desk: OrderDesk) -> None:
    rest(desk, STOP_ONLY)
    now = desk.market.now()
    # A sale that the ledger heard of after it was done: nothing asked the leg first.
    sold = OrderTerms("qz1-gone", "d2", "sma-cross", "AAPL", Side.SELL, D(10))
    step = intend(sold, at=now, recorded_at=now, reference_price=D(40))
    desk.ledger.commit(change_of(step, Position("AAPL"), at=now))
    desk.broker._accept(sold)
    fill(desk, "qz1-gone", 10)
    desk.sweep.sweep(request="s1")
    desk.sweep.sweep(request="s2")
    assert leg(desk, Leg.STOP).state is S.CANCELED
    assert leg(desk, Leg.STOP, 2).code == "POSITION_CLOSED"


def test_a_stop_that_is_met_goes_before_an_exit_that_waits_for_its_price(desk: OrderDesk) -> None:
    rest(desk, STOP_ONLY)
    now = desk.market.now()
    terms = OrderTerms(
        "qz1-dear",
        "d2",
        "sma-cross",
        "AAPL",
        Side.SELL,
        D(10),
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.GOOD_TIL_CANCELED,
        limit_price=D(60),
        leg=Leg.MANUAL,
    )
    step = intend(terms, at=now, recorded_at=now, reference_price=D(40))
    desk.ledger.commit(change_of(step, Position("AAPL"), at=now))
    assert desk.place.place("qz1-dear", request="x") is S.ACCEPTED
    bar(desk, "37", "41", "38")
    desk.sweep.sweep(request="s1")
    assert desk.broker.accepted["qz1-dear"].status == "canceled"
    tick(desk)
    desk.sweep.sweep(request="s2")
    fired = leg(desk, Leg.STOP, 2)
    assert (fired.state, fired.terms.order_type) == (S.ACCEPTED, OrderType.MARKET)
    fill(desk, fired.terms.client_order_id, 10, "38")
    assert desk.ledger.position("AAPL").quantity == 0 == desk.broker.quantities["AAPL"]


def test_a_turn_takes_the_leg_off_before_it_closes_and_opens(desk: OrderDesk) -> None:
    rest(desk)
    bar(desk, "40", "41")
    risk = desk.ledger.risk()
    desk.ledger._risk = replace(risk, limits=replace(risk.limits, short_selling=True))
    decision = desk.decision("AAPL", Action.ENTER_SHORT, percent_of_equity=D(1))
    verdict = desk.decide.decide(decision, NO_MODEL)
    assert verdict.approved, verdict.reason
    closing = verdict.client_order_id
    assert desk.place.place(closing, request="x") is S.ACCEPTED
    assert desk.broker.accepted[closing].quantity == 10
    fill(desk, closing, 10, "40")
    tick(desk)
    desk.sweep.sweep(request="s1")
    opening = desk.ledger.records[second_half_id(closing)]
    assert opening.state is S.ACCEPTED
    desk.broker.fill(opening.terms.client_order_id, opening.terms.quantity, D(40))
    desk.sweep.sweep(request="s2")
    held = desk.ledger.position("AAPL").quantity
    assert held == -opening.terms.quantity == desk.broker.quantities["AAPL"]
    assert desk.ledger.held_orders() == []


def test_a_split_that_the_broker_restates_leaves_the_resting_leg_alone(desk: OrderDesk) -> None:
    name = rest(desk, STOP_ONLY).terms.client_order_id
    tick(desk, 86400)
    split = Split("AAPL", desk.market.now().date().isoformat(), 2, 1)
    desk.bars.put_splits([split])
    desk.ledger.apply_split(split, at=desk.market.now())
    desk.ledger.mark_prepared(desk.market.now().date())
    desk.broker.quantities["AAPL"] = D(20)
    order = desk.broker.accepted[name]
    desk.broker.accepted[name] = replace(order, quantity=D(20), updated_at=desk.market.now())
    for number in range(3):
        desk.sweep.sweep(request=f"s{number}")
    assert (leg(desk, Leg.STOP).state, leg(desk, Leg.STOP).terms.quantity) == (S.ACCEPTED, 20)
    held = leg(desk, Leg.STOP, 2)
    assert (held.terms.quantity, held.terms.stop_loss_price) == (20, 19)
    assert desk.ledger.strategy_holding("sma-cross", "AAPL").resting == 20


def test_a_stop_limit_that_works_is_not_cancelled_by_its_successor() -> None:
    desk = legs_desk("robinhood")
    enter(desk, replace(STOP_ONLY, stop_loss_limit_price=D("37.50")))
    fill(desk, ENTRY, 10)
    bar(desk, "37", "41", "37")
    for number in range(3):
        tick(desk)
        desk.sweep.sweep(request=f"s{number}")
    assert leg(desk, Leg.STOP).state is S.ACCEPTED
    assert leg(desk, Leg.STOP, 2).held
