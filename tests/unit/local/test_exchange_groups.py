"""Brackets, triggered and cancelling pairs on small markets."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from local.exchange.orders import Order, OrderStatus
from local.exchange.refusals import Refusal
from local.exchange.state import State
from quantumzero.domain.orders import OrderClass, OrderType, Side, TimeInForce
from tests.unit.local.markets import MONDAY, TUESDAY, Market, order_for, ticks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

D = Decimal
S = OrderStatus
GTC = TimeInForce.GOOD_TIL_CANCELED
LEGS: dict[str, Any] = {"take_profit": D(12), "stop_loss": D(9), "time_in_force": GTC}
BRACKET: dict[str, Any] = {"order_class": OrderClass.BRACKET, **LEGS}


def market_of(*prints: tuple[str, int]) -> Market:
    """Return a market that stood at 10 on Monday and prints these on Tuesday, ready to be run."""
    days = {
        MONDAY: {"A": ticks_of(MONDAY, ("10", 100))},
        TUESDAY: {"A": ticks_of(TUESDAY, *prints)},
    }
    market = Market(days, participation=D(1))
    market.advance()
    return market


def group(market: Market, **fields: Any) -> tuple[Order, Order, Order]:
    root = market.exchange.submit(order_for("100", **{**BRACKET, **fields}))
    target, stop = (market.exchange.order(each) for each in root.legs)
    return root, target, stop


def until_held(market: Market, ticks: Iterator[Any]) -> None:
    """Let ticks pass until shares are held."""
    while not market.exchange.state.books.quantity("A"):
        next(ticks)


def states(*orders: Order) -> list[OrderStatus]:
    return [order.status for order in orders]


def test_legs_are_held_until_the_entry_is_filled_and_the_target_sells_alone() -> None:
    market = market_of(("10", 60), ("12", 1000), ("10", 40), ("11", 10), ("12", 30), ("12", 100))
    orders = root, target, stop = group(market)
    assert states(*orders) == [S.ACCEPTED, S.HELD, S.HELD]
    assert (target.order_type, target.limit_price, target.side) == (OrderType.LIMIT, 12, Side.SELL)
    assert (stop.order_type, stop.stop_price, stop.quantity) == (OrderType.STOP, 9, 100)
    root.time_in_force = TimeInForce.DAY
    market.advance()
    # 60 at 10 and 40 at 12 filled the entry; later prints at 12 filled the target.
    assert states(*orders) == [S.FILLED, S.FILLED, S.CANCELED]
    assert market.exchange.state.books.quantity("A") == 0


def test_the_stop_takes_the_target_away_and_sells_the_rest() -> None:
    market = market_of(("10", 100), ("12", 30), ("9", 50), ("8", 50))
    orders = group(market)
    market.advance()
    assert states(*orders) == [S.FILLED, S.CANCELED, S.FILLED]
    assert orders[1].filled_quantity == 30
    assert (orders[2].quantity, orders[2].filled_quantity) == (70, 70)
    assert market.exchange.state.books.quantity("A") == 0


def test_what_hangs_on_a_cancelled_entry_goes_with_it() -> None:
    market = market_of(("11", 1))
    orders = group(market, order_type=OrderType.LIMIT, limit_price="9.5")
    market.exchange.cancel(orders[0])
    assert states(*orders) == [S.CANCELED] * 3
    assert market.exchange.open_orders == []


def test_a_day_group_expires_together() -> None:
    market = market_of(("11", 1))
    orders = group(
        market, order_type=OrderType.LIMIT, limit_price="9.5", time_in_force=TimeInForce.DAY
    )
    market.advance()
    assert {each.is_open for each in orders} == {False}


@pytest.mark.parametrize("leg", [1, 2])
def test_a_cancelled_leg_takes_the_other_away_and_leaves_the_position(leg: int) -> None:
    market = market_of(("10", 100))
    orders = group(market)
    market.advance()
    assert states(*orders) == [S.FILLED, S.NEW, S.HELD]
    market.exchange.cancel(orders[leg])
    assert states(*orders) == [S.FILLED, S.CANCELED, S.CANCELED]
    assert market.exchange.state.books.quantity("A") == 100


def test_the_shares_of_a_group_are_taken_once() -> None:
    market = market_of(("10", 100))
    group(market)
    market.advance()
    with pytest.raises(Refusal, match="insufficient qty"):
        market.exchange.submit(order_for("1", side=Side.SELL))


def test_one_triggers_the_other() -> None:
    market = market_of(("10", 100), ("9", 100))
    root = market.exchange.submit(
        order_for("100", order_class=OrderClass.OTO, stop_loss=D(9), time_in_force=GTC)
    )
    (stop,) = (market.exchange.order(each) for each in root.legs)
    market.advance()
    assert states(root, stop) == [S.FILLED, S.FILLED]


@pytest.mark.parametrize(
    ("prints", "ends"), [("12", [S.FILLED, S.CANCELED]), ("9", [S.CANCELED, S.FILLED])]
)
def test_one_cancels_the_other(prints: str, ends: list[OrderStatus]) -> None:
    market = market_of(("10", 100), ("10", 1), (prints, 100))
    market.exchange.submit(order_for("100"))
    market.replay.open_next()
    ticks = iter(market.replay.pending_ticks())
    until_held(market, ticks)
    target = market.exchange.submit(
        order_for(
            "100",
            side=Side.SELL,
            order_type=OrderType.LIMIT,
            limit_price="12",
            order_class=OrderClass.OCO,
            **LEGS,
        )
    )
    (stop,) = (market.exchange.order(each) for each in target.legs)
    assert stop.status is S.HELD
    for _ in ticks:
        pass
    assert states(target, stop) == ends
    assert market.exchange.state.books.quantity("A") == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"take_profit": D("10.00")}, "take_profit.limit_price must be >= base_price 10.01"),
        ({"stop_loss": D("10.00")}, "stop_loss.stop_price must be <= base_price 9.99"),
        (
            {"order_class": OrderClass.OCO, "order_type": OrderType.LIMIT, "limit_price": "12"},
            "exit",
        ),
    ],
)
def test_legs_on_the_wrong_side_are_refused(fields: dict[str, Any], words: str) -> None:
    market = market_of(("10", 100))
    with pytest.raises(Refusal, match=words):
        market.exchange.submit(order_for("100", **{**BRACKET, **fields}))


def test_a_bracket_is_an_entry() -> None:
    market = market_of(("10", 100))
    market.exchange.submit(order_for("100"))
    market.advance()
    with pytest.raises(Refusal, match="bracket orders must be entry orders"):
        market.exchange.submit(
            order_for(
                "100",
                side=Side.SELL,
                order_class=OrderClass.BRACKET,
                take_profit=D(9),
                stop_loss=D(12),
            )
        )


def test_a_replaced_leg_keeps_its_place_and_a_snapshot_keeps_the_group() -> None:
    market = market_of(("10", 100), ("12", 10))
    root, target, stop = group(market)
    market.replay.open_next()
    ticks = iter(market.replay.pending_ticks())
    until_held(market, ticks)
    assert root.status is S.FILLED
    moved = market.exchange.replace(
        target,
        order_for(
            "100", side=Side.SELL, order_type=OrderType.LIMIT, limit_price="13", time_in_force=GTC
        ),
    )
    assert (moved.status, moved.parent, root.legs[0]) == (S.NEW, root.identifier, moved.identifier)
    text = msgspec.json.encode(market.exchange.state)
    market.exchange.restore(msgspec.json.decode(text, type=State))
    again = market.exchange.order(moved.identifier)
    market.exchange.cancel(again)
    assert market.exchange.order(stop.identifier).status is S.CANCELED
