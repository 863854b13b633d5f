"""The vendor's orders over HTTP."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.exchange.order_requests import read_order_request
from local.exchange.order_views import nested_view, order_view
from local.exchange.query import Query
from local.exchange.refusals import bad_field, not_found
from local.exchange.trading_api import json_answer
from quantumzero.domain.orders import OrderType, TimeInForce

if TYPE_CHECKING:
    from local.exchange.orders import Order
    from local.exchange.simulator import Simulator

_REPLACEABLE = frozenset(
    {"qty", "time_in_force", "limit_price", "stop_price", "trail", "client_order_id"}
)


class OrdersApi:
    """Handlers of /v2/orders."""

    def __init__(self, simulator: Simulator) -> None:
        self._exchange = simulator.exchange

    def routes(self) -> list[web.RouteDef]:
        """Return the routes; the one with a colon stands before the one with an id."""
        return [
            web.get("/v2/orders:by_client_order_id", self.read_by_client_id),
            web.post("/v2/orders", self.submit),
            web.get("/v2/orders", self.list_orders),
            web.delete("/v2/orders", self.cancel_all),
            web.get("/v2/orders/{order_id}", self.read),
            web.patch("/v2/orders/{order_id}", self.replace),
            web.delete("/v2/orders/{order_id}", self.cancel),
        ]

    async def submit(self, request: web.Request) -> web.Response:
        """Answer POST /v2/orders."""
        return json_answer(
            self._nested(self._exchange.submit(read_order_request(await _body(request))))
        )

    async def list_orders(self, request: web.Request) -> web.Response:
        """Answer GET /v2/orders: newest first unless direction is asc.

        Orders of one instant by arrival.
        """
        query = Query(request)
        limit = query.count("limit", 50, 500)
        orders = sorted(self._chosen(request, query), key=lambda order: order.sequence)
        if request.query.get("direction", "desc").lower() != "asc":
            orders.reverse()
        if request.query.get("nested", "").lower() == "true":
            roots = [order for order in orders if order.parent is None]
            return json_answer([self._nested(order) for order in roots[:limit]])
        return json_answer([order_view(order) for order in orders[:limit]])

    async def read(self, request: web.Request) -> web.Response:
        """Answer GET /v2/orders/{id}."""
        return json_answer(self._nested(self._exchange.order(request.match_info["order_id"])))

    async def read_by_client_id(self, request: web.Request) -> web.Response:
        """Answer GET /v2/orders:by_client_order_id."""
        client_order_id = request.query.get("client_order_id", "")
        if not client_order_id:
            raise bad_field("client_order_id is required")
        return json_answer(self._nested(self._exchange.order_of_client(client_order_id)))

    async def cancel(self, request: web.Request) -> web.Response:
        """Answer DELETE /v2/orders/{id}: 204, or 422 when the order is closed."""
        self._exchange.cancel(self._exchange.order(request.match_info["order_id"]))
        return web.Response(status=204)

    async def cancel_all(self, _: web.Request) -> web.Response:
        """Answer DELETE /v2/orders: 207 with one answer for each open order."""
        answers = []
        for order in self._exchange.open_orders:
            if not order.is_open:
                # It went with another one of its group.
                continue
            self._exchange.cancel(order)
            answers.append({"id": order.identifier, "status": 200, "body": order_view(order)})
        return json_answer(answers, status=207)

    async def replace(self, request: web.Request) -> web.Response:
        """Answer PATCH /v2/orders/{id}: a new order in the place of the old one."""
        order = self._exchange.order(request.match_info["order_id"])
        changes = await _body(request)
        unknown = set(changes) - _REPLACEABLE
        if unknown:
            raise bad_field(f"{', '.join(sorted(unknown))} cannot be replaced")
        replacement = read_order_request(_replaced_fields(order, changes))
        return json_answer(order_view(self._exchange.replace(order, replacement)))

    def _nested(self, order: Order) -> dict[str, Any]:
        return nested_view(order, self._exchange.state.orders)

    def _chosen(self, request: web.Request, query: Query) -> list[Order]:
        status = request.query.get("status", "open").lower()
        if status not in ("open", "closed", "all"):
            raise bad_field(f"invalid status {status!r}; it may be open, closed or all")
        after, until = query.moment("after"), query.moment("until")
        symbols, side = query.words("symbols"), request.query.get("side", "").lower()
        newer, older = (
            self._sequence_of(request, "after_order_id"),
            self._sequence_of(request, "before_order_id"),
        )
        return [
            order
            for order in self._exchange.state.orders.values()
            if (status == "all" or order.is_open == (status == "open"))
            and (not symbols or order.symbol in symbols)
            and side in ("", order.side.value)
            and order.created_at > (after or datetime.min.replace(tzinfo=UTC))
            and order.created_at < (until or datetime.max.replace(tzinfo=UTC))
            and (newer is None or order.sequence > newer)
            and (older is None or order.sequence < older)
        ]

    def _sequence_of(self, request: web.Request, name: str) -> int | None:
        order_id = request.query.get(name, "")
        return self._exchange.order(order_id).sequence if order_id else None


async def _body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a request; its numbers are read as exact Decimals."""
    try:
        text = await request.text()
        body = json.loads(text, parse_float=Decimal, parse_constant=Decimal)
    except (ValueError, LookupError, RecursionError):
        raise bad_field("request body format is invalid; send a JSON object") from None
    if not isinstance(body, dict):
        raise bad_field("request body format is invalid; send a JSON object")
    return body


def _replaced_fields(order: Order, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the request that the replacement amounts to.

    Without a qty it trades what the old order had left.
    """
    if order.quantity is None:
        raise not_found("notional orders cannot be replaced; cancel and submit again")
    rest = order.quantity - order.filled_quantity
    trailing = order.order_type is OrderType.TRAILING_STOP
    fields: dict[str, Any] = {
        "symbol": order.symbol,
        "side": order.side.value,
        "type": order.order_type.value,
        "time_in_force": order.time_in_force.value,
        "qty": rest,
        "limit_price": order.limit_price,
        "stop_price": None if trailing else order.stop_price,
        "trail_price": order.trail_price,
        "trail_percent": order.trail_percent,
        "extended_hours": order.extended_hours and order.time_in_force is TimeInForce.DAY,
    }
    given = {name: value for name, value in changes.items() if value is not None}
    trail = given.pop("trail", None)
    if trail is not None:
        if not trailing:
            raise bad_field(f"{order.order_type} orders do not take a trail")
        given["trail_price" if order.trail_price is not None else "trail_percent"] = trail
    return {**fields, **given}
