"""The restore drill to five market minutes ago: the market goes on, orders rest and fill, and nothing is closed first.

The exchange runs by itself at a minute a second over bars of minutes. The table is restored as it was at a moment of
that clock, after five more minutes of trading. Then the runbook: copied back, halted, swept and compared until clean.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cli.copy_table import copy_table
from local.exchange.control import Exchange, ExchangeSettings, start_exchange
from quantumzero.domain.risk.account_risk import TradingState
from tests.local_cloud.emulator.cloud import until
from tests.local_cloud.ledger.test_restore_drill import (
    CASH,
    SYMBOLS,
    Load,
    assert_books_equal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from quantumzero.domain.orders import Side
    from tests.local_cloud.emulator.cloud import Cloud

pytestmark = pytest.mark.timeout(300)
OPENS_AT = datetime(2005, 3, 2, 14, 30, tzinfo=UTC)
MINUTES = 390
FIVE_MINUTES = timedelta(minutes=5)
ROUNDS = 4


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    """A simulator that runs by itself: a minute of the market each second, and fills in parts."""
    rows = ["timestamp,symbol,open,high,low,close,volume"]
    for minute in range(MINUTES):
        at = (OPENS_AT + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows += [f"{at},{symbol},50,51,49,50,2000" for symbol in SYMBOLS]
    data = tmp_path / "minutes.csv"
    data.write_text("\n".join(rows) + "\n")
    running = start_exchange(
        ExchangeSettings(
            tmp_path / "exchange", data=data, cash=str(CASH), participation="0.05", speed="60x"
        )
    )
    yield running
    running.stop()


class RunningMarket(Load):
    """The load on a market whose clock nobody turns; market time is followed, the machine's is not."""

    def now(self) -> datetime:
        """Return the exchange's time, and set market time to it."""
        now = datetime.fromisoformat(self.exchange.control.clock()["now"])
        self.desk.market.advance(max((now - self.desk.market.now()).total_seconds(), 0.0))
        return now

    def trade_until(self, moment: datetime) -> datetime:
        """Sweep each market minute until that moment of the market; return the exchange's time."""
        swept = self.now()
        while (now := self.now()) < moment:
            if now - swept >= timedelta(minutes=1):
                self.desk.sweep.sweep(request=f"sweep-{now:%H%M%S}")
                swept = now
            time.sleep(0.05)
        return now

    def _order(self, symbol: str, quantity: int, side: Side) -> None:
        time.sleep(0.1)
        super()._order(symbol, quantity, side)


def test_the_ledger_of_five_market_minutes_ago_equals_the_broker_after_the_runbook(
    cloud: Cloud, exchange: Exchange
) -> None:
    load = RunningMarket(cloud, exchange, "ledger-minutes")
    until(lambda: exchange.control.clock()["state"] == "open", 60)
    load.desk.reconcile.begin(at=load.now())
    with load.running():
        restored = load.trade_until(load.now() + timedelta(minutes=3))
        cloud.client("dynamodb").restore_table_to_point_in_time(
            SourceTableName=load.table,
            TargetTableName=f"{load.table}-restored",
            UseLatestRestorableTime=True,
        )
        gone_back = load.trade_until(restored + FIVE_MINUTES)
    assert gone_back - restored >= FIVE_MINUTES
    figures = go_back(load)
    figures["market_minutes_lost"] = round((gone_back - restored).total_seconds() / 60, 1)
    print(json.dumps(figures))
    assert figures["orders_lost"] > 20
    assert figures["filled_shares_lost"] > 0
    assert_books_equal(load, len(load.broker.orders(since=None, open_only=False)))
    assert not load.broker.orders(since=None, open_only=True)


def go_back(load: RunningMarket) -> dict[str, Any]:
    """Copy back, halt, then sweep and compare until the books equal the broker's; return the figures."""
    began = time.monotonic()
    shares_before = filled(load)
    copied, deleted = copy_table(load.client, f"{load.table}-restored", load.table, prune=True)
    load.ledger.set_state(TradingState.HALTED, by="owner", reason="restored", at=load.now())
    known = {each.terms.client_order_id for each in every_order(load)}
    there = {each.client_order_id for each in load.broker.orders(since=None, open_only=False)}
    figures: dict[str, Any] = {
        "items_copied": copied,
        "items_deleted": deleted,
        "orders_at_the_broker": len(there),
        "orders_lost": len(there - known),
        "filled_shares_lost": shares_before - filled(load),
        "cash_apart": str(abs(load.broker.holdings()[0].cash - load.ledger.cash())),
    }
    for number in range(1, ROUNDS + 1):
        load.now()
        load.settle()
        report = load.desk.reconcile.reconcile()
        figures |= {"rounds": number, "differences": len(report.differences)}
        if report.clean and not load.broker.orders(since=None, open_only=True):
            break
    assert report.clean, report.differences
    return figures | {"seconds_to_clean": round(time.monotonic() - began, 1)}


def every_order(load: RunningMarket) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while True:
        page, cursor = load.ledger.orders(state=None, symbol=None, limit=500, cursor=cursor)
        found += page
        if cursor is None:
            return found


def filled(load: RunningMarket) -> int:
    """Return how many shares the ledger knows as filled."""
    return int(sum(each.filled_quantity for each in every_order(load)))
