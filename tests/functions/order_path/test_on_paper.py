"""The order path's bootstrap with the paper broker: no secret, no vendor, only our table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from quantumzero.adapters.brokers.paper import PaperBroker
from quantumzero.adapters.brokers.paper_corporate_actions import StoredCorporateActions
from quantumzero.adapters.brokers.paper_trade_updates import PaperTradeUpdates
from quantumzero.bootstrap import aws, guarantees, ledger, trade_updates
from quantumzero.domain.bars import Split
from quantumzero.domain.orders import OrderTerms, Side
from tests.fakes.held_bars import HeldBars
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.manual_clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "ACCOUNT": "main",
    "TABLE_LEDGER": "ledger",
    "TABLE_BARS": "bars",
    "BROKER": "paper",
    "PAPER_CASH": "2500.50",
    "PAPER_TIMEFRAME": "1m",
}
CACHED = (
    aws.client,
    aws._session,
    ledger.ledger,
    ledger.bars,
    ledger.market_clock,
    ledger.broker,
    ledger.cancel_orders,
    ledger.halt_trading,
)


@pytest.fixture(autouse=True)
def _on_paper(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ENDPOINT_URL", "SECRET_BROKER", "BROKER_URL", "MARKET_CLOCK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for made_once in CACHED:
        made_once.cache_clear()
    with mock_aws():
        create_ledger_table(aws.client("dynamodb"), "ledger")
        names = ("pk", "sk")
        aws.client("dynamodb").create_table(
            TableName="bars",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in names],
            KeySchema=[
                {"AttributeName": each, "KeyType": kind}
                for each, kind in zip(names, ("HASH", "RANGE"), strict=True)
            ],
        )
        yield
    for made_once in CACHED:
        made_once.cache_clear()


def test_the_broker_is_our_table_and_needs_no_keys() -> None:
    ledger.prepare_order_path()
    broker = ledger.broker()
    assert isinstance(broker, PaperBroker)
    assert (broker.timeframe, broker.table.partition) == ("1m", "A#main#paper")
    account, positions = broker.holdings()
    assert (account.cash, account.buying_power, list(positions)) == (
        Decimal("2500.50"),
        Decimal("2500.50"),
        [],
    )


def test_the_kill_switch_cancels_there() -> None:
    assert ledger.halt_trading().cancel is not None


def test_clock_and_news_come_from_here() -> None:
    assert guarantees._broker_clock() is ledger.market_clock()
    assert isinstance(trade_updates._stream(), PaperTradeUpdates)


def test_splits_are_the_stored_ones_where_no_keys_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = ledger.BrokerKeys(guarantees.NOT_FILLED_IN, "x")
    monkeypatch.setattr(guarantees, "broker_keys", lambda: keys)
    assert isinstance(guarantees._corporate_actions("http://127.0.0.1"), StoredCorporateActions)


def test_stored_splits_are_given_within_their_dates() -> None:
    bars = HeldBars()
    inside = [Split("IBM", "2005-03-02", 2, 1), Split("AAPL", "2005-03-03", 2, 1)]
    bars.put_splits([*inside, Split("AAPL", "2005-03-04", 2, 1)])
    found = StoredCorporateActions(bars).splits(
        ["AAPL", "IBM"], since=date(2005, 3, 2), until=date(2005, 3, 3)
    )
    assert found == inside


def test_news_tell_each_change_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quantumzero.adapters.brokers.paper_trade_updates.LOOK_SECONDS", 0.2)
    broker = ledger.broker()
    assert isinstance(broker, PaperBroker)
    clock = ManualClock(datetime.now(UTC) - timedelta(seconds=5))
    sale = OrderTerms("qz1-a", "d", "s", "AAPL", Side.SELL, Decimal(1), opens_short=True)
    broker.submit(sale)
    told = []
    for update in PaperTradeUpdates(broker, clock).updates(seconds=3):
        told.append(update)
        if told.count(None) == 1:
            broker.cancel("paper-qz1-a")
    assert [each.status for each in told if each is not None] == ["new", "canceled"]
    assert told.count(None) >= 2
