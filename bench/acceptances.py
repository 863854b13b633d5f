"""When the broker accepted each order, heard on its trade-updates stream: the path that is timed bears nothing."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

if TYPE_CHECKING:
    from types import TracebackType

_KEYS = {"key": "local-key", "secret": "local-secret"}


class Acceptances:
    """Listens until closed; `heard` maps a client order id to the machine's time of its first update, in seconds."""

    def __init__(self, url: str) -> None:
        self.heard: dict[str, float] = {}
        self._url = url
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Acceptances:
        """Sign in and begin to listen; raises RuntimeError when the broker refuses."""
        self._socket = connect(self._url)
        self._socket.send(json.dumps({"action": "auth", **_KEYS}))
        answer = json.loads(self._socket.recv(timeout=10))
        if answer["data"].get("status") != "authorized":
            raise RuntimeError(f"the trade-updates stream answered {answer}; it must authorize")
        choice = {"action": "listen", "data": {"streams": ["trade_updates"]}}
        self._socket.send(json.dumps(choice))
        self._socket.recv(timeout=10)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self._socket.close()
        self._thread.join(timeout=10)

    def _listen(self) -> None:
        try:
            for message in self._socket:
                self._note(time.time(), json.loads(message))
        except ConnectionClosed:
            return

    def _note(self, now: float, message: dict[str, Any]) -> None:
        if message.get("stream") == "trade_updates":
            self.heard.setdefault(message["data"]["order"]["client_order_id"], now)
