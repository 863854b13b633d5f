"""Many deciders at once on the emulator: the limit holds to the unit, and no order is counted twice.

Moto is not thread-safe, so concurrency is proven here. 32 threads decide; every fifth signal is delivered twice, every
tenth transaction meets another one first.

Run: python -m tests.local_cloud.ledger.exposure_cap [--signals 1000]
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.orders import OrderState
from quantumzero.domain.risk.account_risk import RiskLimits
from quantumzero.domain.risk.proposal import NO_MODEL
from quantumzero.ports.ledger import AccountPicture
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.order_desk import OrderDesk
from tests.local_cloud.emulator.cloud import started

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quantumzero.domain.decisions import Decision
    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.orders import OrderRecord
    from quantumzero.usecases.decide_order import Verdict


THREADS = 32
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


@dataclass(frozen=True, slots=True)
class Crowd:
    """What came of many deciders: deliveries, how many had to be called again, seconds, conflicts and commits."""

    signals: int
    deliveries: int
    again: int
    seconds: float
    injected: int
    commits: int

    def __str__(self) -> str:
        return (
            f"{THREADS} threads, {self.deliveries} deliveries of {self.signals} signals in {self.seconds:.1f} s: "
            f"{self.deliveries / self.seconds:.0f} decisions/s, {self.commits / self.seconds:.0f} commits/s, "
            f"{self.injected} conflicts injected, {self.again} called again; above the limit by 0"
        )


def crowd(client: Any, signals: int) -> Crowd:
    """Let 32 threads decide the signals over one account of a new table, and hold its books against its rows."""
    table = f"ledger-cap-{signals}"
    create_ledger_table(client, table)
    ledger = CrowdedLedger(client, table=table, account="main")
    ledger.initialise(AccountPicture(CASH, 1, ()), LIMITS, session=date(2005, 3, 1))
    decisions, desk = entries(signals)
    deciding = replace(
        desk.decide, ledger=ledger, books=ledger, strategies=ledger, backoff=JitteredBackoff()
    )

    def decide(index: int) -> Verdict | None:
        try:
            return deciding.decide(decisions[index], NO_MODEL)
        except ConflictError:
            # The platform calls again later.
            return None

    deliveries = [*range(signals), *range(0, signals, TWICE)]
    started_at = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        first = list(pool.map(decide, deliveries))
    seconds = time.monotonic() - started_at
    again = [index for index, verdict in zip(deliveries, first, strict=True) if verdict is None]
    for index in again:
        while decide(index) is None:
            pass
    check_books(ledger, signals)
    return Crowd(signals, len(deliveries), len(again), seconds, ledger.injected, ledger.commits)


def entries(signals: int) -> tuple[list[Decision], OrderDesk]:
    """Return a decision to enter for each symbol, and the desk that has their bars."""
    desk = OrderDesk()
    decisions = []
    for index in range(signals):
        symbol = f"S{index:04}"
        desk.price(symbol, "40", desk.market.now())
        entry = desk.decision(symbol, Action.ENTER_LONG, percent_of_equity=Decimal(PERCENT))
        decisions.append(entry)
    return decisions, desk


def check_books(ledger: DynamoLedger, signals: int) -> None:
    """Hold the limit and every counter against the rows of the table."""
    orders = list(rows_of(ledger))
    approved = [each for each in orders if each.state is OrderState.INTENT]
    risk = ledger.risk()
    assert len(orders) == signals
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
    denied = {each.code for each in orders if each.state is OrderState.DENIED}
    assert denied <= {"BUYING_POWER", "EXPOSURE_GROSS"}


def rows_of(ledger: DynamoLedger) -> Iterator[OrderRecord]:
    """Yield every order of the table."""
    cursor: str | None = None
    while True:
        page, cursor = ledger.orders(state=None, symbol=None, limit=500, cursor=cursor)
        yield from page
        if cursor is None:
            return


def main(arguments: Sequence[str] | None = None) -> None:
    """Start an emulator, let the crowd decide, print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.local_cloud.ledger.exposure_cap")
    parser.add_argument("--signals", type=int, default=1000)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        cloud = started(Path(folder))
        try:
            print(crowd(cloud.client("dynamodb"), asked.signals))
        finally:
            cloud.emulator.stop()


if __name__ == "__main__":
    main()
