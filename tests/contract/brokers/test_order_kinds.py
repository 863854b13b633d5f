"""Every kind of order of the capability table is taken by the exchange as the adapter writes it, in exact text."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain.order_capabilities import check_capability
from quantumzero.domain.order_lifecycle import claim, intend
from quantumzero.domain.order_snapshots import apply_snapshot
from quantumzero.domain.orders import BrokerOrder, OrderState, OrderType, TimeInForce
from tests.contract.brokers.test_broker import accepted, terms
from tests.fakes.manual_clock import ManualClock

if TYPE_CHECKING:
    from local.exchange.control import Exchange
    from quantumzero.adapters.brokers.alpaca import AlpacaBroker

D = Decimal
LIMIT: dict[str, Any] = {"order_type": OrderType.LIMIT, "limit_price": D("12.34")}
STOP: dict[str, Any] = {"order_type": OrderType.STOP, "stop_price": D("99.10")}
KINDS: dict[str, dict[str, Any]] = {
    "market": {},
    "limit": LIMIT,
    "stop": STOP,
    "stop-limit": {**STOP, "order_type": OrderType.STOP_LIMIT, "limit_price": D("99.50")},
    "trailing by money": {"order_type": OrderType.TRAILING_STOP, "trail_price": D("1.25")},
    "trailing by percent": {"order_type": OrderType.TRAILING_STOP, "trail_percent": D("2.5")},
    "good til cancelled": {**LIMIT, "time_in_force": TimeInForce.GOOD_TIL_CANCELED},
    "on open": {"time_in_force": TimeInForce.AT_OPEN},
    "limit on close": {**LIMIT, "time_in_force": TimeInForce.AT_CLOSE},
    "immediate or cancel": {**LIMIT, "time_in_force": TimeInForce.IMMEDIATE_OR_CANCEL},
    "fill or kill": {"time_in_force": TimeInForce.FILL_OR_KILL},
    "extended hours": {**LIMIT, "extended_hours": True},
    "part of a share": {"quantity": D("0.123456789")},
    "amount of money": {"notional": D("150.25"), "quantity": D("3.5")},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_taken_as_it_was_meant(
    exchange: Exchange, alpaca: AlpacaBroker, kind: str
) -> None:
    wanted = replace(terms(), **KINDS[kind])
    assert check_capability(wanted, "alpaca") is None
    sent = accepted(alpaca.submit(wanted))
    (shown,) = [
        each
        for each in exchange.control.books()["orders"]
        if each["client_order_id"] == wanted.client_order_id
    ]
    asked = {
        "type": wanted.order_type.value,
        "time_in_force": wanted.time_in_force.value,
        "limit_price": wanted.limit_price,
        "trail_price": wanted.trail_price,
        "trail_percent": wanted.trail_percent,
        "notional": wanted.notional,
    }
    found = {name: shown[name] for name in asked}
    assert {name: D(v) if isinstance(asked[name], Decimal) else v for name, v in found.items()} == (
        asked
    )
    assert shown["extended_hours"] == wanted.extended_hours
    if wanted.notional is None:
        assert sent.quantity == wanted.quantity


def test_an_order_for_an_amount_of_money_becomes_what_it_bought(
    exchange: Exchange, alpaca: AlpacaBroker
) -> None:
    wanted = replace(terms(), notional=D("150.25"), quantity=D("3.5"))
    now = ManualClock().now()
    record = intend(wanted, at=now, recorded_at=now, reference_price=D("42.928571428")).after
    record = claim(record, claim_id="c", now=now, lease_until=now).after
    step = apply_snapshot(record, accepted(alpaca.submit(wanted)))
    assert step is not None
    assert (step.after.state, step.after.terms.quantity) == (OrderState.ACCEPTED, D("3.5"))
    exchange.control.open_session()
    exchange.control.run_session()
    bought = alpaca.order(wanted.client_order_id)
    assert isinstance(bought, BrokerOrder)
    assert bought.status == "filled"
    filled = apply_snapshot(step.after, bought)
    assert filled is not None
    assert filled.after.state is OrderState.FILLED
    assert filled.after.terms.quantity == filled.after.filled_quantity == bought.filled_quantity
    assert filled.after.filled_cost <= D("150.25")
    assert filled.after.reserved_value == 0
    assert not filled.takes_another_quantity
