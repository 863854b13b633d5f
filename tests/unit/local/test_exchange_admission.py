"""The exchange refuses what the vendor refuses, in its words and numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from local.exchange.order_requests import read_order_request
from local.exchange.orders import OrderStatus
from local.exchange.refusals import Refusal
from quantumzero.domain.orders import OrderType, Side, TimeInForce
from tests.unit.local.markets import MONDAY, TUESDAY, Market, order_for, ticks_of

MARKET = {"symbol": "A", "side": "buy", "type": "market", "time_in_force": "day", "qty": "1"}


@pytest.fixture
def market() -> Market:
    """Return a market after its first session, with 100 A held, all of it at 10."""
    prints = {"A": ticks_of(MONDAY, ("10", 10_000)), "B": ticks_of(MONDAY, ("20", 10_000))}
    market = Market(
        {MONDAY: prints, TUESDAY: prints | {"C": ticks_of(TUESDAY, ("1", 1))}},
        participation=Decimal(1),
        cash="2000",
    )
    market.exchange.state.books.last_prices["A"] = Decimal(10)
    market.replay.open_next()
    market.exchange.submit(order_for("100", client_order_id="first"))
    market.run()
    return market


def refusal_of(market: Market, quantity: str | None, **fields: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        market.exchange.submit(order_for(quantity, **fields))
    return refused.value


def test_a_client_order_id_is_used_once_for_ever(market: Market) -> None:
    refusal = refusal_of(market, "1", client_order_id="first")

    assert (refusal.status, refusal.code) == (422, 40010001)
    assert refusal.message == "client_order_id must be unique"


def test_an_order_beyond_the_buying_power_is_refused(market: Market) -> None:
    assert market.exchange.buying_power == 1000
    refusal = refusal_of(market, "101")

    assert (refusal.status, refusal.code) == (403, 40310000)
    assert refusal.body["buying_power"] == "1000"
    market.exchange.submit(order_for("60"))
    assert market.exchange.buying_power == 400
    assert refusal_of(market, "41").code == 40310000


def test_shares_can_be_sold_once(market: Market) -> None:
    market.exchange.submit(order_for("60", side=Side.SELL))
    refusal = refusal_of(market, "41", side=Side.SELL)

    assert (refusal.status, refusal.code) == (403, 40310000)
    assert refusal.message.startswith("insufficient qty available for order (requested: 41, ")
    assert refusal.extras == {
        "available": "40",
        "existing_qty": "100",
        "held_for_orders": "60",
        "symbol": "A",
    }


def test_selling_what_is_not_held_is_refused_unless_shorting_is_allowed(market: Market) -> None:
    assert refusal_of(market, "1", symbol="B", side=Side.SELL).code == 40310000
    market.exchange.settings = market.exchange.settings.__class__(allow_short=True)
    order = market.exchange.submit(order_for("1", symbol="B", side=Side.SELL))
    assert order.status is OrderStatus.ACCEPTED
    assert refusal_of(market, "0.5", symbol="B", side=Side.SELL).code == 40010001


def test_unknown_instruments_and_those_that_have_not_traded_yet_are_refused(
    market: Market,
) -> None:
    assert refusal_of(market, "1", symbol="Z").message == 'asset "Z" not found'
    assert "has not traded yet" in refusal_of(market, "1", symbol="C").message


def test_an_order_that_could_meet_ones_own_is_a_wash_trade(market: Market) -> None:
    limit = {"order_type": OrderType.LIMIT}
    resting = market.exchange.submit(order_for("10", side=Side.SELL, limit_price="12", **limit))

    refusal = refusal_of(market, "10", limit_price="12", **limit)

    assert refusal.code == 40310000
    assert refusal.extras["existing_order_id"] == resting.identifier
    assert market.exchange.submit(order_for("10", limit_price="11.99", **limit)).is_open
    assert "wash trade" in refusal_of(market, "10").message


def test_an_order_for_the_opening_auction_is_refused_while_the_market_is_open(
    market: Market,
) -> None:
    market.replay.open_next()

    assert refusal_of(market, "1", time_in_force=TimeInForce.AT_OPEN).code == 42210000


def test_a_closed_order_can_be_neither_cancelled_nor_replaced(market: Market) -> None:
    order = market.exchange.order_of_client("first")

    with pytest.raises(Refusal, match='order is already in "filled" state'):
        market.exchange.cancel(order)
    with pytest.raises(Refusal, match='order is already in "filled" state'):
        market.exchange.replace(order, order_for("1"))


def test_a_replacement_that_is_refused_leaves_the_old_order_as_it_was(market: Market) -> None:
    limit = {"order_type": OrderType.LIMIT, "limit_price": "10"}
    order = market.exchange.submit(order_for("50", **limit))

    with pytest.raises(Refusal, match="insufficient buying power"):
        market.exchange.replace(order, order_for("101", **limit))
    assert order.is_open
    replacement = market.exchange.replace(order, order_for("100", **limit))

    assert (order.status, order.replaced_by) == (OrderStatus.REPLACED, replacement.identifier)
    assert replacement.replaces == order.identifier


BRACKET = {
    "order_class": "bracket",
    "take_profit": {"limit_price": "12"},
    "stop_loss": {"stop_price": "9"},
}
BAD_FIELDS = [
    ({"symbol": ""}, 40010001, "symbol is required"),
    ({"side": "hold"}, 40010001, "invalid side 'hold'; it may be buy, sell"),
    ({"type": None}, 40010001, "invalid type None"),
    ({"time_in_force": "gtd"}, 40010001, "invalid time_in_force"),
    ({"qty": None}, 40010001, "exactly one of qty and notional"),
    ({"notional": "5"}, 40010001, "exactly one of qty and notional"),
    ({"qty": "0"}, 40010001, "qty must be > 0"),
    ({"qty": "-1"}, 40010001, "qty must be > 0"),
    ({"qty": "NaN"}, 40010001, "qty must be > 0"),
    ({"qty": "1e400"}, 40010001, "qty must be below"),
    ({"qty": "many"}, 40010001, "qty must be a number"),
    ({"qty": True}, 40010001, "qty must be a number"),
    ({"qty": [1]}, 40010001, "qty must be a number"),
    ({"qty": "0.1234567891"}, 40010001, "limited to 9 decimal places"),
    ({"qty": "0.5", "time_in_force": "gtc"}, 42210000, "fractional orders must be DAY orders"),
    ({"qty": "0.5", "type": "limit", "limit_price": "9"}, 42210000, "must be market orders"),
    ({"limit_price": "9"}, 40010001, "market orders do not take a limit_price"),
    ({"type": "limit"}, 40010001, "limit orders require a limit_price"),
    ({"type": "stop"}, 40010001, "stop orders require a stop_price"),
    (
        {"type": "limit", "limit_price": "290.123"},
        42210000,
        "invalid limit_price 290.123. sub-penny",
    ),
    ({"type": "limit", "limit_price": "0.12345"}, 42210000, "sub-penny"),
    ({"type": "trailing_stop"}, 40010001, "one of trail_price and trail_percent"),
    ({"trail_price": "1"}, 40010001, "do not take trail_price"),
    ({"type": "stop", "stop_price": "9", "time_in_force": "opg"}, 42210000, "market or limit"),
    ({"type": "stop", "stop_price": "9", "time_in_force": "fok"}, 42210000, "market or limit"),
    ({"order_class": "bracket"}, 42210000, "bracket orders require both take_profit"),
    ({"order_class": "mleg"}, 40010001, "invalid order_class 'mleg'"),
    ({"take_profit": {"limit_price": "12"}}, 42210000, "simple orders require no take_profit"),
    ({**BRACKET, "take_profit": "12"}, 40010001, "take_profit must be an object"),
    ({**BRACKET, "stop_loss": {"stop_price": "-1"}}, 40010001, "stop_price must be > 0"),
    ({**BRACKET, "order_class": "oto"}, 42210000, "oto orders require one of"),
    ({**BRACKET, "time_in_force": "ioc"}, 42210000, "must be day or gtc"),
    ({**BRACKET, "qty": "0.5"}, 42210000, "must be simple orders"),
    ({**BRACKET, "type": "stop", "stop_price": "9"}, 42210000, "must be market or limit orders"),
    ({**BRACKET, "order_class": "oco"}, 40010001, "market orders do not take a limit_price"),
    ({"extended_hours": True}, 42210000, "must be DAY limit orders"),
    ({"extended_hours": "yes"}, 40010001, "extended_hours must be true or false"),
    ({"client_order_id": "x" * 129}, 40010001, "no more than 128 characters"),
]


@pytest.mark.parametrize(("changes", "code", "words"), BAD_FIELDS)
def test_a_bad_field_is_refused_by_name(changes: dict[str, Any], code: int, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_order_request({**MARKET, **changes})

    assert (refused.value.status, refused.value.code) == (422, code)
    assert words in refused.value.message


def test_prices_below_a_dollar_may_have_four_decimals() -> None:
    request = read_order_request({**MARKET, "type": "limit", "limit_price": "0.1234"})

    assert request.limit_price == Decimal("0.1234")
