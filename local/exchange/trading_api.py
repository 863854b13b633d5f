"""The vendor's trading API over HTTP.

Account, clock, calendar, instruments, positions, activities.
"""

from __future__ import annotations

import json
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.exchange.account_views import account_view, asset_view, position_view
from local.exchange.formats import NEW_YORK
from local.exchange.order_views import asset_id, fill_activity, order_view, split_activity
from local.exchange.orders import SHARE_UNIT, OrderRequest
from local.exchange.query import Query
from local.exchange.refusals import Refusal, bad_field, not_found
from quantumzero.domain.orders import OrderType, Side, TimeInForce

if TYPE_CHECKING:
    from local.exchange.orders import Order
    from local.exchange.simulator import Simulator
    from local.market_data.values import Session


def json_answer(content: Any, status: int = 200) -> web.Response:
    """Return a JSON answer."""
    return web.json_response(content, status=status, dumps=_compact)


def _compact(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))


class TradingApi:
    """Handlers of everything but orders."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._exchange = simulator.exchange

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/v2/account", self.account),
            web.get("/v2/account/activities", self.activities),
            web.get("/v2/account/activities/{kind}", self.activities),
            web.get("/v2/clock", self.clock),
            web.get("/v2/calendar", self.calendar),
            web.get("/v2/assets", self.assets),
            web.get("/v2/assets/{symbol}", self.asset),
            web.get("/v2/positions", self.positions),
            web.delete("/v2/positions", self.close_positions),
            web.get("/v2/positions/{symbol}", self.position),
            web.delete("/v2/positions/{symbol}", self.close_position),
        ]

    async def account(self, _: web.Request) -> web.Response:
        """Answer GET /v2/account."""
        return json_answer(account_view(self._exchange, self._simulator.created_at))

    async def clock(self, _: web.Request) -> web.Response:
        """Answer GET /v2/clock: market time, in New York's offset."""
        clock, calendar = self._exchange.state.clock, self._simulator.data.calendar
        return json_answer(
            {
                "timestamp": clock.now.astimezone(NEW_YORK).isoformat(),
                "is_open": clock.is_open,
                "next_open": calendar.next_open(clock.now)
                .opens_at.astimezone(NEW_YORK)
                .isoformat(),
                "next_close": calendar.next_close(clock.now)
                .closes_at.astimezone(NEW_YORK)
                .isoformat(),
            }
        )

    async def calendar(self, request: web.Request) -> web.Response:
        """Answer GET /v2/calendar for the dates start to end."""
        query = Query(request)
        sessions = self._simulator.data.calendar.sessions
        first = query.day("start") or sessions[0].date
        last = query.day("end") or sessions[-1].date
        chosen = [session for session in sessions if first <= session.date <= last]
        return json_answer([self._calendar_day(session) for session in chosen])

    async def assets(self, request: web.Request) -> web.Response:
        """Answer GET /v2/assets; filters: status."""
        views = [asset_view(self._exchange, symbol) for symbol in self._exchange.symbols]
        status = request.query.get("status")
        return json_answer([view for view in views if status in (None, "", "all", view["status"])])

    async def asset(self, request: web.Request) -> web.Response:
        """Answer GET /v2/assets/{symbol or id}."""
        return json_answer(asset_view(self._exchange, self._known_symbol(request, "asset")))

    async def positions(self, _: web.Request) -> web.Response:
        """Answer GET /v2/positions."""
        symbols = sorted(self._exchange.state.books.holdings)
        return json_answer([position_view(self._exchange, symbol) for symbol in symbols])

    async def position(self, request: web.Request) -> web.Response:
        """Answer GET /v2/positions/{symbol or id}; 404 when there is none."""
        return json_answer(position_view(self._exchange, self._held_symbol(request)))

    async def close_position(self, request: web.Request) -> web.Response:
        """Answer DELETE /v2/positions/{symbol or id}.

        A market order for all, `qty` or `percentage` of it.
        """
        query, symbol = Query(request), self._held_symbol(request)
        held = abs(self._exchange.state.books.quantity(symbol))
        quantity, percentage = query.number("qty"), query.number("percentage")
        if quantity is not None and percentage is not None:
            raise bad_field("only one of qty and percentage may be given")
        if percentage is not None:
            quantity = (held * percentage / 100).quantize(SHARE_UNIT, ROUND_DOWN)
        if quantity is not None and not quantity:
            raise bad_field(f"percentage is too small: it was {percentage}")
        return json_answer(order_view(self._close(symbol, quantity or held)))

    async def close_positions(self, request: web.Request) -> web.Response:
        """Answer DELETE /v2/positions: 207 with one answer for each position."""
        if request.query.get("cancel_orders", "").lower() == "true":
            for order in self._exchange.open_orders:
                self._exchange.cancel(order)
        answers = []
        for symbol in sorted(self._exchange.state.books.holdings):
            held = abs(self._exchange.state.books.quantity(symbol))
            try:
                body, status = order_view(self._close(symbol, held)), 200
            except Refusal as refusal:
                body, status = refusal.body, refusal.status
            answers.append({"symbol": symbol, "status": status, "body": body})
        return json_answer(answers, status=207)

    async def activities(self, request: web.Request) -> web.Response:
        """Answer GET /v2/account/activities[/{kind}].

        Fills and splits, newest first unless direction is asc.
        """
        query = Query(request)
        kinds = query.words("activity_types")
        if "kind" in request.match_info:
            kinds = [request.match_info["kind"].upper()]
        state = self._exchange.state
        entries = [(fill.at, fill_activity(fill)) for fill in state.fills]
        entries += [
            (split.at, split_activity(split)) for split in state.splits if split.quantity_before
        ]
        after, until, day = query.moment("after"), query.moment("until"), query.day("date")
        chosen = [
            view
            for at, view in sorted(entries, key=lambda entry: entry[0])
            if (not kinds or view["activity_type"] in kinds)
            and (after is None or at > after)
            and (until is None or at < until)
            and (day is None or at.astimezone(NEW_YORK).date() == day)
        ]
        if request.query.get("direction", "desc") == "desc":
            chosen.reverse()
        return json_answer(query.page(chosen, 100, "page_size", "page_token"))

    def _calendar_day(self, session: Session) -> dict[str, str]:
        settles = self._simulator.data.calendar.settlement(session).date
        return {
            "date": session.date.isoformat(),
            "open": f"{session.opens_at.astimezone(NEW_YORK):%H:%M}",
            "close": f"{session.closes_at.astimezone(NEW_YORK):%H:%M}",
            "session_open": "0400",
            "session_close": "2000",
            "settlement_date": settles.isoformat(),
        }

    def _known_symbol(self, request: web.Request, what: str) -> str:
        given = request.match_info["symbol"]
        for symbol in self._exchange.symbols:
            if given in (symbol, asset_id(symbol)):
                return symbol
        raise not_found(f"{what} not found for {given}")

    def _held_symbol(self, request: web.Request) -> str:
        symbol = self._known_symbol(request, "symbol")
        if symbol not in self._exchange.state.books.holdings:
            raise not_found("position does not exist")
        return symbol

    def _close(self, symbol: str, quantity: Decimal) -> Order:
        held = self._exchange.state.books.quantity(symbol)
        return self._exchange.submit(
            OrderRequest(
                symbol=symbol,
                side=Side.SELL if held > 0 else Side.BUY,
                order_type=OrderType.MARKET,
                time_in_force=TimeInForce.DAY,
                quantity=quantity,
            )
        )
