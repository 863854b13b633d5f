"""The product's order path under one fault of the broker: its Alpaca adapter, PlaceOrder, the relay and SweepOrders.

Only the ledger is the one in memory, and machine time is moved by hand so that the quiet period need not be waited for.
"""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest import mock

from quantumzero.adapters.brokers import alpaca as alpaca_adapter
from quantumzero.adapters.brokers.alpaca import AlpacaBroker, AlpacaClock
from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp
from quantumzero.adapters.brokers.alpaca_trade_updates import AlpacaTradeUpdates
from quantumzero.domain.orders import OrderState
from quantumzero.usecases.relay_trade_updates import RelayTradeUpdates
from tests.fakes.held_leases import HeldLeases
from tests.fakes.manual_clock import NoBackoff
from tests.fakes.order_desk import OrderDesk

if TYPE_CHECKING:
    from bench.broker_fault_cases import Case
    from local.exchange.control import Exchange

KEYS = {"key_id": "local-key", "secret_key": "local-secret"}
SYMBOLS = ("AAPL", "IBM", "MSFT")
# What one share costs at the start, near enough to stay inside the price collar.
PRICES = {"AAPL": "30", "IBM": "85", "MSFT": "27"}
STREAM_SECONDS = 2.0
SWEEPS, SWEEP_SECONDS = 5, 61.0
_UNSETTLED = (OrderState.INTENT, OrderState.SUBMITTING, OrderState.UNKNOWN)


def run_ours(exchange: Exchange, case: Case) -> dict[str, Any]:
    """Return orders (the most at the broker for one intent), lost and how it ended."""
    desk = _desk(exchange)
    exchange.control.add_faults(*case.rules)
    began = time.monotonic()
    names = []
    with mock.patch.object(alpaca_adapter, "_PAGE", case.page or alpaca_adapter._PAGE):
        for symbol in SYMBOLS[: case.orders]:
            names.append(desk.buy(symbol))
            if case.twice:
                desk.broker.submit(desk.ledger.records[names[-1]].terms)
        asked = time.monotonic() - began
        sweeps = _sweep_until_settled(desk)
        _trade(desk, exchange, streamed=case.streamed)
        exchange.control.clear_faults()
        desk.sweep.sweep(request="last")
    return {
        "seconds": round(asked, 2),
        "sweeps": sweeps,
        "state": "/".join(sorted({desk.ledger.records[name].state for name in names})),
        **_compare(desk, exchange, names),
    }


def _desk(exchange: Exchange) -> OrderDesk:
    http = AlpacaHttp(exchange.url, key_id=KEYS["key_id"], secret_key=KEYS["secret_key"])
    desk = OrderDesk(broker=AlpacaBroker(http))
    desk.market.advance((AlpacaClock(http).now() - desk.market.now()).total_seconds())
    for symbol in SYMBOLS:
        desk.price(symbol, PRICES[symbol])
    return desk


def _sweep_until_settled(desk: OrderDesk) -> int:
    """Return how many sweeps it took until no order was in doubt."""
    for number in range(SWEEPS):
        if not any(record.state in _UNSETTLED for record in desk.ledger.records.values()):
            return number
        desk.machine.advance(SWEEP_SECONDS if number else 2.0)
        desk.sweep.sweep(request=f"s{number}")
    return SWEEPS


def _trade(desk: OrderDesk, exchange: Exchange, *, streamed: bool) -> None:
    """Let the orders fill, heard over the stream where the case is about it."""
    if not streamed:
        exchange.control.advance()
        return
    stream = AlpacaTradeUpdates(exchange.trade_updates_url, **KEYS, backoff=NoBackoff())
    relay = RelayTradeUpdates(
        stream=stream,
        apply=desk.apply,
        leases=HeldLeases(desk.machine),
        heartbeats=desk.heartbeats,
        alerts=desk.ledger,
        market=desk.market,
        machine=desk.machine,
    )
    listening = threading.Thread(
        target=lambda: relay.relay(owner="bench", seconds=STREAM_SECONDS), daemon=True
    )
    listening.start()
    await_listener(exchange)
    exchange.control.advance()
    listening.join()


def await_listener(exchange: Exchange) -> None:
    """Wait until a client has joined the stream of trade updates and had time to say that it listens."""
    deadline = time.monotonic() + 10
    while exchange.control.streams()["/stream"] == 0:
        if time.monotonic() > deadline:
            raise RuntimeError("nobody joined the stream of trade updates within ten seconds")
        time.sleep(0.02)
    time.sleep(0.2)


def _compare(desk: OrderDesk, exchange: Exchange, names: list[str]) -> dict[str, Any]:
    """Hold the ledger against the broker's books: orders per intent, orders and fills that are missing here."""
    books = exchange.control.books()
    at_broker = [order["client_order_id"] for order in books["orders"]]
    lost = 0
    for order in books["orders"]:
        record = desk.ledger.records.get(order["client_order_id"])
        known = record is not None and record.filled_quantity == Decimal(order["filled_qty"])
        lost += not known
    missing = sum(name not in at_broker for name in names)
    held = {name: Decimal(each["quantity"]) for name, each in books["positions"].items()}
    same = desk.ledger.cash() == Decimal(books["cash"]) and all(
        desk.ledger.position(symbol).quantity == held.get(symbol, 0) for symbol in SYMBOLS
    )
    return {
        "orders": max(at_broker.count(name) for name in names),
        "lost": lost + missing,
        "books_equal": same,
        "parts": len(books["fills"]),
    }
