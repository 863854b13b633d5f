"""The two WebSocket streams: market data and trade updates.

Messages are queued at once and sent in order.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgpack  # type: ignore[import-untyped]  # it ships no type information
from aiohttp import WSCloseCode, web

from local.exchange.faults import FaultAction, FaultScript
from local.exchange.order_views import trade_update
from local.exchange.stream_messages import (
    CHANNELS,
    bar_message,
    quote_message,
    trade_message,
)

if TYPE_CHECKING:
    from local.exchange.market_view import MarketView
    from local.exchange.order_events import OrderEvent
    from local.market_data.values import Session, Tick

ORDERS_PATH = "/stream"
DATA_PATH = "/v2/iex"


@dataclass(eq=False, slots=True)
class Connection:
    """One client. queue holds what is still to be sent; None ends it."""

    socket: web.WebSocketResponse
    path: str
    packed: bool
    queue: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)
    channels: dict[str, set[str]] = field(
        default_factory=lambda: {name: set() for name in CHANNELS}
    )
    listening: bool = False
    mute: bool = False

    def wants(self, channel: str, symbol: str) -> bool:
        """Say whether the client has subscribed to a symbol, or to all of them by *."""
        symbols = self.channels[channel]
        return symbol in symbols or "*" in symbols

    def encode(self, message: Any) -> bytes:
        """Return the frame.

        MessagePack with real timestamps where the client asked for it, else JSON.
        """
        if self.packed:
            return bytes(msgpack.packb(message, datetime=True))
        return json.dumps(message, default=_json_time).encode()


class StreamHub:
    """All connected clients."""

    def __init__(self, faults: FaultScript, data_connections: int) -> None:
        self._faults = faults
        self._most_data_connections = data_connections
        self._connections: set[Connection] = set()

    def join(self, connection: Connection) -> bool:
        """Add an authenticated client.

        False when the market data stream has all its clients already.
        """
        same = [one for one in self._connections if one.path == connection.path]
        if connection.path == DATA_PATH and len(same) >= self._most_data_connections:
            return False
        self._connections.add(connection)
        return True

    def leave(self, connection: Connection) -> None:
        """Remove a client."""
        self._connections.discard(connection)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many clients each stream has."""
        paths = [connection.path for connection in self._connections]
        return {path: paths.count(path) for path in (DATA_PATH, ORDERS_PATH)}

    def publish_order(self, event: OrderEvent) -> None:
        """Send an order's event to every client that listens to trade updates."""
        listeners = [one for one in self._connections if one.listening]
        if listeners:
            message = trade_update(event)
            for connection in listeners:
                connection.queue.put_nowait(message)

    def publish_tick(self, tick: Tick) -> None:
        """Send a print, and the quote derived from it, to the clients subscribed to them."""
        for connection in self._connections:
            messages = []
            if connection.path == DATA_PATH and connection.wants("trades", tick.symbol):
                messages.append(trade_message(tick))
            if connection.path == DATA_PATH and connection.wants("quotes", tick.symbol):
                messages.append(quote_message(tick))
            if messages:
                connection.queue.put_nowait(messages)

    def publish_close(self, session: Session, view: MarketView) -> None:
        """Send the session's bars: one-minute bars to `bars`, the daily bar to `dailyBars`."""
        for connection in self._connections:
            for channel, kind, unit in (("bars", "b", "Min"), ("dailyBars", "d", "Day")):
                symbols = [one for one in view.symbols if connection.wants(channel, one)]
                messages = [
                    bar_message(kind, symbol, bar)
                    for symbol in symbols
                    for bar in view.session_bars(symbol, unit, session)
                ]
                if messages:
                    connection.queue.put_nowait(sorted(messages, key=lambda one: one["t"]))

    async def send_all(self, connection: Connection) -> None:
        """Send what is queued until None comes, or a fault script cuts the line."""
        held_back: list[Any] = []
        while (message := await connection.queue.get()) is not None:
            rule = self._faults.choose("SEND", connection.path)
            action = None if rule is None else rule.action
            if action is FaultAction.STREAM_MUTE:
                connection.mute = True
            if action is FaultAction.STREAM_DROP:
                await connection.socket.close(code=WSCloseCode.INTERNAL_ERROR)
                return
            if connection.mute:
                continue
            if action is FaultAction.STREAM_REORDER and not connection.queue.empty():
                held_back.append(message)
                continue
            # What was held back comes after what followed it, the newest of it first.
            for each in (message, *reversed(held_back)):
                for _ in range(2 if action is FaultAction.STREAM_REPEAT else 1):
                    await self._send(connection, each)
            held_back.clear()

    @staticmethod
    async def _send(connection: Connection, message: Any) -> None:
        frame = connection.encode(message)
        if connection.packed or connection.path == ORDERS_PATH:
            await connection.socket.send_bytes(frame)
        else:
            await connection.socket.send_str(frame.decode())


def _json_time(value: Any) -> str:
    return str(value.isoformat().replace("+00:00", "Z"))
