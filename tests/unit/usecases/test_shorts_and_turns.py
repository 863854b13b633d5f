"""Short positions and turns, from decision to cash: the ledger equals the broker at every step."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.orders import Leg, OrderState, Side
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.proposal import NO_MODEL
from tests.fakes.order_desk import OrderDesk

D = Decimal


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    risk = desk.ledger.risk()
    limits = replace(risk.limits, short_selling=True)
    desk.ledger._risk = replace(risk, limits=limits)
    desk.price("AAPL", "40")
    return desk


def act(desk: OrderDesk, action: Action, request: str = "r1") -> str:
    verdict = desk.decide.decide(desk.decision("AAPL", action), NO_MODEL)
    assert verdict.approved, verdict.reason
    desk.place.place(verdict.client_order_id, request=request)
    return verdict.client_order_id


def fill(desk: OrderDesk, name: str, price: str) -> None:
    order = desk.broker.accepted[name]
    desk.apply.apply(desk.broker.fill(name, order.quantity, D(price)))
    assert desk.ledger.cash() == desk.broker.cash
    assert desk.ledger.position("AAPL").quantity == desk.broker.quantities["AAPL"]


def next_day(desk: OrderDesk, price: str) -> None:
    desk.market.advance(86400)
    desk.machine.advance(86400)
    desk.price("AAPL", price)


def test_a_short_sale_reserves_and_covering_frees(desk: OrderDesk) -> None:
    name = act(desk, Action.ENTER_SHORT)
    assert desk.broker.accepted[name].side is Side.SELL
    risk = desk.ledger.risk()
    assert (risk.gross_used, risk.open_reserved) == (20000, 20000)
    fill(desk, name, "40")
    position = desk.ledger.position("AAPL")
    assert (position.quantity, position.cost, position.exposure) == (-500, -20000, 20000)
    assert desk.ledger.risk().open_reserved == 0
    assert desk.ledger.strategy_holdings("sma-cross")[0].quantity == -500
    next_day(desk, "36")
    cover = act(desk, Action.EXIT_SHORT)
    terms = desk.ledger.records[cover].terms
    assert (terms.side, terms.reduce_only, terms.leg) == (Side.BUY, True, Leg.EXIT)
    assert desk.ledger.risk().gross_used == 20000
    fill(desk, cover, "36")
    assert desk.ledger.cash() == 100000 + 500 * 4
    assert desk.ledger.risk().gross_used == 0
    assert desk.ledger.position("AAPL").cost == 0


def test_short_selling_is_off_unless_the_limits_allow_it() -> None:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    verdict = desk.decide.decide(desk.decision("AAPL", Action.ENTER_SHORT), NO_MODEL)
    assert (verdict.approved, verdict.code) == (False, "NOT_SHORTABLE")


def test_covering_is_possible_while_only_exits_are(desk: OrderDesk) -> None:
    fill(desk, act(desk, Action.ENTER_SHORT), "40")
    next_day(desk, "41")
    desk.ledger.set_state(TradingState.REDUCING, by="o", reason="t", at=desk.market.now())
    refused = desk.decide.decide(
        desk.decision("AAPL", Action.ENTER_SHORT, strategy="other"), NO_MODEL
    )
    assert refused.code == "TRADING_REDUCING"
    fill(desk, act(desk, Action.EXIT_SHORT), "41")
    assert desk.ledger.position("AAPL").quantity == 0


@pytest.mark.parametrize("first", [Action.ENTER_LONG, Action.ENTER_SHORT])
def test_a_turn_is_two_orders_and_the_second_waits(desk: OrderDesk, first: Action) -> None:
    sign = 1 if first is Action.ENTER_LONG else -1
    fill(desk, act(desk, first), "40")
    next_day(desk, "40")
    other = Action.ENTER_SHORT if first is Action.ENTER_LONG else Action.ENTER_LONG
    close = act(desk, other)
    opening = next(each for each in desk.ledger.records.values() if each.terms.parent == close)
    assert desk.ledger.records[close].terms.quantity == 500
    assert (opening.state, opening.terms.quantity) == (OrderState.INTENT, 500)
    # The excess is reserved at once, on top of what is held.
    assert desk.ledger.risk().gross_used == 40000
    desk.machine.advance(5)
    desk.sweep.sweep(request="s1")
    name = opening.terms.client_order_id
    assert name not in desk.broker.accepted
    fill(desk, close, "40")
    assert desk.ledger.risk().gross_used == 20000
    desk.sweep.sweep(request="s2")
    fill(desk, name, "40")
    assert desk.ledger.position("AAPL").quantity == -sign * 500
    risk = desk.ledger.risk()
    assert (risk.gross_used, risk.open_reserved) == (20000, 0)
    assert desk.ledger.cash() == 100000 - (-sign * 500 * 40)


def test_the_second_half_is_given_up_when_the_first_was_cancelled(desk: OrderDesk) -> None:
    fill(desk, act(desk, Action.ENTER_LONG), "40")
    next_day(desk, "40")
    close = act(desk, Action.ENTER_SHORT)
    desk.apply.apply(desk.broker.close(close, "canceled"))
    desk.machine.advance(5)
    desk.sweep.sweep(request="s1")
    (opening,) = [each for each in desk.ledger.records.values() if each.terms.parent == close]
    assert (opening.state, opening.code) == (OrderState.ABANDONED, "NOT_CLOSED")
    assert desk.ledger.risk().gross_used == 20000


def test_a_reduce_only_order_is_not_sent_when_less_is_held(desk: OrderDesk) -> None:
    fill(desk, act(desk, Action.ENTER_SHORT), "40")
    next_day(desk, "40")
    verdict = desk.decide.decide(desk.decision("AAPL", Action.EXIT_SHORT), NO_MODEL)
    desk.ledger.positions["AAPL"] = replace(desk.ledger.position("AAPL"), quantity=D(-100))
    state = desk.place.place(verdict.client_order_id, request="r9")
    assert (state, desk.ledger.records[verdict.client_order_id].code) == (
        OrderState.ABANDONED,
        "REDUCE_ONLY",
    )


def test_what_the_broker_does_not_take_is_refused_with_words(desk: OrderDesk) -> None:
    elsewhere = replace(desk.decide, broker="robinhood")
    verdict = elsewhere.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)
    assert (verdict.approved, verdict.code) == (False, "NOT_OFFERED")
    assert "it trades crypto" in verdict.reason


def test_a_turn_is_no_repetition_of_the_exit_that_was_refused_a_moment_ago(desk: OrderDesk) -> None:
    fill(desk, act(desk, Action.ENTER_SHORT), "40")
    next_day(desk, "40")
    desk.broker.submit_faults = ["reject"]
    refused = act(desk, Action.EXIT_SHORT)
    assert desk.ledger.records[refused].state is OrderState.REJECTED
    turn = act(desk, Action.ENTER_LONG, "r2")
    first = desk.ledger.records[turn].terms
    assert (first.leg, first.quantity) == (Leg.EXIT, desk.ledger.records[refused].terms.quantity)
