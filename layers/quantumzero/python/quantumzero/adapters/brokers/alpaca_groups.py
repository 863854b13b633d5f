"""Alpaca's orders that hang together, read as ours: an exit by target or stop (OCO) is one order.

The vendor makes two of it, the target under our client id and in it the stop under an id of its own. The two share the
quantity: what either fills is filled, and the exit is closed when both are. Of an entry with legs, which only somebody
else orders here, every leg is an order by itself.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.brokers.alpaca_orders import broker_order
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.order_identity import is_ours
from quantumzero.domain.order_snapshots import may_fill
from quantumzero.domain.orders import OrderClass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.domain.orders import BrokerOrder

_FILLED, _EXPIRED, _CANCELED = "filled", "expired", "canceled"


def is_pair(body: Any) -> bool:
    """Tell whether the order is an exit by target or stop, or the stop of one."""
    return isinstance(body, dict) and body.get("order_class") == OrderClass.OCO


def has_legs(body: Any) -> bool:
    """Tell whether the answer shows the order's legs."""
    return isinstance(body, dict) and bool(body.get("legs"))


def read_nested(body: Any) -> Sequence[BrokerOrder]:
    """Return the orders in one row of a nested list; none when the row cannot tell of the whole (read_order).

    Raises CorruptDataError on a row that is not readable.
    """
    if is_pair(body) or not has_legs(body):
        found = read_order(body)
        return [] if found is None else [found]
    return [broker_order(body), *(broker_order(leg) for leg in body["legs"])]


def read_open(bodies: Sequence[Any]) -> Sequence[BrokerOrder]:
    """Return the orders of a flat list of open ones, without the stops of our own exits beside their targets.

    Nested, the vendor hides the legs that work when what they hang on is closed. Raises CorruptDataError on an order
    that is not readable.
    """
    orders = [(broker_order(body), is_pair(body)) for body in bodies]
    paired = {
        (each.symbol, each.side) for each, pair in orders if pair and is_ours(each.client_order_id)
    }
    return [
        each
        for each, pair in orders
        if not pair or is_ours(each.client_order_id) or (each.symbol, each.side) not in paired
    ]


def read_order(body: Any) -> BrokerOrder | None:
    """Return the order, an exit by target or stop as one; None when only half of such an exit is told of.

    Without its legs the target tells of the whole while it works or when it is filled: closed otherwise, its stop may
    be what filled. A stop alone never does. Raises CorruptDataError on an answer that is not readable.
    """
    order = broker_order(body)
    if not is_pair(body):
        return order
    if has_legs(body):
        return _folded([order, *(broker_order(leg) for leg in body["legs"])])
    tells = may_fill(order) or order.status == _FILLED
    return order if is_ours(order.client_order_id) and tells else None


def open_ids(body: Any) -> Sequence[str]:
    """Return the vendor's ids of the halves of such an exit that still work; none of any other order.

    Raises CorruptDataError on an answer that is not readable.
    """
    if not is_pair(body):
        return []
    halves = [broker_order(each) for each in (body, *(body.get("legs") or ()))]
    return [each.broker_order_id for each in halves if may_fill(each)]


def _folded(halves: Sequence[BrokerOrder]) -> BrokerOrder:
    root = halves[0]
    filled = sum((each.filled_quantity for each in halves), Decimal(0))
    quantity = max(root.quantity, filled)
    whole = filled > 0 and filled >= quantity
    times = [each.filled_at for each in halves if each.filled_at is not None]
    return replace(
        root,
        quantity=quantity,
        filled_quantity=filled,
        average_fill_price=_average(halves, filled),
        status=_FILLED if whole else _status(halves, filled),
        updated_at=max(each.updated_at for each in halves),
        filled_at=_newest(times),
    )


def _average(halves: Sequence[BrokerOrder], filled: Decimal) -> Decimal | None:
    trading = [each for each in halves if each.filled_quantity]
    if not trading:
        return None
    if len(trading) == 1:
        return trading[0].average_fill_price
    cost = Decimal(0)
    for each in trading:
        if each.average_fill_price is None:
            raise CorruptDataError(f"order {each.broker_order_id} has filled and has no price")
        cost += each.filled_quantity * each.average_fill_price
    return cost / filled


def _status(halves: Sequence[BrokerOrder], filled: Decimal) -> str:
    working = [each.status for each in halves if may_fill(each)]
    if working:
        return "partially_filled" if filled else working[0]
    told = {each.status for each in halves}
    root = halves[0].status
    return root if root == "rejected" else _EXPIRED if _EXPIRED in told else _CANCELED


def _newest(times: Sequence[datetime]) -> datetime | None:
    return max(times) if times else None
