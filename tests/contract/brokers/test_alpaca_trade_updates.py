"""The stream of order news against the simulator: binary frames, dropped connections, refused keys."""

from __future__ import annotations

import time
from decimal import Decimal
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from quantumzero.adapters.brokers.alpaca_trade_updates import (
    AlpacaTradeUpdates,
    _message,
    _snapshot,
)
from quantumzero.domain.errors import UnavailableError
from tests.contract.brokers.test_broker import terms
from tests.fakes.manual_clock import NoBackoff

if TYPE_CHECKING:
    from local.exchange.control import Exchange
    from quantumzero.adapters.brokers.alpaca import AlpacaBroker
    from quantumzero.domain.orders import BrokerOrder


def stream_of(exchange: Exchange, secret: str = "local-secret") -> AlpacaTradeUpdates:  # noqa: S107 - the simulator's own
    return AlpacaTradeUpdates(
        exchange.trade_updates_url, key_id="local-key", secret_key=secret, backoff=NoBackoff()
    )


class Listening:
    """A listener on its own thread; what it heard so far."""

    def __init__(self, exchange: Exchange, seconds: float) -> None:
        self.exchange = exchange
        self.heard: list[BrokerOrder] = []
        self._seconds = seconds
        self._thread = Thread(target=self._listen)
        self._thread.start()
        self.wait_until(lambda: exchange.control.streams()["/stream"] == 1)

    def _listen(self) -> None:
        for update in stream_of(self.exchange).updates(seconds=self._seconds):
            if update is not None:
                self.heard.append(update)

    def wait_until(self, condition: object) -> None:
        for _ in range(200):
            if condition():
                return
            time.sleep(0.02)
        raise AssertionError(f"heard only {self.heard}")

    def end(self) -> None:
        self._thread.join(10)


def test_every_word_about_an_order_arrives(exchange: Exchange, alpaca: AlpacaBroker) -> None:
    listening = Listening(exchange, seconds=1.5)
    alpaca.submit(terms())
    exchange.control.open_session()
    exchange.control.run_session()
    listening.wait_until(lambda: [each for each in listening.heard if each.status == "filled"])
    listening.end()
    last = listening.heard[-1]
    assert (last.client_order_id, last.filled_quantity) == (terms().client_order_id, Decimal(3))


def test_a_dropped_connection_is_taken_up_again(exchange: Exchange, alpaca: AlpacaBroker) -> None:
    listening = Listening(exchange, seconds=3)
    rule = {"action": "stream_drop", "method": "SEND", "path": "/stream", "nth": 1}
    exchange.control.add_faults(rule)
    alpaca.submit(terms("first"))
    time.sleep(0.3)
    listening.wait_until(lambda: exchange.control.streams()["/stream"] == 1)
    alpaca.submit(terms("second"))
    second = terms("second").client_order_id
    listening.wait_until(lambda: second in [each.client_order_id for each in listening.heard])
    listening.end()


def test_refused_keys_are_an_error_with_words(exchange: Exchange) -> None:
    with pytest.raises(UnavailableError, match="refused the keys"):
        list(stream_of(exchange, secret="wrong").updates(seconds=1))  # noqa: S106 - wrong on purpose


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        b"\xff\xfe",
        "[]",
        '{"stream": "listening"}',
        '{"stream": "trade_updates", "data": null}',
        '{"stream": "trade_updates", "data": {"event": "new", "order": null}}',
        '{"stream": "trade_updates", "data": {"event": "new", "order": {"id": "1"}}}',
    ],
)
def test_what_is_no_readable_update_is_left_to_the_sweep(frame: str | bytes) -> None:
    assert _snapshot(_message(frame)) is None
