"""What names an order by hand, and what one request amounts to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.manual_orders import ManualRequest, manual_order_id, manual_terms
from quantumzero.domain.order_identity import PREFIX, is_ours
from quantumzero.domain.orders import OrderType, Side, TimeInForce

REQUEST = ManualRequest("AAPL", Side.BUY, quantity=Decimal(10))


def test_the_name_is_of_account_and_key_alone_and_of_the_usual_form() -> None:
    name = manual_order_id("main", "key-one")
    assert name == manual_order_id("main", "key-one")
    assert (is_ours(name), len(name)) == (True, len(PREFIX) + 26)
    others = {
        manual_order_id("main", "key-two"),
        manual_order_id("paper", "key-one"),
        manual_order_id("main|key-one", ""),
    }
    assert len(others | {name}) == 4


def test_equal_requests_share_an_identity_however_their_numbers_are_written() -> None:
    assert replace(REQUEST, quantity=Decimal("10.000")).identity == REQUEST.identity
    assert replace(REQUEST, quantity=Decimal("1E+1")).identity == REQUEST.identity


@pytest.mark.parametrize(
    "changes",
    [
        {"symbol": "IBM"},
        {"side": Side.SELL},
        {"quantity": Decimal(11)},
        {"quantity": None, "notional": Decimal(10)},
        {"order_type": OrderType.LIMIT},
        {"time_in_force": TimeInForce.GOOD_TIL_CANCELED},
        {"limit_price": Decimal(1)},
        {"stop_price": Decimal(1)},
        {"trail_price": Decimal(1)},
        {"trail_percent": Decimal(1)},
        {"extended_hours": True},
        {"strategy": "sma-cross"},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_every_part_of_a_request_is_in_its_identity(changes: dict[str, object]) -> None:
    assert replace(REQUEST, **changes).identity != REQUEST.identity  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("notional", "price", "quantity"),
    [("100", "40", "2.5"), ("100", "30", "3.333333333"), ("0.000000001", "30", "0.000000001")],
)
def test_an_amount_of_money_expects_what_it_buys_rounded_down(
    notional: str, price: str, quantity: str
) -> None:
    request = replace(REQUEST, quantity=None, notional=Decimal(notional))
    terms = manual_terms(request, account="main", key="key", price=Decimal(price))
    assert (terms.quantity, terms.notional) == (Decimal(quantity), Decimal(notional))
