"""Whether the account may place an order now.

Known instrument, shares and buying power that are there and free.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from local.exchange.orders import OrderStatus
from local.exchange.refusals import (
    FORBIDDEN,
    Refusal,
    bad_field,
    bad_order,
    no_buying_power,
    no_quantity,
)
from quantumzero.domain.orders import OrderType, Side, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.exchange.books import Books
    from local.exchange.orders import Order, OrderRequest
    from local.exchange.state import Settings

_NOTHING = Decimal(0)


def reserved_money(books: Books, open_orders: Iterable[Order]) -> Decimal:
    """Return the money that open orders to buy are expected to cost, and open short sales to tie
    up.
    """
    total = _NOTHING
    for order in open_orders:
        if order.status is OrderStatus.HELD:
            continue
        last = books.last_prices[order.symbol]
        held = books.quantity(order.symbol)
        if held >= 0 if order.side is Side.BUY else held <= 0:
            total += order.open_value(last)
    return total


def buying_power(books: Books, open_orders: Iterable[Order], settings: Settings) -> Decimal:
    """Return what new orders may cost.

    Equity times the multiplier, less holdings and open orders; never below zero. For a cash account
    without short positions this is cash less open orders to buy.
    """
    exposure = books.long_value - books.short_value
    free = books.equity * settings.multiplier - exposure
    return max(free - reserved_money(books, open_orders), _NOTHING)


def held_quantity(open_orders: Iterable[Order], symbol: str, side: Side, price: Decimal) -> Decimal:
    """Return the shares of a symbol that open orders of the side have still to trade."""
    return sum(
        (
            order.remaining(price)
            for order in open_orders
            if order.symbol == symbol
            and order.side is side
            and order.status is not OrderStatus.HELD
        ),
        _NOTHING,
    )


def check_instrument(request: OrderRequest, books: Books, symbols: Iterable[str]) -> None:
    """Refuse an unknown instrument, and one that has not traded yet."""
    if request.symbol not in symbols:
        raise bad_order(f'asset "{request.symbol}" not found')
    if request.symbol not in books.last_prices:
        raise bad_order(f"asset {request.symbol} is not active; it has not traded yet")


def check_session(request: OrderRequest, *, is_open: bool) -> None:
    """Refuse an order for the opening auction while the market is open."""
    if is_open and request.time_in_force is TimeInForce.AT_OPEN:
        raise bad_order("opg orders are accepted while the market is closed only")


def check_wash_trade(request: OrderRequest, open_orders: Iterable[Order]) -> None:
    """Refuse an order that could trade against an open order of the same account."""
    for order in open_orders:
        if order.symbol != request.symbol or order.side is request.side:
            continue
        if order.parent is not None:
            # The leg of a complex order: that is what they are for.
            continue
        if _could_cross(request, order):
            raise Refusal(
                403,
                FORBIDDEN,
                "potential wash trade detected. use complex orders",
                {
                    "existing_order_id": order.identifier,
                    "reject_reason": f"opposite side {order.order_type} order exists",
                },
            )


def check_means(
    request: OrderRequest, books: Books, open_orders: list[Order], settings: Settings
) -> None:
    """Refuse an order beyond the shares or the buying power that are there and free."""
    last = books.last_prices[request.symbol]
    price = request.limit_price or request.stop_price or last
    quantity = request.quantity if request.quantity is not None else request.notional / price  # type: ignore[operator]  # one of both is set
    held = books.quantity(request.symbol)
    closes = held > 0 if request.side is Side.SELL else held < 0
    if closes:
        busy = held_quantity(open_orders, request.symbol, request.side, price)
        if quantity > abs(held) - busy:
            raise no_quantity(request.symbol, quantity, abs(held), busy)
        return
    if request.side is Side.SELL:
        _check_short(request, quantity, settings)
    value = request.notional if request.notional is not None else quantity * price
    available = buying_power(books, open_orders, settings)
    if value > available:
        raise no_buying_power(value, available)


def _check_short(request: OrderRequest, quantity: Decimal, settings: Settings) -> None:
    if not settings.allow_short:
        raise no_quantity(request.symbol, quantity, _NOTHING, _NOTHING)
    if request.notional is not None or quantity % 1:
        raise bad_field("fractional orders cannot be sold short")


def _could_cross(request: OrderRequest, order: Order) -> bool:
    if not (request.order_type is order.order_type is OrderType.LIMIT):
        return True
    buy, sell = request.limit_price, order.limit_price
    if request.side is Side.SELL:
        buy, sell = sell, buy
    return buy is not None and sell is not None and buy >= sell
