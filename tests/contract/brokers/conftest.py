"""Every broker the contract suite runs on: the one in memory and the real adapter against the exchange simulator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

import botocore.session
import pytest
from moto import mock_aws

from local.exchange.control import ExchangeSettings, start_exchange
from quantumzero.adapters.aws.paper_table import PaperTable
from quantumzero.adapters.brokers.alpaca import AlpacaBroker, AlpacaClock
from quantumzero.adapters.brokers.alpaca_http import AlpacaHttp
from quantumzero.adapters.brokers.paper import PaperBroker
from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import next_session
from tests.fakes.held_bars import HeldBars
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.manual_clock import ManualClock, NoBackoff
from tests.fakes.memory_broker import MemoryBroker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from local.exchange.control import Exchange
    from quantumzero.ports.brokers import Broker

CASH = Decimal(100000)


class Market(Protocol):
    """What a test may do to the market behind a broker."""

    broker: Broker

    def trade(self) -> None:
        """Let working orders of AAPL meet enough trades to fill."""


@dataclass
class MemoryMarket:
    """The fake: fills everything at 20."""

    broker: MemoryBroker
    clock: ManualClock

    def trade(self) -> None:
        self.clock.advance(timedelta(days=1).total_seconds())
        for name, order in list(self.broker.accepted.items()):
            if order.status == "new":
                self.broker.fill(name, order.quantity, Decimal(20))


@dataclass
class SimulatedMarket:
    """The real adapter against the simulator: the next session's opening prints fill a small order."""

    broker: AlpacaBroker
    exchange: Exchange

    def trade(self) -> None:
        self.exchange.control.open_session()
        self.exchange.control.run_session()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    """A simulator at the end of its first session, with a snapshot to return to."""
    folder: Path = tmp_path_factory.mktemp("exchange")
    exchange = start_exchange(ExchangeSettings(state_dir=folder, sessions=30, cash=str(CASH)))
    exchange.control.open_session()
    exchange.control.run_session()
    exchange.control.snapshot("start")
    yield exchange
    exchange.stop()


@pytest.fixture
def exchange(running: Exchange) -> Exchange:
    """The simulator at its starting point, without faults."""
    running.control.rewind("start")
    running.control.clear_faults()
    return running


def alpaca_http(exchange: Exchange) -> AlpacaHttp:
    return AlpacaHttp(exchange.url, key_id="local-key", secret_key="local-secret")  # noqa: S106 - the simulator's own


@pytest.fixture
def alpaca(exchange: Exchange) -> AlpacaBroker:
    return AlpacaBroker(alpaca_http(exchange))


@pytest.fixture
def alpaca_clock(exchange: Exchange) -> AlpacaClock:
    return AlpacaClock(alpaca_http(exchange))


@dataclass
class PaperMarket:
    """The paper broker over a table: the next day's bar fills what meets it."""

    broker: PaperBroker
    bars: HeldBars
    clock: ManualClock

    def trade(self) -> None:
        opens_at = session_opening_after(self.clock.now())
        closes_at = opens_at + timedelta(hours=6, minutes=30)
        bar = Bar("AAPL", "1d", opens_at, closes_at, *([200_000] * 4), 10_000, 4)
        self.bars.put_bars([bar])
        self.clock.advance((closes_at - self.clock.now()).total_seconds())


def session_opening_after(instant: datetime) -> datetime:
    """Return when the next session opens."""
    return next_session(instant.date()).opens_at


def paper_market(client: Any, table: str = "ledger") -> PaperMarket:
    """Return the paper broker over a new table, AAPL at 19.50."""
    create_ledger_table(client, table)
    bars, clock = HeldBars(), ManualClock()
    before = clock.now()
    opened = before - timedelta(hours=6, minutes=30)
    bars.put_bars([Bar("AAPL", "1d", opened, before, *([195_000] * 4), 10_000, 4)])
    broker = PaperBroker(
        table=PaperTable(client, table=table, account="main", cash=CASH),
        bars=bars,
        timeframe="1d",
        market=clock,
        backoff=NoBackoff(),
    )
    return PaperMarket(broker, bars, clock)


@pytest.fixture
def paper() -> Iterator[PaperMarket]:
    """The paper broker over a table in moto."""
    with mock_aws():
        session = botocore.session.get_session()
        session.set_credentials("testing", "testing")
        yield paper_market(session.create_client("dynamodb", region_name="eu-central-1"))


@pytest.fixture(params=["memory", "alpaca", "paper"])
def market(request: pytest.FixtureRequest) -> Market:
    if request.param == "paper":
        paper: PaperMarket = request.getfixturevalue("paper")
        return paper
    if request.param == "memory":
        clock = ManualClock()
        return MemoryMarket(MemoryBroker(clock, CASH), clock)
    return SimulatedMarket(request.getfixturevalue("alpaca"), request.getfixturevalue("exchange"))
