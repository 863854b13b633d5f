"""Orders that hang together as the vendor describes them: bracket, one-triggers-other, one-cancels-other.

The legs of an entry are held until it is filled completely. Then the target works; the stop stays `held` and watches
the price, because the target has the shares. What one leg trades is taken from the other; a leg that is filled or
cancelled takes the other away, and so does the entry when it is cancelled or expires.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from local.exchange.orders import OrderRequest, OrderStatus
from local.exchange.refusals import bad_order
from quantumzero.domain.orders import OrderClass, OrderType, Side

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.exchange.books import Books
    from local.exchange.orders import Order

_CENT = Decimal("0.01")


def check_group(request: OrderRequest, books: Books) -> None:
    """Refuse legs on the wrong side of the price, and an exit by two orders of what is not held."""
    if request.order_class is OrderClass.SIMPLE:
        return
    held = books.quantity(request.symbol)
    exits = held > 0 if request.side is Side.SELL else held < 0
    if request.order_class is OrderClass.OCO and not exits:
        raise bad_order("oco orders must be exit orders")
    if request.order_class is not OrderClass.OCO and exits:
        raise bad_order(f"{request.order_class} orders must be entry orders")
    if request.order_class is OrderClass.OCO:
        return
    base = request.limit_price or books.last_prices[request.symbol]
    sign = 1 if request.side is Side.BUY else -1
    target, stop = request.take_profit, request.stop_loss
    if target is not None and sign * (target - base) < _CENT:
        place = ">=" if sign > 0 else "<="
        raise bad_order(f"take_profit.limit_price must be {place} base_price {base + sign * _CENT}")
    if stop is not None and sign * (base - stop) < _CENT:
        place = "<=" if sign > 0 else ">="
        raise bad_order(f"stop_loss.stop_price must be {place} base_price {base - sign * _CENT}")


def leg_requests(request: OrderRequest) -> Sequence[OrderRequest]:
    """Return what the legs ask for, the target first; of an exit by two orders the target is the order itself."""
    entry = request.order_class is not OrderClass.OCO
    side = request.side
    if entry:
        side = Side.SELL if side is Side.BUY else Side.BUY
    bare = replace(
        request,
        side=side,
        client_order_id=None,
        limit_price=None,
        stop_price=None,
        take_profit=None,
        stop_loss=None,
        stop_loss_limit=None,
    )
    legs = []
    if entry and request.take_profit is not None:
        legs.append(replace(bare, order_type=OrderType.LIMIT, limit_price=request.take_profit))
    if request.stop_loss is not None:
        limit = request.stop_loss_limit
        kind = OrderType.STOP if limit is None else OrderType.STOP_LIMIT
        legs.append(replace(bare, order_type=kind, stop_price=request.stop_loss, limit_price=limit))
    return legs


def legs_of(order: Order, orders: Mapping[str, Order]) -> Sequence[Order]:
    """Return the legs of an order, none for a leg or a simple order."""
    return [orders[each] for each in order.legs]


def others_of(order: Order, orders: Mapping[str, Order]) -> Sequence[Order]:
    """Return the orders of the group that may still trade, without the order itself."""
    root = orders[order.parent] if order.parent is not None else order
    group = [root, *legs_of(root, orders)]
    return [each for each in group if each is not order and each.is_open]


def entry_of(order: Order, orders: Mapping[str, Order]) -> Order | None:
    """Return the entry that a leg waits for, None when it waits for none."""
    if order.parent is None:
        return None
    root = orders[order.parent]
    return None if root.order_class is OrderClass.OCO else root


def watches(order: Order, orders: Mapping[str, Order]) -> bool:
    """Tell whether the order may trade now: a held leg watches only once its entry is filled."""
    if order.status is not OrderStatus.HELD:
        return True
    entry = entry_of(order, orders)
    return entry is None or entry.status is OrderStatus.FILLED


def awakened(order: Order, orders: Mapping[str, Order]) -> Sequence[Order]:
    """Return the legs that begin to work when their entry is filled: the target, or the only leg."""
    if order.order_class is OrderClass.OCO:
        return []
    return [each for each in legs_of(order, orders) if each.status is OrderStatus.HELD][:1]


def is_leg(order: Order) -> bool:
    """Tell whether what the order trades is taken from the other order of its group."""
    return order.parent is not None or order.order_class is OrderClass.OCO


def inherit(order: Order, old: Order, orders: Mapping[str, Order]) -> None:
    """Give a replacement the place of the old order in its group."""
    order.order_class, order.parent, order.legs = old.order_class, old.parent, old.legs
    for leg in legs_of(order, orders):
        leg.parent = order.identifier
    if old.parent is not None:
        root = orders[old.parent]
        root.legs = [order.identifier if each == old.identifier else each for each in root.legs]
        order.status = old.status
