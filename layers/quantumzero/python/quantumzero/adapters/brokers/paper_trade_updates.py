"""News of a paper account: it has no stream, so somebody looks every few seconds and tells what has changed."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.errors import RetryableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.orders import BrokerOrder
    from quantumzero.ports.brokers import Broker
    from quantumzero.ports.clocks import MarketClock

LOOK_SECONDS = 5.0
# What closed while nobody looked is told by the sweep.
_LOOK_BACK = timedelta(days=1)


class PaperTradeUpdates:
    """Implements TradeUpdates by asking the paper broker."""

    def __init__(self, broker: Broker, market: MarketClock) -> None:
        self._broker = broker
        self._market = market

    def updates(self, *, seconds: float) -> Iterator[BrokerOrder | None]:
        """Yield each order when it is first seen and whenever it has changed, None after each look."""
        deadline = time.monotonic() + seconds
        told: dict[str, BrokerOrder] = {}
        while (left := deadline - time.monotonic()) > 0:
            for order in self._look():
                if told.get(order.client_order_id) != order:
                    told[order.client_order_id] = order
                    yield order
            yield None
            time.sleep(min(left, LOOK_SECONDS))

    def _look(self) -> list[BrokerOrder]:
        """Return the orders of the last day; none when the table does not answer now."""
        try:
            since = self._market.now() - _LOOK_BACK
            return list(self._broker.orders(since=since, open_only=False))
        except RetryableError:
            return []
