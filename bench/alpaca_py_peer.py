"""The vendor's own client, alpaca-py, under the same faults, used as its documentation shows.

It repeats a POST on 429 and 504 and waits without a limit. With a client order id the repetition is refused, and the
caller is told that an order failed which exists.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any

from alpaca.trading.client import TradingClient
from alpaca.trading.enums import OrderSide, QueryOrderStatus, TimeInForce
from alpaca.trading.requests import GetOrdersRequest, MarketOrderRequest
from alpaca.trading.stream import TradingStream

from bench.broker_fault_ours import KEYS, SYMBOLS, await_listener

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.broker_fault_cases import Case
    from local.exchange.control import Exchange

SHARES = 666
_PAIR = (KEYS["key_id"], KEYS["secret_key"])


def run_alpaca_py(exchange: Exchange, case: Case, *, with_id: bool) -> dict[str, Any]:
    """Return orders (the most at the broker for one intent), lost (not known to the caller) and how the calls ended."""
    client = TradingClient(*_PAIR, url_override=exchange.url)
    exchange.control.add_faults(*case.rules)
    began = time.monotonic()
    known: set[str] = set()
    ended: set[str] = set()
    for symbol in SYMBOLS[: case.orders]:
        for _ in range(2 if case.twice else 1):
            word = _submit(client, symbol, with_id=with_id, known=known)
            ended.add(word)
    asked = time.monotonic() - began
    _list(client, case, known, ended)
    heard = _trade(exchange, streamed=case.streamed)
    books = exchange.control.books()
    symbols = [order["symbol"] for order in books["orders"]]
    shares = sum(float(fill["quantity"]) for fill in books["fills"])
    return {
        "orders": max((symbols.count(symbol) for symbol in set(symbols)), default=0),
        "lost": sum(order["id"] not in known for order in books["orders"])
        + (heard is not None and heard != shares),
        "seconds": round(asked, 2),
        "ended": ", ".join(sorted(ended)),
        "shares_told": heard,
        "shares": shares,
    }


def _submit(client: Any, symbol: str, *, with_id: bool, known: set[str]) -> str:
    """Submit once and return how the call ended."""
    order = MarketOrderRequest(
        symbol=symbol,
        qty=SHARES if symbol == "AAPL" else 1,
        side=OrderSide.BUY,
        time_in_force=TimeInForce.DAY,
        client_order_id=f"own-{symbol}" if with_id else None,
    )
    try:
        known.add(str(client.submit_order(order).id))
    except Exception as error:
        return type(error).__name__
    return "answered"


def _list(client: Any, case: Case, known: set[str], ended: set[str]) -> None:
    """Look for the orders as a careful caller does who was told of a failure: one listing."""
    if ended == {"answered"} and case.page is None:
        return
    question = GetOrdersRequest(status=QueryOrderStatus.ALL, limit=case.page or 500)
    try:
        known.update(str(order.id) for order in client.get_orders(question))
    except Exception as error:
        ended.add(f"list: {type(error).__name__}")


def _trade(exchange: Exchange, *, streamed: bool) -> float | None:
    """Let the orders fill; return the shares that the stream told of, None when the case is not about it."""
    if not streamed:
        exchange.control.advance()
        return None
    told: list[float] = []

    async def hear(update: Any) -> None:
        if update.event in ("fill", "partial_fill"):
            told.append(float(update.qty))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        stream = TradingStream(*_PAIR, url_override=exchange.trade_updates_url)
    stream.subscribe_trade_updates(hear)
    with _listening(stream):
        await_listener(exchange)
        exchange.control.advance()
        time.sleep(0.5)
    return sum(told)


@contextlib.contextmanager
def _listening(stream: Any) -> Iterator[None]:
    thread = threading.Thread(target=stream.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        # Its own stop() waits up to five seconds for the next message.
        asyncio.run_coroutine_threadsafe(stream.stop_ws(), stream._loop).result()
        asyncio.run_coroutine_threadsafe(stream.close(), stream._loop).result()
        thread.join(timeout=10)
