"""What names an order by hand, and what one request amounts to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.manual_orders import (
    ManualRequest,
    check_protection_of,
    manual_order_id,
    manual_terms,
)
from quantumzero.domain.order_capabilities import check_capability
from quantumzero.domain.order_identity import PREFIX, is_ours
from quantumzero.domain.orders import OrderClass, OrderType, Side, TimeInForce
from quantumzero.domain.protection import protects
from quantumzero.domain.protection_plan import Offset, ProtectionPlan

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
        {"take_profit_price": Decimal(1)},
        {"stop_loss_price": Decimal(1)},
        {"stop_loss_limit_price": Decimal(1)},
        {"stop_loss_trail_price": Decimal(1)},
        {"stop_loss_trail_percent": Decimal(1)},
        {"opens_short": True},
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


def test_a_request_of_the_release_before_keeps_its_identity() -> None:
    assert REQUEST.identity == "manual-e52bda0d941910b5e43226e1d07af357"


@pytest.mark.parametrize(
    ("changes", "order_class"),
    [
        ({}, OrderClass.SIMPLE),
        ({"stop_loss_trail_price": Decimal(1)}, OrderClass.OTO),
        (
            {"stop_loss_trail_price": Decimal(1), "take_profit_price": Decimal(44)},
            OrderClass.BRACKET,
        ),
        ({"stop_loss_trail_price": Decimal(1), "stop_loss_price": Decimal(38)}, OrderClass.OTO),
        ({"stop_loss_price": Decimal(38)}, OrderClass.OTO),
        ({"take_profit_price": Decimal(44)}, OrderClass.OTO),
        ({"take_profit_price": Decimal(44), "stop_loss_price": Decimal(38)}, OrderClass.BRACKET),
    ],
)
def test_what_protects_an_order_is_kept_beside_it(
    changes: dict[str, object], order_class: OrderClass
) -> None:
    request = replace(REQUEST, **changes)  # type: ignore[arg-type]  # by name
    terms = manual_terms(request, account="main", key="k", price=Decimal(40))
    assert terms.order_class is order_class
    assert terms.emulated == (order_class is not OrderClass.SIMPLE)
    assert protects(terms) == bool(changes)
    assert check_protection_of(request, Decimal(40)) is None
    assert check_capability(terms, "paper") is None


def test_a_stop_that_follows_is_a_plan() -> None:
    request = replace(REQUEST, stop_loss_trail_percent=Decimal("2.5"))
    terms = manual_terms(request, account="main", key="k", price=Decimal(40))
    assert terms.protection == ProtectionPlan(trailing_stop=Offset(percent=Decimal("2.5")))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"side": Side.SELL, "stop_loss_price": Decimal(38)}, "side", "are of entries"),
        ({"stop_loss_price": Decimal(40)}, "stop_loss_price", "must be below 40"),
        ({"take_profit_price": Decimal(39)}, "take_profit_price", "must be above 40"),
        (
            {"side": Side.SELL, "opens_short": True, "stop_loss_price": Decimal(38)},
            "stop_loss_price",
            "must be above 40",
        ),
        (
            {
                "order_type": OrderType.LIMIT,
                "limit_price": Decimal(35),
                "stop_loss_price": Decimal(36),
            },
            "stop_loss_price",
            "must be below 35",
        ),
        (
            {"stop_loss_trail_price": Decimal(1), "stop_loss_trail_percent": Decimal(1)},
            "stop_loss_trail_price",
            "give one of",
        ),
        ({"stop_loss_trail_price": Decimal(0)}, "stop_loss_trail_price", "above 0"),
        ({"stop_loss_trail_percent": Decimal(100)}, "stop_loss_trail_percent", "below 100"),
    ],
)
def test_protection_that_makes_no_sense_is_told_by_its_field(
    changes: dict[str, object], field: str, words: str
) -> None:
    request = replace(REQUEST, **changes)  # type: ignore[arg-type]  # by name
    found = check_protection_of(request, Decimal(40))
    assert found is not None
    assert found[0] == field
    assert words in found[1]
