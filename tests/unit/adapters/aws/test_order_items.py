"""Stored orders across releases: the old are read, the new are written as the old wherever they can be."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from quantumzero.adapters.aws.ledger_items import (
    order_item,
    order_record,
    position_item,
    position_of,
)
from quantumzero.adapters.aws.ledger_table import values_of
from quantumzero.adapters.aws.protection_attributes import plan_of, plan_text
from quantumzero.adapters.aws.risk_items import account_risk
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.orders import (
    Leg,
    OrderClass,
    OrderState,
    OrderType,
    Origin,
    Side,
    TimeInForce,
)
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from tests.fakes.order_records import record

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "golden" / "ledger_schema_1.json").read_text()
)
PLAN = ProtectionPlan(
    stop_loss=Offset(percent=Decimal("2.5")),
    take_profit=Offset(money=Decimal("3.10")),
    trailing_stop=Offset(money=Decimal("1.25")),
    trailing_step=Decimal("0.50"),
    time_stop_bars=20,
    timeframe="1d",
)
ORDERS: list[dict[str, Any]] = GOLDEN["orders"]


@pytest.mark.parametrize("item", ORDERS, ids=lambda item: item["decision_id"]["S"])
def test_an_order_of_the_release_before_is_read_and_written_as_it_was(item: dict[str, Any]) -> None:
    found = order_record(values_of(item))
    assert order_item("A#main", "main", found) == item


def test_the_golden_orders_show_every_state() -> None:
    assert {OrderState(item["state"]["S"]) for item in ORDERS} == set(OrderState)


def test_old_orders_have_the_defaults_of_what_came_after() -> None:
    found = {item["decision_id"]["S"]: order_record(values_of(item)) for item in ORDERS}
    partial = found["decision-partial"]
    assert (partial.terms.origin, partial.terms.leg) == (Origin.STRATEGY, Leg.ENTRY)
    assert partial.terms.order_class is OrderClass.SIMPLE
    assert not partial.terms.reduce_only
    assert (partial.filled_quantity, partial.filled_cost) == (Decimal(4), Decimal("179.45"))
    assert partial.reserved_value == Decimal("269.16")
    assert found["decision-sold"].terms.side is Side.SELL
    assert found["decision-limit"].terms.order_type is OrderType.STOP_LIMIT
    assert found["decision-limit"].terms.time_in_force is TimeInForce.GOOD_TIL_CANCELED
    assert found["decision-cancelling"].cancel_requested
    assert found["decision-retry"].retry_allowed


def test_positions_and_risk_of_the_release_before_are_read() -> None:
    position = position_of(values_of(GOLDEN["position"]))
    assert position_item("A#main", position) == GOLDEN["position"]
    risk = account_risk(values_of(GOLDEN["risk"]))
    assert (risk.gross_used, risk.open_reserved) == (Decimal("897.2"), Decimal("448.6"))
    assert risk.symbol_used == {"AAPL": Decimal("897.2")}


def test_every_new_term_survives_storing() -> None:
    plain = record(OrderState.INTENT)
    terms = replace(
        plain.terms,
        order_type=OrderType.TRAILING_STOP,
        notional=Decimal("250.50"),
        trail_price=Decimal("1.25"),
        trail_percent=Decimal("2.5"),
        extended_hours=True,
        order_class=OrderClass.BRACKET,
        take_profit_price=Decimal("51.20"),
        stop_loss_price=Decimal("43.10"),
        stop_loss_limit_price=Decimal("43.05"),
        parent="qz1-parent",
        leg=Leg.STOP,
        reduce_only=True,
        intent=3,
        replaces="qz1-old",
        origin=Origin.PROTECTIVE,
        opens_short=True,
        emulated=True,
        protection=PLAN,
        rests=True,
    )
    item = order_item("A#main", "main", replace(plain, terms=terms))
    assert item["schema"] == {"N": "2"}
    assert item["notional"] == {"S": "250.50"}
    again = order_record(values_of(item))
    assert again == replace(plain, terms=terms, schema=2)


def test_a_plan_of_protection_is_stored_as_the_text_of_what_is_set() -> None:
    assert plan_text(PLAN) == (
        '{"stop_loss":{"percent":"2.5"},"take_profit":{"money":"3.10"},"time_stop_bars":20,"timeframe":"1d",'
        '"trailing_step":"0.50","trailing_stop":{"money":"1.25"}}'
    )
    assert plan_text(ProtectionPlan()) == "{}"
    assert plan_of("{}") == ProtectionPlan()


def test_what_a_newer_release_adds_to_a_plan_is_passed_over() -> None:
    text = '{"break_even":true,"stop_loss":{"percent":"2","atr":"1"}}'
    assert plan_of(text) == ProtectionPlan(stop_loss=Offset(percent=Decimal(2)))


@pytest.mark.parametrize("text", ["[]", "not json", '{"stop_loss":{"money":"abc"}}', "7"])
def test_what_is_no_plan_of_protection_is_corrupt(text: str) -> None:
    with pytest.raises(CorruptDataError, match="plan of protection was not readable"):
        plan_of(text)


def test_what_only_informs_is_written_in_the_first_schema() -> None:
    plain = record(OrderState.DENIED)
    informed = replace(plain, limit=Decimal(100), value=Decimal(120))
    informed = replace(informed, terms=replace(plain.terms, leg=Leg.EXIT, origin=Origin.MANUAL))
    item = order_item("A#main", "main", informed)
    assert item["schema"] == {"N": "1"}
    assert order_record(values_of(item)) == informed


def test_an_order_of_a_newer_release_is_left_to_it() -> None:
    with pytest.raises(CorruptDataError, match="schema 3; this release reads up to 2"):
        order_record(values_of({**ORDERS[0], "schema": {"N": "3"}}))
