"""Turns in two halves, and orders that wait for another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.order_dependencies import (
    READY,
    Readiness,
    reducible,
    split_flip,
    standing,
    waits_for,
)
from quantumzero.domain.orders import Leg, OrderClass, OrderState, Side
from quantumzero.domain.portfolio import Position
from tests.fakes.order_records import BUY, record

D = Decimal
SHORT = replace(BUY, side=Side.SELL, opens_short=True)


@pytest.mark.parametrize(
    ("terms", "held"),
    [
        (BUY, "0"),
        (BUY, "5"),
        (SHORT, "-5"),
        (replace(BUY, side=Side.SELL), "5"),
        (replace(BUY, reduce_only=True), "-5"),
    ],
)
def test_what_turns_nothing_stays_one_order(terms, held) -> None:
    assert split_flip(terms, D(held)) == (terms,)


@pytest.mark.parametrize(("terms", "held"), [(BUY, "-10"), (SHORT, "12")])
def test_an_entry_that_only_closes_is_reduce_only(terms, held) -> None:
    (only,) = split_flip(terms, D(held))
    assert (only.reduce_only, only.opens_short, only.quantity) == (True, False, 10)
    assert only.reducing


@pytest.mark.parametrize(("terms", "held"), [(BUY, "-4"), (SHORT, "4")])
def test_a_turn_closes_first_and_opens_the_rest_after(terms, held) -> None:
    bracket = replace(
        terms,
        order_class=OrderClass.BRACKET,
        take_profit_price=D(60),
        stop_loss_price=D(30),
    )
    close, opening = split_flip(bracket, D(held))
    assert (close.client_order_id, close.quantity, close.leg) == ("qz1-a", 4, Leg.EXIT)
    assert close.reduce_only
    assert close.order_class is OrderClass.SIMPLE
    assert close.stop_loss_price is None
    assert (opening.quantity, opening.leg, opening.parent) == (6, Leg.ENTRY, "qz1-a")
    assert opening.opens_short is (terms.side is Side.SELL)
    assert opening.order_class is OrderClass.BRACKET
    assert opening.client_order_id.startswith("qz1-")
    assert len(opening.client_order_id) == 30
    assert split_flip(bracket, D(held)) == (close, opening)


@pytest.mark.parametrize("held", ["-4", "-10"])
def test_of_an_amount_that_turns_a_position_each_half_is_shares(held: str) -> None:
    amount = replace(BUY, notional=D(50))
    halves = split_flip(amount, D(held))
    assert [each.notional for each in halves] == [None] * len(halves)
    assert sum(each.quantity for each in halves) == 10
    assert split_flip(amount, D(0)) == (amount,)


@pytest.mark.parametrize("state", list(OrderState))
def test_the_second_half_waits_until_the_position_is_closed(state: OrderState) -> None:
    first = record(state)
    second = replace(record(OrderState.INTENT), terms=replace(BUY, parent="qz1-a"))
    assert waits_for(second.terms) == "qz1-a"
    found = standing(second, first)
    if state is OrderState.FILLED:
        assert found is READY
    elif first.terminal:
        assert (found.readiness, found.code) == (Readiness.HOPELESS, "NOT_CLOSED")
    else:
        assert found.readiness is Readiness.WAITING
    assert standing(second, None).readiness is Readiness.HOPELESS


@pytest.mark.parametrize("state", list(OrderState))
def test_a_replacement_needs_an_order_that_works(state: OrderState) -> None:
    old = record(state)
    new = replace(record(OrderState.INTENT), terms=replace(BUY, replaces="qz1-a"))
    found = standing(new, old)
    if state in (OrderState.ACCEPTED, OrderState.PARTIAL):
        assert found is READY
    elif old.terminal:
        assert (found.readiness, found.code) == (Readiness.HOPELESS, "NOTHING_TO_REPLACE")
    else:
        assert found.readiness is Readiness.WAITING


@pytest.mark.parametrize(
    ("side", "held", "ready"),
    [
        (Side.SELL, "10", True),
        (Side.SELL, "9", False),
        (Side.SELL, "-10", False),
        (Side.BUY, "-10", True),
        (Side.BUY, "-9", False),
        (Side.BUY, "0", False),
    ],
)
def test_reduce_only_never_turns_a_position(side: Side, held: str, *, ready: bool) -> None:
    order = record(OrderState.INTENT, side=side)
    position = Position("AAPL", D(held))
    assert reducible(order, position) is READY
    order = replace(order, terms=replace(order.terms, reduce_only=True))
    found = reducible(order, position)
    assert (found is READY) is ready
    if not ready:
        assert found.code == "REDUCE_ONLY"
        assert f"{held} is held" in found.reason


def test_most_orders_wait_for_nothing() -> None:
    assert waits_for(BUY) is None
    assert waits_for(replace(BUY, parent="qz1-b", leg=Leg.STOP)) is None
    assert standing(record(OrderState.INTENT), None) is READY
