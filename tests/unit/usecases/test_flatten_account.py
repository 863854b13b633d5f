"""Every position is left by one exit a part, after what works was cancelled, and nothing is left twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import RefusedError
from quantumzero.domain.orders import OrderState, Origin, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.usecases.flatten_account import (
    NO_PRICE,
    NOBODYS,
    STILL_WORKS,
    FlattenAccount,
    Flattening,
    Left,
)
from quantumzero.usecases.request_cancel import RequestCancel
from quantumzero.usecases.scope_trading import ScopeTrading
from tests.fakes.manual_clock import NoBackoff
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "a-key-of-a-test"


class Pause:
    """Lets something happen between two looks."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], object] = lambda: None
        self.count = 0

    def wait(self, attempt: int) -> None:
        self.count = attempt
        self.meanwhile()


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    for symbol in ("AAPL", "IBM"):
        desk.price(symbol, "40")
    return desk


@pytest.fixture
def pause() -> Pause:
    return Pause()


@pytest.fixture
def flattening(desk: OrderDesk, pause: Pause) -> FlattenAccount:
    return FlattenAccount(
        decide=desk.decide,
        cancelling=RequestCancel(ledger=desk.ledger, market=desk.market, backoff=NoBackoff()),
        switching=ScopeTrading(halting=desk.halt, switch=desk.ledger, market=desk.market),
        timeframes=("1d",),
        pause=pause,
    )


def flatten(flattening: FlattenAccount, key: str = KEY) -> Flattening:
    return flattening.flatten(key=key, by="me", reason="enough")


def hold(desk: OrderDesk, symbol: str) -> Decimal:
    """Buy and fill; return the shares."""
    name = desk.buy(symbol)
    quantity = desk.ledger.records[name].terms.quantity
    desk.apply.apply(desk.broker.fill(name, quantity, Decimal(40)))
    return quantity


def close_the_cancelled(desk: OrderDesk) -> None:
    """Carry out what was asked to be cancelled, as carry_out_requests does."""
    for record in list(desk.ledger.records.values()):
        if record.cancel_requested and not record.terminal:
            desk.cancel.cancel(record)
            desk.apply.apply(desk.broker.accepted[record.terms.client_order_id])


def test_each_position_gets_one_reduce_only_exit_at_the_market(
    desk: OrderDesk, flattening: FlattenAccount, pause: Pause
) -> None:
    held = {symbol: hold(desk, symbol) for symbol in ("AAPL", "IBM")}
    done = flatten(flattening)
    found = {each.terms.symbol: each for each in done.orders}
    assert {symbol: each.terms.quantity for symbol, each in found.items()} == held
    for each in found.values():
        terms = each.terms
        assert (terms.side, terms.reduce_only, terms.origin) == (Side.SELL, True, Origin.MANUAL)
        assert (each.state, each.reason) == (OrderState.INTENT, "flattened by me: enough")
    assert (done.left, pause.count) == ((), 0)
    risk = desk.ledger.risk()
    assert (risk.state, risk.changed_by, risk.reason) == (TradingState.REDUCING, "me", "enough")


def test_the_exits_end_in_an_empty_account(desk: OrderDesk, flattening: FlattenAccount) -> None:
    hold(desk, "AAPL")
    (order,) = flatten(flattening).orders
    name = order.terms.client_order_id
    assert desk.place.place(name, request="r") is OrderState.ACCEPTED
    desk.apply.apply(desk.broker.fill(name, order.terms.quantity, Decimal(41)))
    assert desk.ledger.holdings() == []
    assert desk.reconcile.reconcile().clean
    assert flatten(flattening, "another-key").orders == []


def test_what_works_is_cancelled_first(
    desk: OrderDesk, flattening: FlattenAccount, pause: Pause
) -> None:
    quantity = hold(desk, "AAPL")
    desk.market.advance(86400)
    desk.price("AAPL", "40")
    leaving = desk.sell("AAPL")
    entering = desk.buy("IBM")
    pause.meanwhile = lambda: close_the_cancelled(desk)
    done = flatten(flattening)
    assert [each.terms.quantity for each in done.orders] == [quantity]
    states = [desk.ledger.records[name].state for name in (leaving, entering)]
    assert states == [OrderState.CANCELED, OrderState.CANCELED]


def test_what_is_not_cancelled_in_time_is_left_and_the_same_key_goes_on(
    desk: OrderDesk, flattening: FlattenAccount
) -> None:
    quantity = hold(desk, "AAPL")
    hold(desk, "IBM")
    desk.market.advance(86400)
    desk.price("AAPL", "40")
    desk.sell("AAPL")
    first = flatten(flattening)
    assert [each.terms.symbol for each in first.orders] == ["IBM"]
    assert first.left == (Left("AAPL", "sma-cross", quantity, STILL_WORKS),)
    close_the_cancelled(desk)
    second = flatten(flattening)
    assert [each.terms.symbol for each in second.orders] == ["AAPL", "IBM"]
    assert second.orders[1] == first.orders[0]
    assert second.left == ()


def test_an_order_that_was_never_sent_is_given_up(
    desk: OrderDesk, flattening: FlattenAccount, pause: Pause
) -> None:
    verdict = desk.decide.decide(desk.decision("AAPL", Action.ENTER_LONG), NO_MODEL)
    assert flatten(flattening) == Flattening([], ())
    assert desk.ledger.records[verdict.client_order_id].state is OrderState.ABANDONED
    assert pause.count == 1


def test_a_short_position_is_bought_back(desk: OrderDesk, flattening: FlattenAccount) -> None:
    risk = desk.ledger.risk()
    limits = replace(risk.limits, short_selling=True)
    object.__setattr__(desk.ledger, "_risk", replace(risk, limits=limits))
    verdict = desk.decide.decide(desk.decision("AAPL", Action.ENTER_SHORT), NO_MODEL)
    name = verdict.client_order_id
    desk.place.place(name, request="r")
    quantity = desk.ledger.records[name].terms.quantity
    desk.apply.apply(desk.broker.fill(name, quantity, Decimal(40)))
    (order,) = flatten(flattening).orders
    assert (order.state, order.terms.side, order.terms.quantity) == (
        OrderState.INTENT,
        Side.BUY,
        quantity,
    )


def test_while_halted_it_is_refused_with_what_to_do(
    desk: OrderDesk, flattening: FlattenAccount
) -> None:
    quantity = hold(desk, "AAPL")
    desk.halt.halt(reason="test", by="me")
    with pytest.raises(
        RefusedError, match="trading is HALTED, so exits are not sent either; resume first"
    ):
        flatten(flattening)
    assert desk.ledger.position("AAPL").quantity == quantity


def test_what_belongs_to_nobody_or_has_no_price_is_named(
    desk: OrderDesk, flattening: FlattenAccount
) -> None:
    five, value = Decimal(5), Decimal(200)
    desk.ledger.positions["MSFT"] = Position("MSFT", five, value, value, 1)
    hold(desk, "AAPL")
    desk.bars = type(desk.bars)()
    object.__setattr__(desk.decide, "bars", desk.bars)
    done = flatten(flattening)
    assert done.orders == []
    assert {(each.symbol, each.strategy, each.reason) for each in done.left} == {
        ("AAPL", "sma-cross", NO_PRICE),
        ("MSFT", None, NOBODYS),
    }
