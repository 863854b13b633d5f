"""Many deciders at once on the emulator: the limit holds to the unit, and no order is counted twice.

Moto is not thread-safe, so concurrency is proven here.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import RiskLimits
from quantumzero.ports.ledger import AccountPicture
from quantumzero.usecases.decide_order import DecideOrder
from quantumzero.usecases.stop_at_limits import StopAtLimits
from tests.fakes.held_bars import HeldBars
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.manual_clock import ManualClock
from tests.fakes.order_desk import NO_MODEL, OrderDesk
from tests.local_cloud.emulator.cloud import started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.usecases.decide_order import Verdict
    from tests.local_cloud.emulator.cloud import Cloud

THREADS = 16
SIGNALS = 60
CASH = Decimal(100000)
LIMITS = RiskLimits(CASH * 2, CASH * 2, CASH, Decimal(5))


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    running = started(tmp_path_factory.mktemp("emulator"))
    yield running
    running.emulator.stop()


@pytest.fixture
def ledger(cloud: Cloud) -> DynamoLedger:
    client = cloud.client("dynamodb")
    create_ledger_table(client, "ledger-cap")
    made = DynamoLedger(client, table="ledger-cap", account="main")
    made.initialise(AccountPicture(CASH, 1, ()), LIMITS, session=date(2005, 3, 1))
    return made


def test_approvals_never_pass_the_limit(ledger: DynamoLedger) -> None:
    clock, bars = ManualClock(), HeldBars()
    desk = OrderDesk()
    desk.bars = bars
    decisions = []
    for index in range(SIGNALS):
        symbol = f"S{index:03}"
        desk.price(symbol, "40", clock.now())
        decisions.append(desk.decision(symbol, Action.ENTER_LONG, percent_of_equity=Decimal(7)))
    deciding = DecideOrder(
        account="main",
        ledger=ledger,
        books=ledger,
        strategies=ledger,
        bars=bars,
        market=clock,
        machine=clock,
        backoff=JitteredBackoff(),
        stops=StopAtLimits(switch=ledger, alerts=ledger),
        limits=desk.limits,
    )

    def decide(index: int) -> Verdict | None:
        try:
            return deciding.decide(decisions[index % SIGNALS], NO_MODEL)
        except ConflictError:
            # The platform calls again later.
            return None

    # Every fifth signal is delivered twice.
    deliveries = [*range(SIGNALS), *range(0, SIGNALS, 5)]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(decide, deliveries))
    for index in range(SIGNALS):
        assert decide(index) is not None
    orders, _ = ledger.orders(state=None, symbol=None, limit=500, cursor=None)
    approved = [each for each in orders if each.state is OrderState.INTENT]
    risk = ledger.risk()
    assert len(orders) == SIGNALS
    assert risk.gross_used == risk.open_reserved == sum(each.reserved_value for each in approved)
    # 7 % of the equity each, whole shares of 40: fourteen fit into the cash.
    assert risk.gross_used == 14 * 7000
    assert {each.code for each in orders if each not in approved} == {"BUYING_POWER"}
