"""Orders, fills and activities as the vendor writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.exchange.formats import moment, number, optional_moment, optional_number
from local.exchange.order_events import identifier
from local.exchange.order_groups import legs_of
from local.exchange.orders import OrderStatus
from quantumzero.domain.orders import OrderClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.exchange.order_events import OrderEvent
    from local.exchange.orders import Fill, Order
    from local.exchange.state import AppliedSplit


def asset_id(symbol: str) -> str:
    """Return the id of an instrument."""
    return identifier("asset", symbol)


def nested_view(order: Order, orders: Mapping[str, Order]) -> dict[str, Any]:
    """Return an order with its legs in it."""
    legs = [order_view(each) for each in legs_of(order, orders)]
    return {**order_view(order), "legs": legs or None}


def order_view(order: Order) -> dict[str, Any]:
    """Return an order as the trading API and the trade updates show it, without its legs."""
    return {
        "id": order.identifier,
        "client_order_id": order.client_order_id,
        "created_at": moment(order.created_at),
        "updated_at": moment(order.updated_at),
        "submitted_at": moment(order.created_at),
        "filled_at": moment(order.filled_at)
        if order.filled_at and order.status is OrderStatus.FILLED
        else None,
        "expired_at": optional_moment(order.expired_at),
        "expires_at": moment(order.expires_at),
        "canceled_at": optional_moment(order.canceled_at),
        "failed_at": None,
        "replaced_at": optional_moment(order.replaced_at),
        "replaced_by": order.replaced_by,
        "replaces": order.replaces,
        "asset_id": asset_id(order.symbol),
        "symbol": order.symbol,
        "asset_class": "us_equity",
        "notional": optional_number(order.notional),
        "qty": optional_number(order.quantity),
        "filled_qty": number(order.filled_quantity),
        "filled_avg_price": optional_number(order.average_price),
        "order_class": "" if order.order_class is OrderClass.SIMPLE else order.order_class.value,
        "order_type": order.order_type.value,
        "type": order.order_type.value,
        "side": order.side.value,
        "time_in_force": order.time_in_force.value,
        "limit_price": optional_number(order.limit_price),
        "stop_price": optional_number(order.stop_price),
        "status": order.status.value,
        "extended_hours": order.extended_hours,
        "legs": None,
        "trail_percent": optional_number(order.trail_percent),
        "trail_price": optional_number(order.trail_price),
        "hwm": optional_number(order.high_water),
    }


def trade_update(event: OrderEvent) -> dict[str, Any]:
    """Return the message of the trade-updates stream.

    Executions carry price, qty and position_qty.
    """
    data: dict[str, Any] = {
        "event": event.name,
        "execution_id": event.execution_id,
        "order": order_view(event.order),
        "timestamp": moment(event.at),
    }
    if event.fill is not None:
        data["price"] = number(event.fill.price)
        data["qty"] = number(event.fill.quantity)
        data["position_qty"] = number(event.position_quantity)
    return {"stream": "trade_updates", "data": data}


def fill_activity(fill: Fill) -> dict[str, Any]:
    """Return a fill as an account activity."""
    complete = not fill.leaves_quantity
    return {
        "activity_type": "FILL",
        "id": f"{fill.at:%Y%m%d%H%M%S%f}::{fill.execution_id}",
        "cum_qty": number(fill.cumulative_quantity),
        "leaves_qty": number(fill.leaves_quantity),
        "price": number(fill.price),
        "qty": number(fill.quantity),
        "side": fill.side.value,
        "symbol": fill.symbol,
        "transaction_time": moment(fill.at),
        "order_id": fill.order_id,
        "order_status": "filled" if complete else "partially_filled",
        "type": "fill" if complete else "partial_fill",
    }


def split_activity(split: AppliedSplit) -> dict[str, Any]:
    """Return a split that met a holding as an account activity; qty counts the shares it added."""
    name = identifier("split", split.symbol, split.ex_date)
    return {
        "activity_type": "SPLIT",
        "id": f"{split.at:%Y%m%d%H%M%S%f}::{name}",
        "date": moment(split.at),
        "symbol": split.symbol,
        "qty": number(split.quantity_after - split.quantity_before),
        "net_amount": "0",
        "per_share_amount": "0",
        "status": "executed",
    }


def fill_view(fill: Fill) -> dict[str, Any]:
    """Return a fill as the books show it: every figure as exact text."""
    return {
        "execution_id": fill.execution_id,
        "order_id": fill.order_id,
        "client_order_id": fill.client_order_id,
        "symbol": fill.symbol,
        "side": fill.side.value,
        "quantity": number(fill.quantity),
        "price": number(fill.price),
        "commission": number(fill.commission),
        "at": moment(fill.at),
        "tick": fill.tick,
        "position_quantity": number(fill.position_quantity),
    }
