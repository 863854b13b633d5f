"""The restore drill: the ledger goes back some minutes under load, and equals the broker again after one comparison.

The load is the product's own order path on the emulator against the exchange simulator; the way back is the runbook's:
a point-in-time restore beside the table, halted, copied back with --prune, swept, compared.
"""

from __future__ import annotations

import random
import threading
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from cli.copy_table import copy_table
from local.exchange.control import Exchange, ExchangeSettings, start_exchange
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.brokers.alpaca import AlpacaBroker
from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp
from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import QuantumZeroError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.orders import OrderTerms, Side
from quantumzero.domain.portfolio import Position, non_zero
from quantumzero.domain.risk.account_risk import TradingState, default_limits
from quantumzero.ports.ledger import AccountPicture
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.order_desk import OrderDesk
from tests.local_cloud.emulator.cloud import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local_cloud.emulator.cloud import Cloud

pytestmark = pytest.mark.timeout(300)
THREADS = 4
SYMBOLS = ("AAPL", "IBM", "MSFT", "GOOG")
CASH = Decimal(1_000_000)
TABLE = "ledger-drill"


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """A simulator before any split, which fills in parts."""
    running = start_exchange(
        ExchangeSettings(
            tmp_path, from_date="2005-02-18", cash=str(CASH), participation="0.00001", sessions=5
        )
    )
    yield running
    running.stop()


class Load:
    """The order path on the emulator's table and the simulator, traded by several threads at once."""

    def __init__(self, cloud: Cloud, exchange: Exchange, table: str = TABLE) -> None:
        self.table = table
        self.client = cloud.client("dynamodb")
        create_ledger_table(self.client, table)
        self.exchange = exchange
        self.ledger = DynamoLedger(self.client, table=table, account="main")
        picture = AccountPicture(CASH, 1, ())
        self.ledger.initialise(picture, default_limits(CASH * 100), session=date(2005, 2, 18))
        http = AlpacaHttp(exchange.url, key_id="local-key", secret_key="local-secret")  # noqa: S106 - a simulator's
        self.broker = AlpacaBroker(http)
        self.desk = OrderDesk(ledger=self.ledger, broker=self.broker)  # type: ignore[arg-type]  # a ledger like it
        self._names = iter(range(1_000_000))

    def open_session(self) -> None:
        """Open the next session and set the clocks to it; the books are compared there."""
        self.exchange.control.open_session()
        now = datetime.fromisoformat(self.exchange.control.clock()["now"])
        for clock in (self.desk.market, self.desk.machine):
            clock.advance((now - clock.now()).total_seconds())
        if self.ledger.risk().reconciled_market_time is None:
            self.desk.reconcile.begin(at=now)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Place orders from every thread while the block runs."""
        stop = threading.Event()
        threads = [
            threading.Thread(target=self._trade, args=(number, stop)) for number in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _trade(self, number: int, stop: threading.Event) -> None:
        chosen = random.Random(number)  # noqa: S311 - repeatable on purpose
        while not stop.is_set():
            try:
                self._order(
                    chosen.choice(SYMBOLS), chosen.randint(1, 40), chosen.choice(list(Side))
                )
            except QuantumZeroError:
                continue

    def _order(self, symbol: str, quantity: int, side: Side) -> None:
        held = self.ledger.position(symbol).quantity
        if side is Side.SELL and held < quantity:
            side = Side.BUY
        now = self.desk.market.now()
        name = f"qz1-{next(self._names)}"
        terms = OrderTerms(name, "d", "load", symbol, side, Decimal(quantity))
        step = order_lifecycle.intend(
            terms, at=now, recorded_at=self.desk.machine.now(), reference_price=Decimal(50)
        )
        self.ledger.commit(change_of(step, Position(symbol), at=now))
        self.desk.place.place(name, request=name)

    def orders(self) -> int:
        return int(self.exchange.control.summary()["order_count"])

    def settle(self) -> None:
        """Sweep as the schedule does, until nothing is in doubt."""
        for number in range(4):
            self.desk.machine.advance(120)
            if not self.desk.sweep.sweep(request=f"sweep-{number}", settled=True).unresolved:
                return


def test_a_ledger_that_went_back_under_load_equals_the_broker_after_one_comparison(
    cloud: Cloud, exchange: Exchange
) -> None:
    load = Load(cloud, exchange)
    load.open_session()
    with load.running():
        until(lambda: load.orders() > 60, 30)
    exchange.control.run_session()
    load.settle()
    assert load.desk.reconcile.reconcile().clean
    load.open_session()
    with load.running():
        goal = load.orders() + 60
        until(lambda: load.orders() > goal, 30)
        cloud.client("dynamodb").restore_table_to_point_in_time(
            SourceTableName=TABLE, TargetTableName=f"{TABLE}-restored", UseLatestRestorableTime=True
        )
        goal = load.orders() + 60
        until(lambda: load.orders() > goal, 30)
    exchange.control.run_session()
    load.settle()
    load.open_session()
    with load.running():
        goal = load.orders() + 60
        until(lambda: load.orders() > goal, 30)
    exchange.control.run_session()
    lost = len(load.broker.orders(since=None, open_only=False))
    restore_by_the_runbook(load)
    assert_books_equal(load, lost)


def restore_by_the_runbook(load: Load) -> None:
    """Copy back, halt by hand, sweep, compare."""
    _, deleted = copy_table(load.client, f"{load.table}-restored", load.table, prune=True)
    assert deleted > 100, "the restored ledger must lack something"
    load.ledger.set_state(
        TradingState.HALTED, by="owner", reason="restored", at=load.desk.market.now()
    )
    load.settle()
    report = load.desk.reconcile.reconcile()
    assert (report.clean, report.differences) == (True, [])


def assert_books_equal(load: Load, orders: int) -> None:
    account, positions = load.broker.holdings()
    assert load.ledger.cash() == account.cash, "to the cent, and beyond"
    held = {each.symbol: each.quantity for each in non_zero(load.ledger.picture().positions)}
    assert held == {each.symbol: each.quantity for each in positions if each.quantity}
    listed = load.broker.orders(since=None, open_only=False)
    assert len(listed) == orders
    for each in listed:
        record = load.ledger.order(each.client_order_id)
        assert record is not None, "no order is lost"
        assert record.filled_quantity == each.filled_quantity
    shares: dict[str, Decimal] = {}
    for strategy in ("load", "adopted", "external"):
        for part in load.ledger.strategy_holdings(strategy):
            shares[part.symbol] = shares.get(part.symbol, Decimal(0)) + part.quantity
    assert {symbol: quantity for symbol, quantity in shares.items() if quantity} == held
