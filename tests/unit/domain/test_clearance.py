"""When the shares of an order are free: of legs that rest, of other exits, of what was sold meanwhile."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from quantumzero.domain.order_dependencies import COVERED, READY, Readiness, clearance, split_flip
from quantumzero.domain.orders import Leg, OrderClass, OrderState, Side
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from tests.fakes.order_records import BUY, record

D = Decimal
EXIT = replace(
    record(OrderState.INTENT), terms=replace(BUY, side=Side.SELL, quantity=D(10), leg=Leg.EXIT)
)
ENTRY = record(OrderState.INTENT)
FACTS: dict[str, Any] = {"held": D(10), "free": D(0), "resting": D(0), "replaced": D(0)}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"resting": D(10)}, COVERED),
        ({"resting": D(4), "free": D(5)}, None),
        ({"resting": D(6), "free": D(5)}, COVERED),
        ({"resting": D(10), "free": D(-10), "replaced": D(10)}, COVERED),
        ({"free": D(-10), "replaced": D(10)}, None),
    ],
)
def test_an_exit_waits_for_what_rests_on_its_shares_and_for_nothing_else(
    facts: dict[str, Any], expected: str | None
) -> None:
    found = clearance(EXIT, **{**FACTS, **facts})
    if expected is None:
        assert found is READY
    else:
        assert (found.readiness, found.code) == (Readiness.WAITING, expected)
        assert "cancelled first" in found.reason


@pytest.mark.parametrize(("free", "left"), [("-4", "6"), ("-10", None), ("-12", None)])
def test_an_exit_of_more_than_is_left_closes_what_is_left(free: str, left: str | None) -> None:
    found = clearance(EXIT, **{**FACTS, "free": D(free)})
    assert (found.readiness, found.code) == (Readiness.HOPELESS, "REDUCE_ONLY")
    assert found.quantity == (None if left is None else D(left))
    assert "were to be closed" in found.reason


def test_an_exit_that_was_sent_once_or_is_for_money_is_never_made_smaller() -> None:
    sent = replace(EXIT, state=OrderState.UNKNOWN)
    money = replace(EXIT, terms=replace(EXIT.terms, notional=D(100)))
    for each in (sent, money):
        found = clearance(each, **{**FACTS, "free": D(-4)})
        assert (found.readiness, found.quantity) == (Readiness.HOPELESS, None)


@pytest.mark.parametrize(
    ("side", "held", "resting", "code"),
    [
        (Side.BUY, "10", "10", COVERED),
        (Side.BUY, "0", "10", COVERED),
        (Side.BUY, "-10", "10", "WAITS"),
        (Side.SELL, "-10", "10", COVERED),
        (Side.SELL, "10", "0", "WAITS"),
        (Side.BUY, "10", "0", ""),
        (Side.SELL, "0", "0", ""),
    ],
)
def test_an_order_that_opens_waits_for_what_rests_against_it_and_for_what_it_would_turn(
    side: Side, held: str, resting: str, code: str
) -> None:
    terms = replace(ENTRY.terms, side=side, opens_short=side is Side.SELL)
    facts = {**FACTS, "held": D(held), "resting": D(resting)}
    found = clearance(replace(ENTRY, terms=terms), **facts)
    assert found.code == code
    assert found.readiness is (Readiness.WAITING if code else Readiness.READY)


def test_what_is_to_rest_never_waits_for_what_rests() -> None:
    leg = replace(EXIT, terms=replace(EXIT.terms, rests=True))
    assert clearance(leg, **{**FACTS, "resting": D(10), "free": D(-10)}) is READY


@pytest.mark.parametrize("quantity", ["4", "15"])
def test_the_half_of_a_turn_that_closes_has_no_legs(quantity: str) -> None:
    plan = ProtectionPlan(stop_loss=Offset(percent=D(2)))
    terms = replace(
        BUY, quantity=D(quantity), order_class=OrderClass.OTO, protection=plan, emulated=True
    )
    first, *rest = split_flip(terms, D(-10))
    assert (first.order_class, first.protection, first.reduce_only) == (
        OrderClass.SIMPLE,
        None,
        True,
    )
    assert [each.protection for each in rest] == ([plan] if quantity == "15" else [])
