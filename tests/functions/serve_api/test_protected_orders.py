"""Orders by hand that ask for a stop, a target or a short sale, through the API and on to the broker."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.fakes.order_desk import OrderDesk
from tests.functions.serve_api.requests import api_over, call
from tests.functions.serve_api.test_manual_orders import order, settle

if TYPE_CHECKING:
    from quantumzero.bootstrap.api import Api


@pytest.fixture
def desk() -> OrderDesk:
    desk = OrderDesk()
    desk.price("AAPL", "40")
    return desk


@pytest.fixture
def api(desk: OrderDesk) -> Api:
    return api_over(desk)


def test_a_bracket_by_hand_is_protected_when_it_has_filled(desk: OrderDesk, api: Api) -> None:
    answer = order(api, take_profit_price="44", stop_loss_price="38")
    assert (answer.status, answer.body["order"]["take_profit_price"]) == (201, "44")
    name = answer.body["order"]["client_order_id"]
    settle(desk)
    desk.broker.fill(name, Decimal(10), Decimal(40))
    settle(desk, "s2")
    (resting,) = [each for each in desk.ledger.open_orders() if each.terms.rests]
    told = call(api, "GET", f"/v1/orders/{resting.terms.client_order_id}").body
    leg = told["order"]
    assert (told["origin"], leg["leg"], leg["parent"]) == ("protective", "stop", name)
    assert (leg["rests"], leg["held"], leg["cancel_requested"]) == (True, False, False)
    assert (leg["limit_price"], leg["stop_loss_price"]) == ("44", "38")
    listed = call(api, "GET", "/v1/orders").body["orders"]
    told_of = {(each["leg"], each["held"], each["rests"]) for each in listed}
    resting_and_held = {("stop", False, True), ("stop", True, False), ("target", True, False)}
    assert told_of == {("manual", False, False), *resting_and_held}
    refused = call(
        api,
        "POST",
        f"/v1/orders/{resting.terms.client_order_id}/replace",
        body={"limit_price": "45"},
    )
    assert refused.status == 409
    assert "kept in step with it" in refused.body["message"]


def test_an_entry_by_hand_with_a_stop_that_follows(desk: OrderDesk, api: Api) -> None:
    answer = order(api, stop_loss_trail_percent="5")
    assert answer.status == 201
    settle(desk)
    desk.broker.fill(answer.body["order"]["client_order_id"], Decimal(10), Decimal(40))
    settle(desk, "s2")
    (resting,) = [each for each in desk.ledger.open_orders() if each.terms.rests]
    assert (resting.terms.order_type.value, resting.terms.trail_percent) == ("trailing_stop", 5)


def test_a_short_sale_by_hand_must_be_allowed_and_may_be_protected(
    desk: OrderDesk, api: Api
) -> None:
    short = {"side": "sell", "opens_short": True, "stop_loss_price": "42"}
    denied = order(api, **short)
    assert denied.body["order"]["code"] == "NOT_SHORTABLE"
    risk = desk.ledger.risk()
    desk.ledger._risk = replace(risk, limits=replace(risk.limits, short_selling=True))
    answer = order(api, key="another-key", **short)
    assert (answer.body["order"]["state"], answer.body["opens_short"]) == ("INTENT", True)
    settle(desk)
    desk.broker.fill(answer.body["order"]["client_order_id"], Decimal(10), Decimal(40))
    settle(desk, "s2")
    assert desk.ledger.position("AAPL").quantity == -10
    (resting,) = [each for each in desk.ledger.open_orders() if each.terms.rests]
    assert (resting.terms.side.value, resting.terms.stop_price) == ("buy", 42)


def test_a_held_leg_that_a_person_cancels_is_over_and_waits_for_nothing(
    desk: OrderDesk, api: Api
) -> None:
    answer = order(api, stop_loss_price="38")
    settle(desk)
    desk.broker.fill(answer.body["order"]["client_order_id"], Decimal(4), Decimal(40))
    settle(desk, "s2")
    (held,) = desk.ledger.held_orders()
    cancelled = call(api, "POST", f"/v1/orders/{held.terms.client_order_id}/cancel")
    told = cancelled.body["order"]
    assert (cancelled.status, told["state"], told["code"]) == (200, "ABANDONED", "CANCELED")
    assert (told["held"], desk.ledger.held_orders()) == (False, [])
