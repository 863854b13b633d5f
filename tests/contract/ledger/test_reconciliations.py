"""Reports of comparisons and the corrections that follow from them, on every ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.errors import ConflictError, InvalidInputError
from quantumzero.domain.portfolio import Position
from quantumzero.domain.reconciliation import (
    Acceptance,
    Difference,
    DifferenceKind,
    Reconciliation,
    Verdict,
    correction_of,
    report_id,
)

if TYPE_CHECKING:
    from tests.contract.ledger.conftest import Ledger

NOW = datetime(2005, 3, 1, 21, 0, 0, 250, tzinfo=UTC)
ACCEPTANCE = Acceptance("admin", "a dividend", NOW + timedelta(minutes=3))


def report(minutes: int, **changes: object) -> Reconciliation:
    at = NOW + timedelta(minutes=minutes)
    values: dict[str, object] = {
        "id": report_id(at),
        "at": at,
        "market_time": at - timedelta(seconds=1),
        "verdict": Verdict.CLEAN,
        "orders": 3,
        "positions": 2,
        "external": 1,
    }
    return Reconciliation(**{**values, **changes})  # type: ignore[arg-type]  # built by name


def differing(*differences: Difference) -> Reconciliation:
    return report(
        1,
        verdict=Verdict.DIFFERS,
        difference_count=len(differences),
        differences=differences,
    )


POSITION = Difference(
    DifferenceKind.POSITION,
    "IBM",
    "IBM: the ledger holds 0, the broker 3",
    Decimal(0),
    Decimal(3),
    0,
    Decimal("40.5"),
)
CASH = Difference(
    DifferenceKind.CASH,
    "cash",
    "cash: the ledger has 1000, the broker 1000.25",
    Decimal(1000),
    Decimal("1000.25"),
    1,
)


def test_a_report_is_read_as_it_was_written(ledger: Ledger) -> None:
    for each in (
        report(0),
        differing(POSITION, CASH),
        report(2, verdict=Verdict.NO_VERDICT, market_time=None, reason="the broker is away"),
    ):
        ledger.put_reconciliation(each)
        assert ledger.reconciliation(each.id) == each
    assert ledger.reconciliation("never") is None


def test_reports_come_newest_first_page_by_page(ledger: Ledger) -> None:
    stored = [report(minutes) for minutes in range(5)]
    for each in stored:
        ledger.put_reconciliation(each)
    found: list[Reconciliation] = []
    cursor = None
    for _ in range(3):
        page, cursor = ledger.reconciliations(limit=2, cursor=cursor)
        found += page
    assert (found, cursor) == (stored[::-1], None)
    with pytest.raises(InvalidInputError, match="cursor was"):
        ledger.reconciliations(limit=2, cursor="somewhere else")


def test_a_correction_moves_everything_at_once_and_only_once(ledger: Ledger) -> None:
    stored = differing(POSITION, CASH)
    ledger.put_reconciliation(stored)
    correction = correction_of(stored, ACCEPTANCE, {})
    ledger.correct(correction)
    assert ledger.cash() == Decimal("1000.25")
    held = ledger.position("IBM")
    assert (held.quantity, held.cost, held.exposure, held.version) == (
        3,
        Decimal("121.5"),
        Decimal("121.5"),
        1,
    )
    risk = ledger.risk()
    assert (risk.gross_used, risk.symbol_used["IBM"]) == (Decimal("121.5"), Decimal("121.5"))
    [part] = ledger.strategy_holdings("external")
    assert (part.symbol, part.quantity) == ("IBM", 3)
    accepted = ledger.reconciliation(stored.id)
    assert accepted is not None
    assert accepted.accepted == ACCEPTANCE
    with pytest.raises(ConflictError):
        ledger.correct(correction)
    assert ledger.cash() == Decimal("1000.25")


def test_a_correction_of_books_that_have_moved_changes_nothing(ledger: Ledger) -> None:
    first, second = (
        differing(CASH),
        report(2, verdict=Verdict.DIFFERS, differences=(POSITION, CASH)),
    )
    for each in (first, second):
        ledger.put_reconciliation(each)
    ledger.correct(correction_of(first, ACCEPTANCE, {}))
    with pytest.raises(ConflictError):
        ledger.correct(correction_of(second, ACCEPTANCE, {}))
    assert ledger.position("IBM") == Position("IBM")
    stored = ledger.reconciliation(second.id)
    assert stored is not None
    assert stored.accepted is None
    assert ledger.strategy_holdings("external") == []


def test_a_position_that_is_gone_at_the_broker_frees_its_exposure(ledger: Ledger) -> None:
    stored = differing(POSITION)
    ledger.put_reconciliation(stored)
    ledger.correct(correction_of(stored, ACCEPTANCE, {}))
    held = ledger.position("IBM")
    gone = Difference(DifferenceKind.POSITION, "IBM", "gone", Decimal(3), Decimal(0), 1, None)
    later = report(5, verdict=Verdict.DIFFERS, difference_count=1, differences=(gone,))
    ledger.put_reconciliation(later)
    ledger.correct(correction_of(later, ACCEPTANCE, {"IBM": held}))
    assert (ledger.position("IBM").quantity, ledger.risk().gross_used) == (0, 0)
    [part] = ledger.strategy_holdings("external")
    assert part.quantity == 0
