"""What the API says of refusals, limits and how much of them is used, and who may change them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from quantumzero.domain.decisions import Action
from tests.fakes.order_desk import NO_MODEL, OrderDesk
from tests.functions.serve_api.requests import api_over, call


def test_a_refused_order_says_the_limit_and_the_value() -> None:
    desk = OrderDesk()
    desk.price("AAPL", "40.00")
    entry = desk.decision("AAPL", Action.ENTER_LONG)
    desk.decide.decide(replace(entry, percent_of_equity=Decimal(50)), NO_MODEL)
    order = call(api_over(desk), "GET", "/v1/orders").body["orders"][0]
    assert (order["state"], order["code"]) == ("DENIED", "MAX_VALUE")
    assert (order["limit"], order["value"]) == ("30000.00", "50000")
    assert order["reason"] == "the order is worth 50000; one order may be worth 30000.00"
