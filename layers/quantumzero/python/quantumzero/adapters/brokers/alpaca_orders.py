"""Alpaca's orders to and from ours: numbers as exact text, unknown fields and words tolerated."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.orders import BrokerOrder, OrderClass, OrderTerms, Side

if TYPE_CHECKING:
    from collections.abc import Mapping


def order_request(terms: OrderTerms) -> dict[str, Any]:
    """Return the body of a new order: numbers as decimal text; the client order id is always in it."""
    size, amount = (
        ("qty", terms.quantity) if terms.notional is None else ("notional", terms.notional)
    )
    body: dict[str, Any] = {
        "symbol": terms.symbol,
        size: f"{amount:f}",
        "side": terms.side.value,
        "type": terms.order_type.value,
        "time_in_force": terms.time_in_force.value,
        "client_order_id": terms.client_order_id,
    }
    body |= _texts(
        limit_price=terms.limit_price,
        stop_price=terms.stop_price,
        trail_price=terms.trail_price,
        trail_percent=terms.trail_percent,
    )
    if terms.extended_hours:
        body["extended_hours"] = True
    if terms.order_class is OrderClass.SIMPLE or terms.emulated:
        return body
    body["order_class"] = terms.order_class.value
    target = _texts(limit_price=terms.take_profit_price)
    stop = _texts(stop_price=terms.stop_loss_price, limit_price=terms.stop_loss_limit_price)
    return (
        body | ({"take_profit": target} if target else {}) | ({"stop_loss": stop} if stop else {})
    )


def replace_request(terms: OrderTerms) -> dict[str, Any]:
    """Return the body of a replacement: everything the new order says, under its own client order id."""
    return {
        "qty": f"{terms.quantity:f}",
        "time_in_force": terms.time_in_force.value,
        "client_order_id": terms.client_order_id,
        **_texts(
            limit_price=terms.limit_price,
            stop_price=terms.stop_price,
            trail=terms.trail_price or terms.trail_percent,
        ),
    }


def _texts(**numbers: Decimal | None) -> dict[str, str]:
    return {name: f"{number:f}" for name, number in numbers.items() if number is not None}


def broker_order(body: Any) -> BrokerOrder:
    """Read an order. Raises CorruptDataError naming what is missing or unreadable."""
    try:
        filled = number(body.get("filled_qty")) or Decimal(0)
        asked = number(body.get("qty"))
        created = moment(body.get("submitted_at")) or moment(body.get("created_at"))
        return BrokerOrder(
            broker_order_id=str(body["id"]),
            client_order_id=str(body["client_order_id"]),
            symbol=str(body["symbol"]),
            side=Side.SELL if str(body["side"]).startswith("sell") else Side.BUY,
            # An order by amount of money has no quantity; its own record knows what it was expected to buy.
            quantity=filled if asked is None else asked,
            filled_quantity=filled,
            average_fill_price=number(body.get("filled_avg_price")),
            status=str(body["status"]),
            updated_at=_updated_at(body),
            filled_at=moment(body.get("filled_at")),
            created_at=created,
            notional=number(body.get("notional")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise CorruptDataError(f"an order of the broker was not readable: {error!r}") from error


def _updated_at(body: Mapping[str, Any]) -> datetime:
    for name in ("updated_at", "submitted_at", "created_at"):
        time = moment(body.get(name))
        if time is not None:
            return time
    raise ValueError("no time of update")


def number(value: object) -> Decimal | None:
    """Read a number that may be text, a number or absent."""
    if value is None or value == "":
        return None
    found = Decimal(str(value))
    if not found.is_finite():
        raise ValueError(f"number was {value}")
    return found


def moment(value: object) -> datetime | None:
    """Read a time, nanoseconds cut to microseconds; aware UTC."""
    if not value:
        return None
    time = datetime.fromisoformat(str(value))
    if time.tzinfo is None:
        raise ValueError(f"time was {value} without a zone")
    return time.astimezone(UTC)
