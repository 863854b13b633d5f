"""The admin port: the clock, the sessions, the truth about the books, fault scripts, snapshots.

Every amount is exact text. Errors are {"message": ...} with 400, 404 or 409.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.exchange.formats import moment, number
from local.exchange.order_views import fill_view, order_view
from local.exchange.trading_api import json_answer
from quantumzero.domain.errors import (
    CorruptDataError,
    InvalidInputError,
    NotFoundError,
    QuantumZeroError,
    RefusedError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from local.exchange.simulator import Simulator
    from local.market_data.values import Session

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STATUSES: tuple[tuple[type[QuantumZeroError], int], ...] = (
    (NotFoundError, 404),
    (RefusedError, 409),
    (CorruptDataError, 409),
    (InvalidInputError, 400),
)


class AdminApi:
    """Handlers of the admin port."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._exchange = simulator.exchange

    def application(self) -> web.Application:
        """Return the application of the admin port."""
        application = web.Application(middlewares=[_answer_errors])
        application.add_routes(
            [
                web.get("/clock", self.clock),
                web.get("/sessions", self.sessions),
                web.post("/session/open", self.open_session),
                web.post("/session/run", self.run_session),
                web.post("/session/advance", self.advance),
                web.get("/books", self.books),
                web.get("/duplicates", self.duplicates),
                web.get("/faults", self.faults),
                web.post("/faults", self.add_faults),
                web.delete("/faults", self.clear_faults),
                web.get("/snapshots", self.snapshots),
                web.post("/snapshot", self.snapshot),
                web.post("/rewind", self.rewind),
                web.get("/streams", self.streams),
            ]
        )
        return application

    async def clock(self, _: web.Request) -> web.Response:
        """Answer GET /clock."""
        return json_answer(self._clock())

    async def sessions(self, _: web.Request) -> web.Response:
        """Answer GET /sessions: all sessions of the replay, and how many are left."""
        replay = self._simulator.replay
        return json_answer(
            {
                "sessions": [_session_view(session) for session in replay.sessions],
                "opened": len(replay.sessions) - replay.left,
                "left": replay.left,
                "symbols": list(self._exchange.symbols),
                "gaps": [[symbol, day.isoformat()] for symbol, day in replay.data.gaps()],
                "rows_outside_sessions": replay.data.outside_sessions,
            }
        )

    async def open_session(self, _: web.Request) -> web.Response:
        """Answer POST /session/open: the clock stands at the next session's open.

        Nothing has traded.
        """
        await self._simulator.open_session()
        return json_answer(self._clock())

    async def run_session(self, _: web.Request) -> web.Response:
        """Answer POST /session/run: the open session is replayed up to its close."""
        fills = len(self._exchange.state.fills)
        await self._simulator.run_session()
        clock = self._exchange.state.clock
        session = self._simulator.replay.sessions[clock.opened - 1]
        printed = {tick.symbol for tick in self._simulator.data.ticks(session.date)}
        return json_answer(
            {
                **self._clock(),
                "ticks": clock.replayed,
                "fills": len(self._exchange.state.fills) - fills,
                "symbols": sorted(printed),
            }
        )

    async def advance(self, request: web.Request) -> web.Response:
        """Answer POST /session/advance: open and run."""
        await self._simulator.open_session()
        return await self.run_session(request)

    async def books(self, request: web.Request) -> web.Response:
        """Answer GET /books: the truth.

        With ?detail=summary without the lists of orders and fills.
        """
        state = self._exchange.state
        books = state.books
        view: dict[str, Any] = {
            "now": moment(state.clock.now),
            "cash": number(books.cash),
            "start_cash": number(books.start_cash),
            "commissions": number(books.commissions),
            "equity": number(books.equity),
            "positions": {
                symbol: {
                    "quantity": number(holding.quantity),
                    "cost": number(holding.cost),
                    "last_price": number(books.last_prices[symbol]),
                    "market_value": number(books.market_value(symbol)),
                }
                for symbol, holding in sorted(books.holdings.items())
            },
            "last_prices": {one: number(price) for one, price in sorted(books.last_prices.items())},
            "order_count": len(state.orders),
            "open_order_count": len(self._exchange.open_orders),
            "fill_count": len(state.fills),
            "splits": [
                {
                    "symbol": split.symbol,
                    "ex_date": split.ex_date.isoformat(),
                    "new": split.new,
                    "old": split.old,
                    "quantity_before": number(split.quantity_before),
                    "quantity_after": number(split.quantity_after),
                }
                for split in state.splits
            ],
        }
        if request.query.get("detail") != "summary":
            view["orders"] = [
                {**order_view(order), "session": order.session_date.isoformat()}
                for order in state.orders.values()
            ]
            view["fills"] = [fill_view(fill) for fill in state.fills]
        return json_answer(view)

    async def duplicates(self, _: web.Request) -> web.Response:
        """Answer GET /duplicates.

        Orders of one symbol and side that were accepted for the same session; a leg counts with
        the order that it hangs on.
        """
        groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for order in self._exchange.state.orders.values():
            if order.replaces is None and order.parent is None:
                key = (order.session_date.isoformat(), order.symbol, order.side.value)
                groups[key].append(order.client_order_id)
        return json_answer(
            [
                {"session": key[0], "symbol": key[1], "side": key[2], "client_order_ids": ids}
                for key, ids in groups.items()
                if len(ids) > 1
            ]
        )

    async def faults(self, _: web.Request) -> web.Response:
        """Answer GET /faults: the rules in force and their counts."""
        return json_answer(self._simulator.faults.view())

    async def add_faults(self, request: web.Request) -> web.Response:
        """Answer POST /faults: add one rule or a list."""
        self._simulator.faults.add(await _json(request))
        return json_answer(self._simulator.faults.view())

    async def clear_faults(self, _: web.Request) -> web.Response:
        """Answer DELETE /faults."""
        self._simulator.faults.clear()
        return json_answer([])

    async def snapshots(self, _: web.Request) -> web.Response:
        """Answer GET /snapshots: the names, oldest first."""
        store = self._simulator.snapshots
        return json_answer({"snapshots": store.names(), "newest": store.newest})

    async def snapshot(self, request: web.Request) -> web.Response:
        """Answer POST /snapshot {"name": ...}: on disk when this answers."""
        self._simulator.snapshot(_name(await _json(request)))
        return await self.snapshots(request)

    async def rewind(self, request: web.Request) -> web.Response:
        """Answer POST /rewind {"name": ...}."""
        self._simulator.rewind(_name(await _json(request)))
        return json_answer(self._clock())

    async def streams(self, _: web.Request) -> web.Response:
        """Answer GET /streams: how many clients each stream has."""
        return json_answer(self._simulator.hub.counts)

    def _clock(self) -> dict[str, Any]:
        clock, replay = self._exchange.state.clock, self._simulator.replay
        following = replay.sessions[clock.opened] if replay.left else None
        return {
            "now": moment(clock.now),
            "state": "open" if clock.is_open else "closed",
            "session": _session_view(replay.current) if replay.current else None,
            "next_session": _session_view(following) if following else None,
            "sessions_opened": clock.opened,
            "sessions_left": replay.left,
        }


def _session_view(session: Session) -> dict[str, str]:
    return {
        "date": session.date.isoformat(),
        "opens_at": moment(session.opens_at),
        "closes_at": moment(session.closes_at),
    }


async def _json(request: web.Request) -> Any:
    try:
        return json.loads(await request.text())
    except ValueError as error:
        raise InvalidInputError(f"the body is not JSON ({error}); send JSON") from error


def _name(document: Any) -> str:
    name = document.get("name") if isinstance(document, dict) else None
    if not isinstance(name, str):
        raise InvalidInputError('the body must be {"name": "..."}')
    return name


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except QuantumZeroError as error:
        status = next((code for kind, code in _STATUSES if isinstance(error, kind)), 500)
        return json_answer({"message": str(error)}, status=status)
