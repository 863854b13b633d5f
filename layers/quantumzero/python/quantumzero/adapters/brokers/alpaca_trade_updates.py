"""Alpaca's trade-updates stream: news about orders as it happens.

The vendor's own client drops an update whose status it does not know and says nothing of a refused sign-in; this one
tolerates the first and raises the second. Nothing is replayed after a reconnection: the sweep closes that gap.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from quantumzero.adapters.brokers.alpaca_groups import read_order
from quantumzero.domain.errors import CorruptDataError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.orders import BrokerOrder
    from quantumzero.ports.backoff import Backoff

_OPEN_SECONDS = 5.0
_IDLE_SECONDS = 1.0
_BROKEN = (OSError, WebSocketException, TimeoutError)


class AlpacaTradeUpdates:
    """Implements TradeUpdates; url is the whole address of the stream."""

    def __init__(self, url: str, *, key_id: str, secret_key: str, backoff: Backoff) -> None:
        self._url = url
        self._keys = {"key_id": key_id, "secret_key": secret_key}
        self._backoff = backoff

    def updates(self, *, seconds: float) -> Iterator[BrokerOrder | None]:
        """Yield snapshots for that long; None after each idle second and each reconnection.

        Raises UnavailableError when the vendor refuses the keys.
        """
        deadline = time.monotonic() + seconds
        failures = 0
        while time.monotonic() < deadline:
            try:
                with connect(
                    self._url, open_timeout=_OPEN_SECONDS, close_timeout=_IDLE_SECONDS
                ) as stream:
                    self._sign_in(stream)
                    failures = 0
                    yield from self._read(stream, deadline)
            except _BROKEN:
                failures += 1
                yield None
                self._backoff.wait(failures)

    def _sign_in(self, stream: ClientConnection) -> None:
        stream.send(json.dumps({"action": "authenticate", "data": self._keys}))
        answer = _message(stream.recv(timeout=_OPEN_SECONDS))
        if _data(answer).get("status") != "authorized":
            raise UnavailableError(
                "the broker refused the keys for trade updates; check the broker's secret"
            )
        stream.send(json.dumps({"action": "listen", "data": {"streams": ["trade_updates"]}}))

    def _read(self, stream: ClientConnection, deadline: float) -> Iterator[BrokerOrder | None]:
        while (left := deadline - time.monotonic()) > 0:
            try:
                frame = stream.recv(timeout=min(left, _IDLE_SECONDS))
            except TimeoutError:
                yield None
                continue
            snapshot = _snapshot(_message(frame))
            if snapshot is not None:
                yield snapshot


def _message(frame: str | bytes) -> Any:
    try:
        return json.loads(frame)
    except ValueError:
        return None


def _data(message: Any) -> dict[str, Any]:
    data = message.get("data") if isinstance(message, dict) else None
    return data if isinstance(data, dict) else {}


def _snapshot(message: Any) -> BrokerOrder | None:
    """Return the order in an update; what is no update, or not readable, is left to the sweep.

    So is what tells of one half of an exit by target or stop: the sweep reads the two halves as one.
    """
    if not isinstance(message, dict) or message.get("stream") != "trade_updates":
        return None
    try:
        return read_order(_data(message).get("order"))
    except CorruptDataError:
        return None
