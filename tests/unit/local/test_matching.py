"""Orders trade against ticks by the usual rules, at the price of a real print."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from local.exchange.formats import number
from local.exchange.orders import Order, OrderStatus
from local.market_data.source import Prints
from local.market_data.values import StockSplit
from quantumzero.domain.orders import OrderType, Side, TimeInForce
from tests.unit.local.markets import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Market,
    daily_bar,
    order_for,
    session_on,
    ticks_of,
)

FIRST = {"A": ticks_of(MONDAY, ("10", 10_000))}


def fills_of(market: Market, order: Order) -> list[tuple[str, str]]:
    return [
        (number(fill.quantity), number(fill.price))
        for fill in market.exchange.state.fills
        if fill.order_id == order.identifier
    ]


def placed(market: Market, quantity: str | None = "100", **fields: Any) -> Order:
    """Run the first session, place the order after its close, run the second session."""
    market.advance()
    order = market.exchange.submit(order_for(quantity, **fields))
    market.advance()
    return order


def market_on(*prints: tuple[str, int], participation: str = "0.01") -> Market:
    sessions = {MONDAY: FIRST, TUESDAY: {"A": ticks_of(TUESDAY, *prints)}}
    return Market(sessions, participation=Decimal(participation))


def test_a_market_order_takes_its_share_of_each_tick_until_it_is_filled() -> None:
    market = market_on(("10", 3_050), ("11", 10), ("12", 50_000), ("13", 50_000))

    order = placed(market)

    assert fills_of(market, order) == [("30", "10"), ("1", "11"), ("69", "12")]
    assert order.status is OrderStatus.FILLED
    assert [name for _, name in market.events] == [
        "accepted",
        "new",
        "partial_fill",
        "partial_fill",
        "fill",
    ]


def test_a_day_order_expires_at_the_close_of_the_session_it_lived_in() -> None:
    market = market_on(("10", 3_000))

    order = placed(market)

    assert order.status is OrderStatus.EXPIRED
    assert order.filled_quantity == 30
    assert order.expired_at == session_on(TUESDAY).closes_at
    assert order.average_price == Decimal(10)


@pytest.mark.parametrize(
    ("side", "fields", "expected"),
    [
        (Side.BUY, {"order_type": OrderType.LIMIT, "limit_price": "9.5"}, [("5", "9.4")]),
        (Side.SELL, {"order_type": OrderType.LIMIT, "limit_price": "10.5"}, [("5", "10.6")]),
        (Side.BUY, {"order_type": OrderType.STOP, "stop_price": "10.5"}, [("5", "10.6")]),
        (Side.SELL, {"order_type": OrderType.STOP, "stop_price": "9.5"}, [("5", "9.4")]),
        (
            Side.SELL,
            {"order_type": OrderType.STOP_LIMIT, "stop_price": "9.5", "limit_price": "9.9"},
            [("5", "10.6")],
        ),
        (
            Side.BUY,
            {"order_type": OrderType.STOP_LIMIT, "stop_price": "10.5", "limit_price": "10.55"},
            [("5", "10.1")],
        ),
        (Side.SELL, {"order_type": OrderType.TRAILING_STOP, "trail_price": "0.5"}, [("5", "9.4")]),
        (
            Side.SELL,
            {"order_type": OrderType.TRAILING_STOP, "trail_percent": "4"},
            [("5", "9.4")],
        ),
        (Side.BUY, {"order_type": OrderType.TRAILING_STOP, "trail_price": "1"}, [("5", "10.6")]),
    ],
)
def test_prices_decide_when_an_order_trades(
    side: Side, fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    market = Market(
        {
            MONDAY: FIRST,
            TUESDAY: {
                "A": ticks_of(TUESDAY, ("10", 900), ("9.4", 900), ("10.6", 900), ("10.1", 900))
            },
        },
        participation=Decimal("0.1"),
        allow_short=True,
    )

    order = placed(market, "5", side=side, **fields)

    assert fills_of(market, order) == expected


def test_a_trailing_stop_follows_the_market_up_and_never_down() -> None:
    market = market_on(("11", 10), ("12", 10), ("11.6", 10), ("11.4", 10), participation="1")
    market.exchange.settings = market.exchange.settings.__class__(
        participation=Decimal(1), allow_short=True
    )

    order = placed(
        market, "5", side=Side.SELL, order_type=OrderType.TRAILING_STOP, trail_price="0.5"
    )

    assert order.high_water == 12
    assert order.stop_price == Decimal("11.5")
    assert fills_of(market, order) == [("5", "11.4")]


def test_an_order_of_money_buys_shares_for_exactly_that_much() -> None:
    market = market_on(("3", 1_000), ("7", 100_000))

    order = placed(market, None, notional="100")

    assert fills_of(market, order) == [("10", "3"), ("10", "7")]
    assert order.status is OrderStatus.FILLED
    assert order.filled_cost == 100


def test_an_order_of_money_is_filled_to_a_billionth_of_a_share() -> None:
    market = market_on(("3", 100_000))

    order = placed(market, None, notional="100")

    assert fills_of(market, order) == [("33.333333333", "3")]
    assert order.status is OrderStatus.FILLED


@pytest.mark.parametrize(
    ("force", "expected", "status"),
    [
        (TimeInForce.IMMEDIATE_OR_CANCEL, [("30", "10")], OrderStatus.CANCELED),
        (TimeInForce.FILL_OR_KILL, [], OrderStatus.CANCELED),
        (TimeInForce.GOOD_TIL_CANCELED, [("30", "10"), ("40", "11")], OrderStatus.PARTIALLY_FILLED),
    ],
)
def test_time_in_force_decides_what_becomes_of_the_rest(
    force: TimeInForce, expected: list[tuple[str, str]], status: OrderStatus
) -> None:
    market = market_on(("10", 3_000), ("11", 4_000))

    order = placed(market, time_in_force=force)

    assert fills_of(market, order) == expected
    assert order.status is status


def test_orders_for_the_auctions_trade_in_the_opening_or_the_closing_prints_only() -> None:
    market = Market(
        {
            MONDAY: {"A": Prints("daily", [daily_bar(MONDAY, "10 10 10 10", 1_000)], [])},
            TUESDAY: {"A": Prints("daily", [daily_bar(TUESDAY, "11 15 9 13", 1_000)], [])},
        },
        participation=Decimal("0.1"),
    )
    market.advance()
    opening = market.exchange.submit(order_for("20", time_in_force=TimeInForce.AT_OPEN))
    closing = market.exchange.submit(order_for("20", time_in_force=TimeInForce.AT_CLOSE))

    market.advance()

    assert fills_of(market, opening) == [("5", "11"), ("5", "11"), ("5", "11")]
    assert opening.status is OrderStatus.CANCELED
    assert fills_of(market, closing) == [("20", "13")]


def test_two_orders_of_one_symbol_each_take_their_share_in_order_of_arrival() -> None:
    market = market_on(("10", 3_000), ("11", 3_000))
    market.advance()
    orders = [market.exchange.submit(order_for(quantity)) for quantity in ("40", "20")]

    market.advance()

    assert [fills_of(market, order) for order in orders] == [
        [("30", "10"), ("10", "11")],
        [("20", "10")],
    ]
    assert [fill.order_id for fill in market.exchange.state.fills[:2]] == [
        order.identifier for order in orders
    ]


def test_a_split_restates_what_is_held_and_what_is_open_and_leaves_money_alone() -> None:
    market = Market(
        {
            MONDAY: FIRST,
            TUESDAY: {"A": ticks_of(TUESDAY, ("10", 6_000))},
            WEDNESDAY: {"A": ticks_of(WEDNESDAY, ("5", 100_000))},
        },
        splits=[StockSplit("A", WEDNESDAY, 2, 1)],
        participation=Decimal("0.01"),
    )
    order = placed(
        market,
        "100",
        time_in_force=TimeInForce.GOOD_TIL_CANCELED,
        order_type=OrderType.LIMIT,
        limit_price="10",
    )
    books = market.exchange.state.books
    equity = books.equity

    market.replay.open_next()

    assert books.quantity("A") == 120
    assert books.equity == equity
    assert (order.quantity, order.filled_quantity, order.limit_price) == (140, 60, 5)
    assert order.average_price == 10
    assert market.events[-1][1] == "restated"
    market.run()
    assert fills_of(market, order) == [("60", "10"), ("80", "5")]
    assert books.quantity("A") == 200
    assert books.cash == 100_000 - 600 - 400


def test_a_commission_is_taken_from_cash_by_the_share() -> None:
    market = Market(
        {MONDAY: FIRST, TUESDAY: FIRST | {"A": ticks_of(TUESDAY, ("10", 10_000))}},
        participation=Decimal(1),
        commission_per_share=Decimal("0.005"),
    )

    placed(market, "100")

    assert market.exchange.state.books.cash == Decimal("100000") - 1000 - Decimal("0.50")
    assert market.exchange.state.books.commissions == Decimal("0.50")
