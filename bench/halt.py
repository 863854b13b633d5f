"""How fast a halt is: until no claim commits, until the last possible send, until every open order is cancelled.

The ledger is the product's own on the emulator, the broker the product's own adapter against the exchange simulator.
Senders approve and place orders all the while; the halt is the one write of the kill switch, then the loop of
functions/halt_trading. Once as it is, once with 429 on every request of the trading API for the storm's length.
Seconds from the moment before the halting write, by this machine's clock.

Run: python -m bench.halt
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.clients import client
from local.emulator.control import EmulatorSettings, start_emulator
from local.exchange.control import ExchangeSettings, start_exchange
from local.settings import EMULATOR_PYTHON
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.brokers.alpaca import AlpacaBroker
from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp
from quantumzero.adapters.clocks import SystemClock
from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import QuantumZeroError
from quantumzero.domain.ledger_changes import LedgerChange, change_of
from quantumzero.domain.orders import OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import TradingState, default_limits
from quantumzero.ports.ledger import AccountPicture
from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
from quantumzero.usecases.cancel_orders import CancelOrders
from quantumzero.usecases.empty_book import EmptyBook
from quantumzero.usecases.halt_trading import HaltTrading
from quantumzero.usecases.place_order import LEASE, PlaceOrder
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.manual_clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.exchange.control import Exchange
    from quantumzero.ports.brokers import Rejection

SENDERS, RESTING = 4, 60
STORM_SECONDS = 60.0
CASH = Decimal(10_000_000)
GOALS = {"no_new_claim": 1.0, "last_send": 10.0, "all_cancelled": 30.0}
STORM_GOALS = {**GOALS, "all_cancelled": 300.0}


@dataclass(slots=True)
class Watch:
    """What was seen, as monotonic seconds: begins and ends of claims and sends."""

    claims: list[tuple[float, float]] = field(default_factory=list)
    sends: list[tuple[float, float]] = field(default_factory=list)


class WatchedLedger(DynamoLedger):
    """Notes when a claim was committed."""

    watch: Watch

    def commit(self, change: LedgerChange) -> None:
        began = time.monotonic()
        super().commit(change)
        if change.transition.after.state is OrderState.SUBMITTING:
            self.watch.claims.append((began, time.monotonic()))


class WatchedBroker(AlpacaBroker):
    """Notes when a send was on its way."""

    watch: Watch

    def submit(self, terms: OrderTerms) -> Any | Rejection:
        began = time.monotonic()
        try:
            return super().submit(terms)
        finally:
            self.watch.sends.append((began, time.monotonic()))


class Desk:
    """The order path on one table and one simulator."""

    def __init__(self, endpoint: str, exchange: Exchange, table: str) -> None:
        self.watch = Watch()
        dynamo = client("dynamodb", endpoint)
        create_ledger_table(dynamo, table)
        self.ledger = WatchedLedger(dynamo, table=table, account="main")
        self.ledger.watch = self.watch
        self.ledger.initialise(
            AccountPicture(CASH, 1, ()), default_limits(CASH), session=date(2005, 3, 1)
        )
        self.market = ManualClock(datetime.fromisoformat(exchange.control.clock()["now"]))
        http = AlpacaHttp(exchange.url, key_id="local-key", secret_key="local-secret")  # noqa: S106 - a simulator's
        self.broker = WatchedBroker(http)
        self.broker.watch = self.watch
        self.cancel = CancelOrders(ledger=self.ledger, broker=self.broker, market=self.market)
        self.place = self._placing()

    def _placing(self) -> PlaceOrder:
        backoff = JitteredBackoff()
        applying = ApplyBrokerOrder(
            ledger=self.ledger,
            switch=self.ledger,
            alerts=self.ledger,
            market=self.market,
            backoff=backoff,
        )
        return PlaceOrder(
            ledger=self.ledger,
            broker=self.broker,
            apply=applying,
            market=self.market,
            machine=SystemClock(),
            backoff=backoff,
        )

    def send(self, name: str) -> None:
        """Approve one small order and place it."""
        now = self.market.now()
        terms = OrderTerms(f"qz1-{name}", name, "halt", "AAPL", Side.BUY, Decimal(1))
        step = order_lifecycle.intend(
            terms, at=now, recorded_at=datetime.now(UTC), reference_price=Decimal(10)
        )
        self.ledger.commit(change_of(step, Position("AAPL"), at=now))
        self.place.place(terms.client_order_id, request=name)

    def empty_book(self) -> EmptyBook:
        """Return the loop as bootstrap makes it for functions/halt_trading."""
        return EmptyBook(
            ledger=self.ledger,
            broker=self.broker,
            book=self.broker,
            cancel=self.cancel,
            machine=SystemClock(),
            pause=JitteredBackoff(base=1.0, longest=5.0),
        )


@contextmanager
def senders(desk: Desk) -> Iterator[None]:
    """Keep placing orders from several threads; a send that fails is a send."""
    stop = threading.Event()

    def go_on(number: int) -> None:
        count = 0
        while not stop.is_set():
            count += 1
            try:
                desk.send(f"{number}-{count}")
            except QuantumZeroError:
                time.sleep(0.01)

    threads = [threading.Thread(target=go_on, args=(number,)) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def measure(endpoint: str, exchange: Exchange, *, storm: float) -> dict[str, Any]:
    """Halt once; a storm of so many seconds begins a moment before."""
    desk = Desk(endpoint, exchange, f"ledger-{storm:.0f}")
    exchange.control.rewind("open")
    for number in range(RESTING):
        desk.send(f"resting-{number}")
    empty: list[float] = []
    watching = threading.Thread(target=_note_emptiness, args=(exchange, empty))
    with senders(desk):
        time.sleep(2.0)
        if storm:
            exchange.control.add_faults({"action": "rate_limit", "path": "/v2/"})
            threading.Timer(storm, exchange.control.clear_faults).start()
            time.sleep(0.5)
        began = time.monotonic()
        switch = HaltTrading(switch=desk.ledger, market=desk.market, cancel=None)
        switch.halt(reason="measured", by="bench")
        halted = time.monotonic()
        watching.start()
        report = desk.empty_book().run(seconds=285.0)
        emptied = time.monotonic()
    watching.join()
    assert desk.ledger.risk().state is TradingState.HALTED  # noqa: S101 - the measurement is void otherwise
    return {
        "write": halted - began,
        "no_new_claim": max(0.0, max(end for _, end in desk.watch.claims) - began),
        "claims_begun_after_the_write": sum(start > halted for start, _ in desk.watch.claims),
        "last_send": max(0.0, max(end for _, end in desk.watch.sends) - began),
        "last_send_bound": LEASE.total_seconds(),
        "all_cancelled": empty[0] - began,
        "function": emptied - began,
        "rounds": report.rounds,
        "open_at_the_end": exchange.control.summary()["open_order_count"],
        "orders": len(desk.watch.sends),
        "storm_seconds": storm,
    }


def _note_emptiness(exchange: Exchange, empty: list[float]) -> None:
    """Note when the exchange has had no open order for twice the lease."""
    since: float | None = None
    while True:
        now = time.monotonic()
        if exchange.control.summary()["open_order_count"]:
            since = None
        else:
            since = since or now
            if now - since > 2 * LEASE.total_seconds():
                empty.append(since)
                return
        time.sleep(0.02)


def main() -> dict[str, Any]:
    """Measure both; print and return the seconds with their goals."""
    with tempfile.TemporaryDirectory(prefix="quantumzero-halt-") as name:
        folder = Path(name)
        exchange = start_exchange(
            ExchangeSettings(folder / "exchange", from_date="2005-02-23", cash=str(CASH))
        )
        emulator = start_emulator(
            EmulatorSettings(
                python=EMULATOR_PYTHON,
                state_dir=folder / "state",
                log_file=folder / "emulator.log",
            )
        )
        try:
            exchange.control.open_session()
            exchange.control.snapshot("open")
            figures = {
                "normal": measure(emulator.endpoint, exchange, storm=0.0),
                "storm": measure(emulator.endpoint, exchange, storm=STORM_SECONDS),
            }
        finally:
            emulator.stop()
            exchange.stop()
    for kind, goals in (("normal", GOALS), ("storm", STORM_GOALS)):
        for what, goal in goals.items():
            found = figures[kind][what]
            verdict = "reached" if found <= goal else "MISSED"
            print(f"{kind:<8}{what:<16}{found:8.2f} s   goal {goal:6.1f} s   {verdict}")
    return {**figures, "goals": GOALS, "storm_goals": STORM_GOALS}


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
