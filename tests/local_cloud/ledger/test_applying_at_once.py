"""The relay and several sweeps hear of the same fills at once: every fill counts exactly once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.domain import order_lifecycle
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.orders import BrokerOrder, OrderState, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import RiskLimits
from quantumzero.ports.ledger import AccountPicture
from quantumzero.usecases.apply_broker_order import ApplyBrokerOrder
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.manual_clock import ManualClock

if TYPE_CHECKING:
    from tests.local_cloud.emulator.cloud import Cloud

THREADS = 8
ORDERS = 4
FILLS = 5
CASH = Decimal(100000)
NOW = ManualClock().now()


@pytest.fixture
def ledger(cloud: Cloud) -> DynamoLedger:
    client = cloud.client("dynamodb")
    create_ledger_table(client, "ledger-apply")
    made = DynamoLedger(client, table="ledger-apply", account="main")
    limits = RiskLimits(CASH, CASH, CASH, Decimal(5))
    made.initialise(AccountPicture(CASH, 1, ()), limits, session=date(2005, 3, 1))
    return made


def intend(ledger: DynamoLedger, name: str) -> OrderTerms:
    terms = OrderTerms(name, "decision", "sma-cross", "AAPL", Side.BUY, Decimal(10 * FILLS))
    step = order_lifecycle.intend(terms, at=NOW, recorded_at=NOW, reference_price=Decimal(40))
    ledger.commit(change_of(step, Position("AAPL"), at=NOW))
    return terms


def told(terms: OrderTerms, fills: int) -> BrokerOrder:
    filled = Decimal(10 * fills)
    status = "filled" if fills == FILLS else "partially_filled"
    return BrokerOrder(
        f"b-{terms.client_order_id}",
        terms.client_order_id,
        terms.symbol,
        terms.side,
        terms.quantity,
        filled,
        Decimal("39.5") if fills else None,
        status if fills else "new",
        NOW + timedelta(seconds=fills),
    )


def test_every_fill_counts_once(ledger: DynamoLedger) -> None:
    orders = [intend(ledger, f"qz1-{index}") for index in range(ORDERS)]
    words = [told(terms, fills) for terms in orders for fills in range(FILLS + 1)] * THREADS
    random.Random(5).shuffle(words)  # noqa: S311 - repeatable on purpose
    applying = ApplyBrokerOrder(
        ledger=ledger,
        switch=ledger,
        alerts=ledger,
        market=ManualClock(),
        backoff=JitteredBackoff(),
    )

    def apply(word: BrokerOrder) -> None:
        try:
            applying.apply(word)
        except ConflictError:
            # Bounded: the next word, or the next sweep, says the same.
            return

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(apply, words))
    for terms in orders:
        applying.apply(told(terms, FILLS))
    quantity = Decimal(10 * FILLS * ORDERS)
    position = ledger.position("AAPL")
    assert (position.quantity, position.cost) == (quantity, quantity * Decimal("39.5"))
    assert ledger.cash() == CASH - quantity * Decimal("39.5")
    [held] = ledger.strategy_holdings("sma-cross")
    assert (held.quantity, held.pending_buy) == (quantity, 0)
    risk = ledger.risk()
    assert (risk.open_reserved, risk.gross_used) == (0, quantity * 40)
    records = [ledger.order(terms.client_order_id) for terms in orders]
    assert {each.state for each in records if each is not None} == {OrderState.FILLED}
