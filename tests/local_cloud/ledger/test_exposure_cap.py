"""Many deciders at once on the emulator: the limit holds to the unit, and no order is counted twice.

Moto is not thread-safe, so concurrency is proven here.
"""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import RiskLimits
from quantumzero.ports.ledger import AccountPicture
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.order_desk import NO_MODEL, OrderDesk
from tests.local_cloud.emulator.cloud import started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.usecases.decide_order import Verdict
    from tests.local_cloud.emulator.cloud import Cloud


THREADS = 32
SIGNALS = 200
# Every fifth signal is delivered twice, every tenth transaction meets another one first.
TWICE = 5
CONFLICTS = 10
PERCENT = 7
ROOM = 14  # orders of 7 % of the cash
CASH = Decimal(100000)
LIMITS = RiskLimits(
    CASH,
    CASH,
    CASH,
    Decimal(5),
    messages_per_minute=None,
    strategy_messages_per_minute=None,
    executions_per_day=None,
)


class CrowdedLedger(DynamoLedger):
    """The product's ledger on the emulator; every tenth commit is refused as if another transaction were under way."""

    def __init__(self, client: Any, *, table: str, account: str) -> None:
        super().__init__(client, table=table, account=account)
        self._count = itertools.count(1)
        self.injected = 0
        self.commits = 0

    def commit(self, change: LedgerChange) -> None:
        if next(self._count) % CONFLICTS == 0:
            self.injected += 1
            raise ConflictError("TransactionConflict, injected")
        super().commit(change)
        self.commits += 1


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    running = started(tmp_path_factory.mktemp("emulator"))
    yield running
    running.emulator.stop()


@pytest.fixture
def ledger(cloud: Cloud) -> CrowdedLedger:
    client = cloud.client("dynamodb")
    create_ledger_table(client, "ledger-cap")
    made = CrowdedLedger(client, table="ledger-cap", account="main")
    made.initialise(AccountPicture(CASH, 1, ()), LIMITS, session=date(2005, 3, 1))
    return made


def test_approvals_never_pass_the_limit(
    ledger: CrowdedLedger, capsys: pytest.CaptureFixture[str]
) -> None:
    decisions, desk = signals()
    deciding = replace(
        desk.decide, ledger=ledger, books=ledger, strategies=ledger, backoff=JitteredBackoff()
    )

    def decide(index: int) -> Verdict | None:
        try:
            return deciding.decide(decisions[index], NO_MODEL)
        except ConflictError:
            # The platform calls again later.
            return None

    deliveries = [*range(SIGNALS), *range(0, SIGNALS, TWICE)]
    started = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        first = list(pool.map(decide, deliveries))
    seconds = time.monotonic() - started
    again = [index for index, verdict in zip(deliveries, first, strict=True) if verdict is None]
    for index in again:
        while decide(index) is None:
            pass
    check_books(ledger)
    with capsys.disabled():
        print(
            f"\n{THREADS} threads, {len(deliveries)} deliveries of {SIGNALS} signals in {seconds:.1f} s: "
            f"{len(deliveries) / seconds:.0f} decisions/s, {ledger.commits / seconds:.0f} commits/s, "
            f"{ledger.injected} conflicts injected, {len(again)} called again; above the limit by 0"
        )


def signals() -> tuple[list[Decision], OrderDesk]:
    """Return a decision to enter for each symbol, and the desk that has their bars."""
    desk = OrderDesk()
    decisions = []
    for index in range(SIGNALS):
        symbol = f"S{index:03}"
        desk.price(symbol, "40", desk.market.now())
        entry = desk.decision(symbol, Action.ENTER_LONG, percent_of_equity=Decimal(PERCENT))
        decisions.append(entry)
    return decisions, desk


def check_books(ledger: DynamoLedger) -> None:
    """Hold the limit and every counter against the rows of the table."""
    orders, _ = ledger.orders(state=None, symbol=None, limit=500, cursor=None)
    approved = [each for each in orders if each.state is OrderState.INTENT]
    risk = ledger.risk()
    assert len(orders) == SIGNALS
    assert len(approved) == ROOM
    rows = sum(each.reserved_value for each in approved)
    over = risk.gross_used - LIMITS.gross_exposure
    assert over <= 0
    # Whole shares of 40: fourteen orders of 7,000 fit into the cash, one more would not.
    assert risk.gross_used == risk.open_reserved == rows == ROOM * 7000
    assert sum(risk.symbol_used.values()) == rows
    assert risk.open_orders == len(approved)
    own = ledger.strategy_holdings("sma-cross")
    assert sum(each.pending_buy for each in own) == sum(each.terms.quantity for each in approved)
    assert {each.code for each in orders if each not in approved} <= {
        "BUYING_POWER",
        "EXPOSURE_GROSS",
    }
