"""The public port.

Request ids, rate limit, keys, faults and refusals around the vendor's routes.
"""

from __future__ import annotations

import base64
import binascii
import time
import uuid
from typing import TYPE_CHECKING

from aiohttp import web

from local.exchange.market_data_api import MarketDataApi
from local.exchange.orders_api import OrdersApi
from local.exchange.refusals import Refusal
from local.exchange.stream_hub import DATA_PATH, ORDERS_PATH
from local.exchange.streams_api import StreamsApi
from local.exchange.trading_api import TradingApi, json_answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from local.exchange.simulator import Simulator

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STREAMS = (DATA_PATH, ORDERS_PATH)
_SHOWN_LIMIT = 200
_MINUTE = 60


class _RateLimit:
    """Requests a minute of machine time; 0 limits nothing and shows the vendor's usual figure."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._minute = 0
        self._used = 0

    def count(self) -> bool:
        """Count a request; False when it is one too many."""
        minute = int(time.time()) // _MINUTE
        if minute != self._minute:
            self._minute, self._used = minute, 0
        self._used += 1
        return not self._limit or self._used <= self._limit

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that every answer carries; the reset is in epoch seconds."""
        left = max(self._limit - self._used, 0) if self._limit else _SHOWN_LIMIT - 1
        return {
            "X-Ratelimit-Limit": str(self._limit or _SHOWN_LIMIT),
            "X-Ratelimit-Remaining": str(left),
            "X-Ratelimit-Reset": str((self._minute + 1) * _MINUTE),
        }


class PublicApi:
    """The vendor's HTTP and WebSocket routes."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._limit = _RateLimit(simulator.options.rate_limit)

    def application(self) -> web.Application:
        """Return the application of the public port."""
        application = web.Application(
            middlewares=[
                self._label,
                self._injure,
                self._authenticate,
                _refuse,
            ]
        )
        for api in (OrdersApi, TradingApi, MarketDataApi, StreamsApi):
            application.add_routes(api(self._simulator).routes())
        return application

    @web.middleware
    async def _label(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Give every answer a request id and the rate limit's headers."""
        allowed = self._limit.count()
        if allowed:
            response = await handler(request)
        else:
            response = json_answer({"message": "too many requests."}, status=429)
        if not response.prepared:
            # Only a label for people who compare logs: nothing is decided by it.
            response.headers["X-Request-ID"] = uuid.uuid4().hex
            response.headers.update(self._limit.headers)
        return response

    @web.middleware
    async def _injure(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in _STREAMS:
            return await handler(request)
        return await self._simulator.injector.handle(request, handler)

    @web.middleware
    async def _authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the keys; the streams check them in their first message."""
        if request.path not in _STREAMS and not self._has_keys(request):
            return json_answer({"message": "unauthorized."}, status=401)
        return await handler(request)

    def _has_keys(self, request: web.Request) -> bool:
        options = self._simulator.options
        given = request.headers.get("APCA-API-KEY-ID"), request.headers.get("APCA-API-SECRET-KEY")
        basic = request.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            try:
                decoded = base64.b64decode(basic.removeprefix("Basic "), validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return False
            key_id, _, secret_key = decoded.partition(":")
            given = key_id, secret_key
        return given == (options.key_id, options.secret_key)


@web.middleware
async def _refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return json_answer(refusal.body, status=refusal.status)
    except web.HTTPException as error:
        return json_answer({"code": 40410000, "message": error.reason}, status=error.status)
