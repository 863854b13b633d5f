"""Everything that a ledger can be asked to write, and everything that can be read of it afterwards."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.adapters.aws.ledger_fills import fills_of
from quantumzero.domain import order_lifecycle, order_snapshots
from quantumzero.domain.bars import Split
from quantumzero.domain.errors import ConflictError
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.lots.events import Income, IncomeKind
from quantumzero.domain.orders import OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.reconciliation import Reconciliation, correction_of
from quantumzero.domain.risk.account_risk import TradingState, strategy_scope
from quantumzero.ports.ledger import EquitySnapshot, LedgerAlert
from quantumzero.ports.lots import NamedLots
from tests.contract.ledger.opening import open_books
from tests.contract.ledger.test_ledger import ACTIVE, NOW, PRICE, intend, snapshot
from tests.contract.ledger.test_reconciliations import ACCEPTANCE, CASH, POSITION, differing

if TYPE_CHECKING:
    from collections.abc import Callable

# The order of qz1-a as it was before anything happened to it.
INTENDED = order_lifecycle.intend(
    OrderTerms("qz1-a", "decision-1", "sma-cross", "AAPL", Side.BUY, Decimal(10)),
    at=NOW,
    recorded_at=NOW,
    reference_price=PRICE,
).after


@dataclass(frozen=True, slots=True)
class Writing:
    """One write of the port: what it does, and what doing it again answers (a value, or the error it raises).

    One that is not whole is written in steps: what a lost reply left undone, doing it again completes.
    """

    name: str
    act: Callable[[Any], object]
    again: object = None
    books: bool = True
    whole: bool = True
    transaction: bool = False

    def __str__(self) -> str:
        return self.name


def prepared(ledger: Any) -> None:
    """Open books with an order that works, one that is named, and a report that differs."""
    open_books(ledger)
    intend(ledger, "qz1-a")
    ledger.put_reconciliation(differing(POSITION, CASH))


def _intend(ledger: Any) -> None:
    intend(ledger, "qz1-b", 3, ACTIVE, symbol="IBM")


def _fill(ledger: Any) -> None:
    """Apply the whole fill on what the order was, as it was read before anything happened."""
    step = order_snapshots.apply_snapshot(INTENDED, snapshot(INTENDED, 10, "filled"))
    assert step is not None
    ledger.commit(change_of(step, Position("AAPL"), at=NOW))


def _correct(ledger: Any) -> None:
    report: Reconciliation = differing(POSITION, CASH)
    ledger.correct(correction_of(report, ACCEPTANCE, {}))


def _halt(ledger: Any) -> None:
    ledger.set_state(TradingState.HALTED, by="ada", reason="stop", at=NOW)


def _halt_from_epoch(ledger: Any) -> None:
    ledger.set_state(TradingState.HALTED, by="ada", reason="stop", at=NOW, epoch=0)


def _scope(ledger: Any) -> None:
    scope = strategy_scope("sma-cross")
    ledger.set_scope(scope, TradingState.REDUCING, by="ada", reason="exits", at=NOW)


LATER = NOW + timedelta(hours=1)
INCOME = Income("20050301::d1", IncomeKind.DIVIDEND, Decimal("12.34"), NOW, "AAPL")
WRITINGS = (
    Writing("opening the books", open_books, again=False, books=False, transaction=True),
    Writing("an intent", _intend, again=ConflictError, transaction=True),
    Writing("a fill", _fill, again=ConflictError, transaction=True),
    Writing(
        "a split",
        lambda ledger: ledger.apply_split(Split("AAPL", "2005-03-02", 2, 1), at=NOW),
        again=False,
        transaction=True,
    ),
    Writing("an income", lambda ledger: ledger.book_income(INCOME), again=False, transaction=True),
    Writing("a correction", _correct, again=ConflictError, transaction=True),
    Writing("a halt", _halt),
    Writing("a halt from an epoch", _halt_from_epoch),
    Writing("a scope", _scope),
    Writing(
        "a comparison's verdict",
        lambda ledger: ledger.record_reconcile(clean=True, at=NOW, market_time=NOW),
    ),
    Writing("a prepared session", lambda ledger: ledger.mark_prepared(date(2005, 3, 4))),
    Writing(
        "a session's equity",
        lambda ledger: ledger.put_equity(EquitySnapshot(LATER, Decimal(2000), Decimal(7))),
        whole=False,
    ),
    Writing(
        "an alert",
        lambda ledger: ledger.raise_alert(LedgerAlert("a", NOW, "warning", "look")),
        transaction=True,
    ),
    Writing(
        "named lots",
        lambda ledger: ledger.name_lots(NamedLots("qz1-b", [("qz1-a#2", Decimal(1))], "ada", NOW)),
        again=False,
    ),
    Writing("a report", lambda ledger: ledger.put_reconciliation(differing(CASH))),
)


def stored(ledger: Any) -> object:
    """Return what the ledger is made of, to the last item: the table's, or memory's own."""
    if isinstance(ledger, DynamoLedger):
        return [
            item
            for partition in (ledger.partition, fills_of(ledger.partition))
            for item in ledger.query(
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": partition}},
            )
        ]
    return {name: copy.deepcopy(value) for name, value in vars(ledger.ledger).items()}


def told(ledger: Any) -> dict[str, object]:
    """Return everything that the ledger says of the account."""
    if ledger.prepared_until() is None:
        return {"books": "none", "events": list(ledger.account_events())}
    picture = ledger.picture()
    return {
        "orders": [ledger.order(name) for name in ("qz1-a", "qz1-b")],
        "steps": [list(ledger.order_events(name)) for name in ("qz1-a", "qz1-b")],
        "open": list(ledger.open_orders()),
        "held": list(ledger.held_orders()),
        "risk": ledger.risk(),
        "cash": (picture.cash, picture.cash_version),
        "positions": sorted(picture.positions, key=lambda each: each.symbol),
        "shares": [list(ledger.strategy_holdings(name)) for name in ("sma-cross", "external")],
        "events": sorted(ledger.account_events(), key=lambda each: each.id),
        "named": ledger.named_lots(),
        "equity": list(ledger.equity_snapshots(limit=9)),
        "alerts": list(ledger.alerts(limit=9)),
        "reports": list(ledger.reconciliations(limit=9, cursor=None)[0]),
        "prepared": ledger.prepared_until(),
    }
