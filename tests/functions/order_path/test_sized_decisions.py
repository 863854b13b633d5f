"""Decisions with a size and a protection of their own, through the deployed handlers to the exchange and back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.bootstrap import ledger as order_path
from quantumzero.domain.decisions import Action
from quantumzero.domain.orders import Leg, OrderClass, OrderState
from quantumzero.domain.protection_plan import Offset, ProtectionPlan
from quantumzero.domain.sizing import SizeRequest
from quantumzero.domain.strategy.document import SizingMethod

if TYPE_CHECKING:
    from quantumzero.domain.orders import OrderRecord
    from tests.functions.order_path.conftest import Deployment

D = Decimal


def decided(deployment: Deployment, **changes: Any) -> dict[str, Any]:
    event = deployment.decide("IBM", Action.ENTER_LONG, percent_of_equity=D(0), **changes)
    answer: dict[str, Any] = deployment.invoke("check_risk", event)
    return answer


def stored(name: str) -> OrderRecord:
    record = order_path.ledger().order(name)
    assert record is not None
    return record


@pytest.mark.parametrize(
    ("size", "shares"),
    [
        (SizeRequest(SizingMethod.FIXED_QUANTITY, D(123)), 123),
        (SizeRequest(SizingMethod.FIXED_NOTIONAL, D(10_000), 10), 100),
        (SizeRequest(SizingMethod.RISK_PERCENT, D(1), stop_distance=D("9.3")), 107),
        (SizeRequest(SizingMethod.VOLATILITY_TARGET, D(5), volatility_percent=D(40)), 134),
    ],
)
def test_a_stored_size_becomes_that_many_shares(
    deployment: Deployment, size: SizeRequest, shares: int
) -> None:
    deployment.run_session()
    answer = decided(deployment, size=size)
    assert answer["approved"], answer
    assert stored(answer["client_order_id"]).terms.quantity == shares


def test_parts_of_a_share_are_bought_for_money_to_the_exchanges_last_digit(
    deployment: Deployment,
) -> None:
    deployment.run_session()
    size = SizeRequest(SizingMethod.PERCENT_OF_EQUITY, D(10), None)
    name = decided(deployment, size=size)["client_order_id"]
    deployment.invoke("place_order", {"client_order_id": name})
    deployment.run_session()
    record = stored(name)
    assert (record.state, record.terms.notional) == (OrderState.FILLED, 10_000)
    assert abs(record.filled_cost - 10_000) < D("0.01")
    assert record.filled_quantity % 1
    held = deployment.exchange.control.books(summary=True)["positions"]["IBM"]["quantity"]
    assert record.filled_quantity == D(held)


def test_the_legs_of_a_stored_protection_rest_when_the_entry_has_filled(
    deployment: Deployment,
) -> None:
    deployment.run_session()
    plan = ProtectionPlan(
        stop_loss=Offset(money=D(30)), take_profit=Offset(percent=D(40)), time_stop_bars=9,
        timeframe="1d",
    )  # fmt: skip
    size = SizeRequest(SizingMethod.FIXED_QUANTITY, D(100))
    answer = decided(deployment, size=size, protection=plan)
    name = answer["client_order_id"]
    terms = stored(name).terms
    assert (terms.order_class, terms.protection) == (OrderClass.BRACKET, plan)
    deployment.invoke("place_order", {"client_order_id": name})
    deployment.run_session()
    entry = stored(name)
    average = entry.filled_cost / entry.filled_quantity
    legs = [each for each in order_path.ledger().open_orders() if each.terms.parent == name]
    (resting,) = [each for each in legs if each.terms.rests]
    assert (resting.state, resting.terms.order_class) == (OrderState.ACCEPTED, OrderClass.OCO)
    assert resting.terms.quantity == entry.filled_quantity == 100
    assert resting.terms.stop_loss_price == (average - 30).quantize(D("0.01"))
    assert resting.terms.limit_price == (average * D("1.4")).quantize(D("0.01"))
    assert resting.terms.leg is Leg.STOP


def test_a_trailing_distance_of_many_digits_rests_at_the_exchange(deployment: Deployment) -> None:
    deployment.run_session()
    plan = ProtectionPlan(trailing_stop=Offset(money=D("21.456789012345678")))
    size = SizeRequest(SizingMethod.FIXED_QUANTITY, D(100))
    name = decided(deployment, size=size, protection=plan)["client_order_id"]
    deployment.invoke("place_order", {"client_order_id": name})
    deployment.run_session()
    legs = [each for each in order_path.ledger().open_orders() if each.terms.parent == name]
    (resting,) = [each for each in legs if each.terms.rests]
    assert (resting.state, resting.terms.trail_price) == (OrderState.ACCEPTED, D("21.46"))
