"""The vendor's market data over HTTP.

Bars, trades, quotes, their latest, snapshots, corporate actions.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.exchange.formats import NEW_YORK, moment
from local.exchange.market_view import Timeframe
from local.exchange.order_events import identifier
from local.exchange.query import Query
from local.exchange.refusals import Refusal
from local.exchange.stream_messages import bar_fields, quote_fields, trade_fields
from local.exchange.trading_api import json_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.exchange.simulator import Simulator

    Reader = Callable[[str, datetime, datetime], Iterator[dict[str, Any]]]

_TIMEFRAME = re.compile(r"(\d{1,2})(Min|T|Hour|H|Day|D|Week|W|Month|M)")
_UNITS = {"T": "Min", "H": "Hour", "D": "Day", "W": "Week", "M": "Month"}
_MOST = {"Min": 59, "Hour": 23, "Day": 1, "Week": 1, "Month": 12}
_DEFAULT_PAGE, _MOST_PAGE = 1_000, 10_000
_KINDS = ("bars", "trades", "quotes")


class MarketDataApi:
    """Handlers of /v2/stocks and /v1/corporate-actions."""

    def __init__(self, simulator: Simulator) -> None:
        self._data = simulator.data
        self._view = simulator.view

    def routes(self) -> list[web.RouteDef]:
        """Return the routes; fixed paths stand before those with a symbol."""
        routes = [
            web.get("/v2/stocks/snapshots", self.snapshots),
            web.get("/v1/corporate-actions", self.corporate_actions),
        ]
        for kind in _KINDS:
            routes += [
                web.get(f"/v2/stocks/{kind}", self._range_handler(kind)),
                web.get(f"/v2/stocks/{kind}/latest", self._latest_handler(kind)),
                web.get(f"/v2/stocks/{{symbol}}/{kind}", self._range_handler(kind)),
                web.get(f"/v2/stocks/{{symbol}}/{kind}/latest", self._latest_handler(kind)),
            ]
        return [*routes, web.get("/v2/stocks/{symbol}/snapshot", self.snapshots)]

    async def snapshots(self, request: web.Request) -> web.Response:
        """Answer GET /v2/stocks/snapshots, and the same of one symbol."""
        views = {symbol: self._snapshot(symbol) for symbol in self._symbols(request)}
        if "symbol" in request.match_info:
            symbol, view = next(iter(views.items()))
            return json_answer({"symbol": symbol, **view})
        return json_answer({symbol: view for symbol, view in views.items() if view})

    async def corporate_actions(self, request: web.Request) -> web.Response:
        """Answer GET /v1/corporate-actions: the splits whose ex-date market time has reached."""
        query = Query(request)
        symbols, kinds = query.words("symbols"), query.words("types")
        today = self._view.today
        first, last = query.day("start") or today, query.day("end") or today
        found: dict[str, list[dict[str, Any]]] = {}
        for split in self._data.splits:
            name = "forward_split" if split.new > split.old else "reverse_split"
            if (kinds and name.upper() not in kinds) or (symbols and split.symbol not in symbols):
                continue
            if not first <= split.ex_date <= min(last, today):
                continue
            day = split.ex_date.isoformat()
            numbers = (
                {"cusip": "000000000"}
                if name == "forward_split"
                else {"old_cusip": "000000000", "new_cusip": "000000000"}
            )
            found.setdefault(f"{name}s", []).append(
                {
                    "id": identifier("split", split.symbol, split.ex_date),
                    "symbol": split.symbol,
                    **numbers,
                    "new_rate": split.new,
                    "old_rate": split.old,
                    "process_date": day,
                    "ex_date": day,
                    "record_date": day,
                    "payable_date": day,
                }
            )
        return json_answer({"corporate_actions": found, "next_page_token": None})

    def _range_handler(self, kind: str) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            pages, token = self._page(request, self._reader(kind, request))
            if "symbol" in request.match_info:
                symbol = self._symbols(request)[0]
                content: dict[str, Any] = {"symbol": symbol, kind: pages.get(symbol, [])}
            else:
                content = {kind: pages}
            return json_answer({**content, "next_page_token": token})

        return handle

    def _latest_handler(self, kind: str) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            views = {symbol: self._latest(kind, symbol) for symbol in self._symbols(request)}
            if "symbol" in request.match_info:
                symbol, view = next(iter(views.items()))
                if view is None:
                    raise Refusal(404, None, f"no {kind} found for {symbol}")
                return json_answer({"symbol": symbol, kind[:-1]: view})
            return json_answer({kind: {symbol: view for symbol, view in views.items() if view}})

        return handle

    def _latest(self, kind: str, symbol: str) -> dict[str, Any] | None:
        tick = self._view.latest(symbol)
        if tick is None:
            return None
        if kind == "trades":
            return _wire(trade_fields(tick))
        if kind == "quotes":
            return _wire(quote_fields(tick))
        bars = self._bars(symbol, Timeframe(1, "Min"), tick.at)
        return bars[-1] if bars else None

    def _snapshot(self, symbol: str) -> dict[str, Any]:
        tick = self._view.latest(symbol)
        if tick is None:
            return {}
        days = self._bars(symbol, Timeframe(1, "Day"), tick.at)
        minutes = self._bars(symbol, Timeframe(1, "Min"), tick.at)
        view = {
            "latestTrade": _wire(trade_fields(tick)),
            "latestQuote": _wire(quote_fields(tick)),
            "dailyBar": days[-1],
        }
        if minutes:
            view["minuteBar"] = minutes[-1]
        if len(days) > 1:
            view["prevDailyBar"] = days[-2]
        return view

    def _bars(self, symbol: str, timeframe: Timeframe, end: datetime) -> list[dict[str, Any]]:
        """Return the bars of the fortnight before a time."""
        start = datetime.combine(end.date(), time.min, UTC).timestamp() - 14 * 86_400
        bars = self._view.bars(
            symbol, timeframe, datetime.fromtimestamp(start, UTC), end, adjusted=False
        )
        return [_wire(bar_fields(bar)) for bar in bars]

    def _symbols(self, request: web.Request) -> list[str]:
        if "symbol" in request.match_info:
            return [request.match_info["symbol"].upper()]
        symbols = Query(request).words("symbols")
        if not symbols:
            raise Refusal(400, None, "symbols is required")
        return sorted(set(symbols))

    def _reader(self, kind: str, request: web.Request) -> Reader:
        if kind == "bars":
            timeframe = _timeframe(request.query.get("timeframe", "1Min"))
            adjusted = bool({"SPLIT", "ALL"} & set(Query(request).words("adjustment")))
            return lambda symbol, start, end: (
                _wire(bar_fields(bar))
                for bar in self._view.bars(symbol, timeframe, start, end, adjusted=adjusted)
            )
        fields = trade_fields if kind == "trades" else quote_fields
        return lambda symbol, start, end: (
            _wire(fields(tick)) for tick in self._view.ticks(symbol, start, end)
        )

    def _page(
        self, request: web.Request, read: Reader
    ) -> tuple[dict[str, list[dict[str, Any]]], str | None]:
        """Return the views of a page by symbol, and the token of the next one.

        Limit counts all symbols together.
        """
        query = Query(request)
        midnight = datetime.combine(self._view.today, time.min, NEW_YORK).astimezone(UTC)
        start = query.moment("start") or midnight
        end = query.moment("end", end_of_day=True) or self._view.now
        limit = query.count("limit", _DEFAULT_PAGE, _MOST_PAGE)
        first, skip = _read_token(request.query.get("page_token", ""))
        pages: dict[str, list[dict[str, Any]]] = {}
        if request.query.get("sort", "asc") not in ("asc", "desc"):
            raise Refusal(400, None, "invalid sort; it may be asc or desc")
        for symbol in (symbol for symbol in self._symbols(request) if symbol >= first):
            views = read(symbol, start, end)
            if request.query.get("sort") == "desc":
                views = reversed(list(views))
            done = skip if symbol == first else 0
            room = limit - sum(len(page) for page in pages.values())
            page = list(islice(views, done, done + room + 1))
            if page[:room]:
                pages[symbol] = page[:room]
            if len(page) > room:
                return pages, _token(symbol, done + room)
        return pages, None


def _wire(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "t": moment(fields["t"])}


def _timeframe(text: str) -> Timeframe:
    match = _TIMEFRAME.fullmatch(text)
    unit = _UNITS.get(match[2], match[2]) if match else ""
    if match is None or not 1 <= int(match[1]) <= _MOST[unit]:
        raise Refusal(
            400, None, f"invalid timeframe: {text!r}; e.g. 1Min, 15Min, 1Hour, 1Day, 1Week"
        )
    return Timeframe(int(match[1]), unit)


def _token(symbol: str, done: int) -> str:
    return base64.urlsafe_b64encode(f"{symbol}|{done}".encode()).decode()


def _read_token(token: str) -> tuple[str, int]:
    if not token:
        return "", 0
    try:
        symbol, done = base64.urlsafe_b64decode(token.encode()).decode().split("|")
        if not re.fullmatch(r"[0-9]{1,9}", done):
            raise ValueError(done)
        return symbol, int(done)
    except ValueError:
        raise Refusal(400, None, "invalid page_token; send the one of the page before") from None
