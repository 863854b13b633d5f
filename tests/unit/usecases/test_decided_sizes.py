"""Sizes on their way from a decision to an order: parts of a share, turns that are half refused, models."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.decisions import Action
from quantumzero.domain.orders import Leg, OrderRecord, OrderState
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.domain.sizing import SizeRequest
from quantumzero.domain.strategy.document import SizingMethod
from tests.fakes.order_desk import OrderDesk

D = Decimal
FRACTION = SizeRequest(SizingMethod.PERCENT_OF_EQUITY, D(10), None)


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "33.07")
    return desk


def decide(desk: OrderDesk, action: Action = Action.ENTER_LONG, **changes: object) -> OrderRecord:
    verdict = desk.decide.decide(desk.decision("AAPL", action, **changes), NO_MODEL)
    return desk.ledger.records[verdict.client_order_id]


def test_parts_of_a_share_are_bought_for_an_amount_of_money(desk: OrderDesk) -> None:
    terms = decide(desk, size=FRACTION).terms
    assert terms.notional == 10_000
    assert terms.quantity == D("302.388872089")


def test_a_broker_that_takes_no_amount_of_money_gets_the_parts_of_a_share(desk: OrderDesk) -> None:
    paper = replace(desk.decide, broker="paper")
    verdict = paper.decide(desk.decision("AAPL", Action.ENTER_LONG, size=FRACTION), NO_MODEL)
    terms = desk.ledger.records[verdict.client_order_id].terms
    assert (terms.notional, terms.quantity) == (None, D("302.388872089"))


def test_shares_that_are_counted_are_ordered_by_number(desk: OrderDesk) -> None:
    size = SizeRequest(SizingMethod.FIXED_QUANTITY, D("2.5"), None)
    terms = decide(desk, size=size).terms
    assert (terms.notional, terms.quantity) == (None, D("2.5"))


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (SizeRequest(SizingMethod.PERCENT_OF_EQUITY, D("0.01")),
         "0.01 % of equity does not buy one share at 33.07"),
        (SizeRequest(SizingMethod.FIXED_QUANTITY, D(60), 100), "60 shares are less than one lot of 100"),
        (SizeRequest(SizingMethod.FIXED_NOTIONAL, D(30)), "30 does not buy one share at 33.07"),
        (SizeRequest(SizingMethod.FIXED_NOTIONAL, D("0.001"), None),
         "fixed_notional of 0.001 does not buy a part of a share"),
        (SizeRequest(SizingMethod.RISK_PERCENT, D(1)), "the stop's distance is not known"),
        (SizeRequest(SizingMethod.VOLATILITY_TARGET, D(1)), "the volatility is not known"),
    ],
)  # fmt: skip
def test_no_share_is_refused_with_the_reason_of_its_size(
    desk: OrderDesk, size: SizeRequest, words: str
) -> None:
    record = decide(desk, size=size)
    assert (record.state, record.code) == (OrderState.DENIED, "ZERO_SIZE")
    assert words in (record.reason or "")


def hold(desk: OrderDesk) -> None:
    """Buy 483 shares and let a day pass."""
    held = decide(desk, percent_of_equity=D(16))
    desk.place.place(held.terms.client_order_id, request="r1")
    desk.apply.apply(desk.broker.fill(held.terms.client_order_id, D(483), D("33.07")))
    desk.market.advance(86400)
    desk.machine.advance(86400)
    desk.price("AAPL", "33")


def turned(desk: OrderDesk, **changes: object) -> tuple[OrderRecord, list[OrderRecord]]:
    """Buy, and decide to be short on the next day; return the first half and what follows it."""
    hold(desk)
    first = decide(desk, Action.ENTER_SHORT, position=D(483), **changes)
    name = first.terms.client_order_id
    return first, [each for each in desk.ledger.records.values() if each.terms.parent == name]


def allow_short(desk: OrderDesk) -> None:
    risk = desk.ledger.risk()
    desk.ledger._risk = replace(risk, limits=replace(risk.limits, short_selling=True))


def test_a_turn_closes_and_opens_and_only_the_opening_half_is_protected(desk: OrderDesk) -> None:
    allow_short(desk)
    plan = ProtectionPlan(stop_loss=Offset(percent=D(3)))
    first, [second] = turned(desk, percent_of_equity=D(10), protection=plan)
    assert (first.state, first.terms.leg, first.terms.protection) == (
        OrderState.INTENT,
        Leg.EXIT,
        None,
    )
    assert (second.state, second.terms.opens_short, second.terms.protection) == (
        OrderState.INTENT,
        True,
        plan,
    )
    assert (first.terms.quantity, second.terms.quantity) == (483, 302)


@pytest.mark.parametrize(
    ("percent", "code"), [(D(35), "MAX_VALUE"), (D(10), "NOT_SHORTABLE")]
)  # fmt: skip
def test_a_turn_whose_opening_half_is_refused_closes_and_keeps_the_refusal(
    desk: OrderDesk, percent: Decimal, code: str
) -> None:
    if code == "MAX_VALUE":
        allow_short(desk)
    first, [second] = turned(desk, percent_of_equity=percent)
    assert (first.state, first.terms.quantity, first.terms.reduce_only) == (
        OrderState.INTENT,
        483,
        True,
    )
    assert (first.reason or "").startswith("only closes: ")
    assert (second.state, second.code) == (OrderState.DENIED, code)
    assert desk.ledger.risk().open_reserved == 0
    desk.place.place(first.terms.client_order_id, request="r2")
    assert desk.broker.accepted[first.terms.client_order_id].quantity == 483


def test_while_everything_is_frozen_a_turn_is_refused_whole(desk: OrderDesk) -> None:
    allow_short(desk)
    hold(desk)
    desk.halt.halt(by="anna", reason="drill")
    record = decide(desk, Action.ENTER_SHORT, percent_of_equity=D(10), position=D(483))
    assert (record.state, record.code) == (OrderState.DENIED, "TRADING_HALTED")
    assert not any(each.terms.parent for each in desk.ledger.records.values())


def test_a_turn_into_no_share_only_closes(desk: OrderDesk) -> None:
    allow_short(desk)
    size = SizeRequest(SizingMethod.FIXED_NOTIONAL, D(20))
    first, rest = turned(desk, size=size)
    assert (first.state, first.terms.quantity, first.terms.reduce_only) == (
        OrderState.INTENT,
        483,
        True,
    )
    assert rest == []
