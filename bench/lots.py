"""How long one page of /v1/lots takes over an account of many fills: the ledger's table on moto and on the emulator.

Every order has its four events (intended, claimed, accepted, filled), as the ledger writes them. What is timed
is what the API does behind its route: the ledger's picture, its events, the lots of all of them, one page and every
sum; first by a new process, then again while nothing moved, then after one more fill.

Run: python -m bench.lots [fills]
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
from moto import mock_aws

from local.clients import client
from local.emulator.control import EmulatorSettings, start_emulator
from local.settings import EMULATOR_PYTHON
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.aws.ledger_fills import PAGE, sheet_item
from quantumzero.adapters.aws.ledger_table import Value, item_of, values_of
from quantumzero.adapters.aws.ledger_transactions import actions_of
from quantumzero.adapters.kept_lot_events import KeptLotEvents
from quantumzero.domain import order_lifecycle, order_snapshots
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.lots.matching import Method
from quantumzero.domain.orders import BrokerOrder, OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.ports.ledger import AccountPicture
from quantumzero.usecases.list_lots import list_lots
from tests.fakes.ledger_table import create_ledger_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.domain.order_lifecycle import Transition

FILLS, SYMBOLS, AT_ONCE = 10_000, 10, 25
GOALS = {"moto": 2.0, "the emulator": 5.0}
CASH = Decimal(10_000_000)
FIRST = datetime(2005, 3, 1, 14, 30, tzinfo=UTC)


class Books:
    """One account's orders, filled one after the other; its items are kept until they are put."""

    def __init__(self, ledger: DynamoLedger) -> None:
        self.ledger = ledger
        self.items: dict[str, Any] = {}
        self.positions: dict[str, Position] = {}
        self.fills = 0

    def trade(self, index: int) -> None:
        """Buy ten of a symbol, and sell seven of them the next time its turn comes."""
        symbol, at = f"S{index % SYMBOLS}", FIRST + timedelta(minutes=index)
        selling = index // SYMBOLS % 2 == 1
        side, quantity = (Side.SELL, 7) if selling else (Side.BUY, 10)
        terms = OrderTerms(f"qz1-{index:06}", "d", "sma-cross", symbol, side, Decimal(quantity))
        price = Decimal("10.01") + index % 37
        step = order_lifecycle.intend(terms, at=at, recorded_at=at, reference_price=price)
        self._keep(step, at)
        step = order_lifecycle.claim(step.after, claim_id="c", now=at, lease_until=at)
        self._keep(step, at)
        for status, filled in (("new", 0), ("filled", quantity)):
            snapshot = BrokerOrder(
                f"b-{index}", terms.client_order_id, symbol, side, terms.quantity,
                Decimal(filled), price if filled else None, status, at + timedelta(seconds=filled),
            )  # fmt: skip
            found = order_snapshots.apply_snapshot(step.after, snapshot)
            if found is not None:
                step = found
                self._keep(step, at)

    def _keep(self, step: Transition, at: datetime) -> None:
        symbol = step.after.terms.symbol
        change = change_of(step, self.positions.get(symbol, Position(symbol)), at=at)
        if change.position is not None:
            self.positions[symbol] = change.position
            self.fills += 1
        for action in actions_of(self.ledger, change):
            if "Put" in action and not action["Put"]["Item"]["sk"]["S"].startswith("O#"):
                item = action["Put"]["Item"]
                self.items[item["sk"]["S"]] = item

    def pack(self) -> None:
        """Turn the notes of fills into pages, as the readers of a living account have done page by page."""
        notes = sorted(name for name in self.items if name.startswith("F#"))
        for start in range(0, len(notes) - PAGE + 1, PAGE):
            fills = {
                name[2:]: values_of(self.items.pop(name)) for name in notes[start : start + PAGE]
            }
            sheet = sheet_item(self.ledger.partition, fills)
            self.items[sheet["sk"]["S"]] = sheet

    def put(self, dynamo: Any) -> None:
        """Put everything that is kept."""
        cash: dict[str, Value | None] = {
            "pk": self.ledger.partition,
            "sk": "CASH",
            "amount": CASH,
            "version": self.fills + 1,
        }
        items = [item_of(cash), *self.items.values()]
        self.items.clear()
        for start in range(0, len(items), AT_ONCE):
            requests = [{"PutRequest": {"Item": each}} for each in items[start : start + AT_ONCE]]
            dynamo.batch_write_item(RequestItems={self.ledger.table: requests})


def measured(dynamo: Any, fills: int) -> dict[str, float]:
    """Return the seconds of the readings, of a page by a new process, of the same again, and of one after a fill."""
    create_ledger_table(dynamo, "ledger")
    ledger = DynamoLedger(dynamo, table="ledger", account="main")
    ledger.initialise(AccountPicture(CASH, 1, ()), default_limits(CASH), session=date(2005, 3, 1))
    books = Books(ledger)
    for index in range(fills):
        books.trade(index)
    books.pack()
    books.put(dynamo)
    kept = KeptLotEvents(ledger)
    seconds = {"from_events": timed(ledger.every_fill), "read": timed(ledger.account_events)}
    seconds |= {"first": timed(lambda: page(kept)), "again": timed(lambda: page(kept))}
    books.trade(fills)
    books.put(dynamo)
    return seconds | {"after_a_fill": timed(lambda: page(kept))}


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def page(journal: KeptLotEvents) -> object:
    """Return the first page as the API asks for it; without prices, which are read elsewhere."""
    return list_lots(
        journal=journal, holdings=(), method=Method.FIFO, symbol=None, state=None, strategy=None,
        limit=100, cursor=None,
    )  # fmt: skip


def on_moto(fills: int) -> dict[str, float]:
    with mock_aws():
        session = botocore.session.get_session()
        session.set_credentials("testing", "testing")
        return measured(session.create_client("dynamodb", region_name="us-east-1"), fills)


def on_the_emulator(fills: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        emulator = start_emulator(
            EmulatorSettings(EMULATOR_PYTHON, home / "state", home / "emulator.log")
        )
        try:
            return measured(client("dynamodb", emulator.endpoint), fills)
        finally:
            emulator.stop()


def main(fills: int = FILLS) -> dict[str, Any]:
    """Measure both; print and return the seconds with their goals."""
    seconds = {"moto": on_moto(fills), "the emulator": on_the_emulator(fills)}
    figures = {"fills": fills, "goals": GOALS, "seconds": seconds}
    print(json.dumps(figures, indent=2))
    return figures


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
