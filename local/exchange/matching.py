"""When an order trades against a tick, and how much: pure rules, no I/O and no clock.

docs/exchange_simulator.md states the same rules for whoever re-computes the fills.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from local.exchange.orders import round_price
from quantumzero.domain.orders import OrderType, Side, TimeInForce

if TYPE_CHECKING:
    from local.exchange.orders import Order
    from local.market_data.values import Session, Tick

# Prints in the first and in the last second of a session belong to the opening and the closing
# auction.
AUCTION = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a tick does to an order.

    It trades `quantity` shares (0: nothing), and the rest is withdrawn or rests.
    """

    quantity: Decimal
    withdraw_rest: bool = False


_NOTHING = Verdict(Decimal(0))


def capacity(tick: Tick, participation: Decimal) -> Decimal:
    """Return the most shares one order takes from a tick.

    A share of its size, rounded down, at least one.
    """
    shares = (participation * tick.size).to_integral_value(ROUND_FLOOR)
    return max(Decimal(1), shares)


def match(order: Order, tick: Tick, session: Session, participation: Decimal) -> Verdict:
    """Return what the tick does to an open order of its symbol, after `observe` has seen the
    tick.
    """
    force = order.time_in_force
    if force is TimeInForce.AT_OPEN and tick.at >= session.opens_at + AUCTION:
        return Verdict(Decimal(0), withdraw_rest=True)
    if force is TimeInForce.AT_CLOSE and tick.at < session.closes_at - AUCTION:
        return _NOTHING
    remaining = order.remaining(tick.price)
    quantity = Decimal(0)
    if _is_marketable(order, tick.price):
        quantity = min(remaining, capacity(tick, participation))
    if force is TimeInForce.FILL_OR_KILL and quantity < remaining:
        return Verdict(Decimal(0), withdraw_rest=True)
    immediate = force in (TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL)
    return Verdict(quantity, withdraw_rest=immediate)


def observe(order: Order, price: Decimal) -> None:
    """Let a stop see the price: fire it, or let a trailing stop follow.

    A stop trades from the tick that fires it.
    """
    if order.order_type not in (OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP):
        return
    if order.triggered:
        return
    buying = order.side is Side.BUY
    if order.stop_price is not None:
        order.triggered = price >= order.stop_price if buying else price <= order.stop_price
    if order.order_type is OrderType.TRAILING_STOP and not order.triggered:
        follow(order, price)


def follow(order: Order, price: Decimal) -> None:
    """Move a trailing stop's best price and its stop: never away from the market."""
    best = order.high_water
    buying = order.side is Side.BUY
    if best is not None and (price >= best if buying else price <= best):
        return
    order.high_water = price
    distance = order.trail_price
    if distance is None:
        distance = price * (order.trail_percent or Decimal(0)) / 100
    order.stop_price = round_price(price + distance if buying else price - distance)


def _is_marketable(order: Order, price: Decimal) -> bool:
    """Say whether the order may trade at the price."""
    if order.order_type in (OrderType.STOP, OrderType.TRAILING_STOP):
        return order.triggered
    if order.order_type is OrderType.STOP_LIMIT and not order.triggered:
        return False
    if order.limit_price is None:
        return True
    return price <= order.limit_price if order.side is Side.BUY else price >= order.limit_price
