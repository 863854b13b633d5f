"""What each broker takes, and the words of each refusal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from quantumzero.domain.order_capabilities import (
    CAPABILITIES,
    AssetClass,
    asset_class_of,
    capability,
    check_capability,
    takes_class,
)
from quantumzero.domain.order_shapes import check_shape, valuation_price
from quantumzero.domain.orders import OrderClass, OrderTerms, OrderType, Side, TimeInForce
from tests.fakes.order_records import BUY

D = Decimal
LIMIT: dict[str, Any] = {"order_type": OrderType.LIMIT, "limit_price": D(44)}
STOP: dict[str, Any] = {"order_type": OrderType.STOP, "stop_price": D(46)}
STOP_LIMIT: dict[str, Any] = {**STOP, "order_type": OrderType.STOP_LIMIT, "limit_price": D(47)}
TRAILING: dict[str, Any] = {"order_type": OrderType.TRAILING_STOP, "trail_percent": D(2)}
NOTIONAL: dict[str, Any] = {"notional": D(250), "quantity": D("5.555555555")}
BRACKET: dict[str, Any] = {
    "order_class": OrderClass.BRACKET,
    "take_profit_price": D(50),
    "stop_loss_price": D(40),
}
CRYPTO: dict[str, Any] = {"symbol": "BTC/USD", "time_in_force": TimeInForce.GOOD_TIL_CANCELED}
GTC: dict[str, Any] = {"time_in_force": TimeInForce.GOOD_TIL_CANCELED}


def terms(**changes: Any) -> OrderTerms:
    return replace(BUY, **changes)


@pytest.mark.parametrize(
    ("broker", "changes"),
    [
        *[("alpaca", {"time_in_force": force}) for force in TimeInForce],
        *[("alpaca", {**LIMIT, "time_in_force": force}) for force in TimeInForce],
        *[("alpaca", kind) for kind in (STOP, STOP_LIMIT, TRAILING, NOTIONAL, BRACKET)],
        ("alpaca", {**LIMIT, **BRACKET, **GTC}),
        ("alpaca", {**LIMIT, "extended_hours": True}),
        ("alpaca", {"quantity": D("0.5")}),
        ("alpaca", {"side": Side.SELL, "opens_short": True}),
        ("alpaca", {**CRYPTO, **LIMIT, "quantity": D("0.000000001")}),
        ("alpaca", {**CRYPTO, **STOP_LIMIT}),
        *[("paper", kind) for kind in ({}, LIMIT, STOP, {**STOP_LIMIT, **GTC})],
        ("robinhood", {**CRYPTO, **LIMIT, **NOTIONAL}),
        ("robinhood", {**CRYPTO, **STOP}),
        ("alpaca", {**CRYPTO, **LIMIT, **BRACKET, "emulated": True}),
    ],
)
def test_what_a_broker_takes_is_not_refused(broker: str, changes: dict[str, Any]) -> None:
    assert check_capability(terms(**changes), broker) is None


@pytest.mark.parametrize(
    ("broker", "changes", "words"),
    [
        (
            "alpaca",
            {**STOP, "time_in_force": TimeInForce.AT_OPEN},
            "opg orders are market or limit",
        ),
        ("alpaca", {**TRAILING, "quantity": D("1.5")}, "no trailing_stop orders of fractional"),
        ("alpaca", {**NOTIONAL, **GTC}, "as day, not as gtc"),
        ("alpaca", {"quantity": D("0.0000000001")}, "with 9 decimals; it was"),
        ("alpaca", {**NOTIONAL, **BRACKET}, "fractional equity orders as simple, not as bracket"),
        ("alpaca", {**STOP, **BRACKET}, "bracket orders that are market or limit"),
        ("alpaca", {**BRACKET, "time_in_force": TimeInForce.FILL_OR_KILL}, "as day, gtc within"),
        ("alpaca", {**LIMIT, **GTC, "extended_hours": True}, "outside the session as day"),
        ("alpaca", {"extended_hours": True}, "outside the session are limit orders"),
        ("alpaca", CRYPTO | STOP, "alpaca takes no stop orders of crypto"),
        (
            "alpaca",
            {**CRYPTO, "side": Side.SELL, "opens_short": True},
            "does not sell crypto short",
        ),
        ("alpaca", {**CRYPTO, **LIMIT, **BRACKET}, "crypto orders as simple, not as bracket"),
        ("paper", TRAILING, "paper takes no trailing_stop"),
        ("paper", BRACKET, "equity orders as simple, not as bracket"),
        ("robinhood", {}, "does not trade equity; it trades crypto"),
        ("robinhood", {**CRYPTO, **NOTIONAL}, "no market orders of crypto for an amount of money"),
        ("elsewhere", {}, "it trades nothing that is known"),
    ],
)
def test_a_refusal_says_what_is_taken(broker: str, changes: dict[str, Any], words: str) -> None:
    assert words in (check_capability(terms(**changes), broker) or "it was taken")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quantity": D(0)}, "quantity was 0; it must be a number above 0"),
        ({"quantity": D("NaN")}, "quantity was NaN"),
        ({"order_type": OrderType.LIMIT}, "limit orders need limit_price"),
        ({"limit_price": D(1)}, "market orders take no limit_price"),
        ({"order_type": OrderType.STOP}, "stop orders need stop_price"),
        ({**TRAILING, "trail_price": D(1)}, "exactly one of trail_price and trail_percent"),
        ({"trail_price": D(1)}, "market orders take neither"),
        ({**TRAILING, "trail_percent": D(100)}, "must be below 100"),
        ({"opens_short": True}, "only a sell"),
        ({"side": Side.SELL, "opens_short": True, "quantity": D("1.5")}, "whole shares"),
        ({**BRACKET, "stop_loss_price": None}, "bracket orders take both"),
        ({"stop_loss_price": D(1)}, "simple orders take neither"),
        ({"stop_loss_limit_price": D(1)}, "without stop_loss_price"),
        ({**BRACKET, "order_class": OrderClass.OTO}, "oto orders take one of"),
        ({**BRACKET, "take_profit_price": D(39)}, "take_profit_price 39 must be above"),
        ({**BRACKET, "side": Side.SELL, "opens_short": True}, "must be below"),
    ],
)
def test_an_order_that_makes_no_sense_is_said(changes: dict[str, Any], words: str) -> None:
    assert words in (check_shape(terms(**changes)) or "nothing was wrong")


def test_an_exit_by_two_orders_sells_above_and_below() -> None:
    legs = terms(**{**BRACKET, **LIMIT, "order_class": OrderClass.OCO, "side": Side.SELL})
    assert check_shape(legs) is None


def test_who_keeps_the_legs_is_in_the_table() -> None:
    assert takes_class(terms(**BRACKET), "alpaca")
    assert not takes_class(terms(**BRACKET, quantity=D("1.5")), "alpaca")
    assert not takes_class(terms(**BRACKET), "paper")
    assert not takes_class(terms(**BRACKET), "robinhood")


def test_kinds_of_assets_and_their_rows() -> None:
    assert asset_class_of(terms()) is AssetClass.EQUITY
    assert asset_class_of(terms(**NOTIONAL)) is AssetClass.FRACTIONAL_EQUITY
    assert asset_class_of(terms(**CRYPTO)) is AssetClass.CRYPTO
    assert capability(terms(), "alpaca") is CAPABILITIES["alpaca", AssetClass.EQUITY]
    assert capability(terms(), "robinhood") is None


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({}, "45"),
        (LIMIT, "44"),
        (STOP, "46"),
        (STOP_LIMIT, "47"),
        ({**STOP, "stop_price": D(40)}, "45"),
        ({**TRAILING, "trail_percent": None, "trail_price": D(2)}, "47"),
        (TRAILING, "45.90"),
        ({**LIMIT, "side": Side.SELL, "opens_short": True}, "45"),
        ({**LIMIT, "limit_price": D(48), "side": Side.SELL, "opens_short": True}, "48"),
    ],
)
def test_an_order_is_valued_at_the_most_it_may_cost(changes: dict[str, Any], price: str) -> None:
    assert valuation_price(terms(**changes), D(45)) == D(price)
