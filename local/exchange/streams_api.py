"""The WebSocket ends of the two streams: greetings, sign-in, subscriptions."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import msgpack  # type: ignore[import-untyped]  # it ships no type information
from aiohttp import WSCloseCode, WSMsgType, web

from local.exchange.faults import FaultAction
from local.exchange.stream_hub import DATA_PATH, ORDERS_PATH, Connection
from local.exchange.stream_messages import CHANNELS

if TYPE_CHECKING:
    from aiohttp import WSMessage

    from local.exchange.simulator import Simulator

_SIGN_IN_SECONDS = 10.0


class StreamsApi:
    """Handlers of the market data stream and of the trade updates."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._hub = simulator.hub

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get(DATA_PATH, self.market_data), web.get(ORDERS_PATH, self.trade_updates)]

    async def market_data(self, request: web.Request) -> web.WebSocketResponse:
        """Serve prints, quotes and bars.

        MessagePack when the request's Content-Type says so, else JSON.
        """
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        packed = "msgpack" in request.headers.get("Content-Type", "")
        connection = Connection(socket, DATA_PATH, packed)
        await self._send(connection, [{"T": "success", "msg": "connected"}])
        if not await self._sign_in_to_data(connection):
            await socket.close()
            return socket
        await self._serve(connection, self._on_data_message)
        return socket

    async def trade_updates(self, request: web.Request) -> web.WebSocketResponse:
        """Serve what happens to orders, as JSON in binary frames."""
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection(socket, ORDERS_PATH, packed=False)
        message = await self._receive(connection)
        keys = _fields(message, "data") or message or {}
        known = self._knows(
            keys.get("key_id", keys.get("key")), keys.get("secret_key", keys.get("secret"))
        )
        refused = self._simulator.faults.choose("SIGN_IN", ORDERS_PATH)
        allowed = known and (refused is None or refused.action is not FaultAction.STREAM_REFUSE)
        status = "authorized" if allowed else "unauthorized"
        data = {"status": status, "action": "authenticate"}
        await self._send(connection, {"stream": "authorization", "data": data})
        if not allowed:
            await socket.close(code=WSCloseCode.POLICY_VIOLATION)
            return socket
        self._hub.join(connection)
        await self._serve(connection, self._on_orders_message)
        return socket

    async def _sign_in_to_data(self, connection: Connection) -> bool:
        message = await self._receive(connection)
        if message is None:
            await self._send(connection, [_error(404, "auth timeout")])
            return False
        if message.get("action") != "auth":
            await self._send(connection, [_error(401, "not authenticated")])
            return False
        if not self._knows(message.get("key"), message.get("secret")):
            await self._send(connection, [_error(402, "auth failed")])
            return False
        refused = self._simulator.faults.choose("SIGN_IN", DATA_PATH)
        blocked = refused is not None and refused.action is FaultAction.STREAM_REFUSE
        if blocked or not self._hub.join(connection):
            await self._send(connection, [_error(406, "connection limit exceeded")])
            return False
        await self._send(connection, [{"T": "success", "msg": "authenticated"}])
        return True

    async def _serve(self, connection: Connection, handle: Any) -> None:
        sender = asyncio.create_task(self._hub.send_all(connection))
        try:
            async for frame in connection.socket:
                if frame.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    connection.queue.put_nowait(handle(connection, _decode(connection, frame)))
        finally:
            self._hub.leave(connection)
            sender.cancel()

    def _on_data_message(self, connection: Connection, message: dict[str, Any] | None) -> Any:
        """Return the answer to a subscription, or the error that the message is."""
        if message is None:
            return [_error(400, "invalid syntax")]
        action = message.get("action")
        if action == "auth":
            return [_error(403, "already authenticated")]
        if action not in ("subscribe", "unsubscribe"):
            return [_error(400, "invalid syntax")]
        for channel in CHANNELS:
            symbols = message.get(channel) or []
            if not isinstance(symbols, list) or not all(isinstance(one, str) for one in symbols):
                return [_error(400, "invalid syntax")]
            chosen = connection.channels[channel]
            if action == "subscribe":
                chosen.update(symbols)
            else:
                chosen.difference_update(symbols)
        lists = {channel: sorted(symbols) for channel, symbols in connection.channels.items()}
        return [{"T": "subscription", **lists}]

    @staticmethod
    def _on_orders_message(connection: Connection, message: dict[str, Any] | None) -> Any:
        """Return the answer to a choice of streams."""
        names = _fields(message, "data").get("streams")
        if message is None or message.get("action") != "listen" or not isinstance(names, list):
            return {"stream": "error", "data": {"action": "error", "error": "invalid message"}}
        streams = [name for name in names if name == "trade_updates"]
        connection.listening = bool(streams)
        return {"stream": "listening", "data": {"streams": streams}}

    def _knows(self, key_id: Any, secret_key: Any) -> bool:
        options = self._simulator.options
        return bool(key_id == options.key_id and secret_key == options.secret_key)

    @staticmethod
    async def _send(connection: Connection, message: Any) -> None:
        frame = connection.encode(message)
        if connection.packed or connection.path == ORDERS_PATH:
            await connection.socket.send_bytes(frame)
        else:
            await connection.socket.send_str(frame.decode())

    @staticmethod
    async def _receive(connection: Connection) -> dict[str, Any] | None:
        """Return the first message, None when it does not come in time or cannot be read."""
        try:
            frame = await connection.socket.receive(timeout=_SIGN_IN_SECONDS)
        except TimeoutError:
            return None
        return _decode(connection, frame)


def _decode(connection: Connection, frame: WSMessage) -> dict[str, Any] | None:
    """Return the object in a frame, None when there is none."""
    try:
        if connection.packed and frame.type is WSMsgType.BINARY:
            message = msgpack.unpackb(frame.data)
        else:
            message = json.loads(frame.data)
    except (ValueError, TypeError, msgpack.UnpackException):
        return None
    return message if isinstance(message, dict) else None


def _fields(message: dict[str, Any] | None, name: str) -> dict[str, Any]:
    """Return the object under a name, an empty one when there is none."""
    fields = (message or {}).get(name)
    return fields if isinstance(fields, dict) else {}


def _error(code: int, text: str) -> dict[str, Any]:
    return {"T": "error", "code": code, "msg": text}
