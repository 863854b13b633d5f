"""Show comparisons with the broker, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.contracts.formats import optional_decimal_text, utc_text
from quantumzero.contracts.reconciliations import (
    ReconciliationDifference,
    ReconciliationList,
    ReconciliationView,
)

if TYPE_CHECKING:
    from quantumzero.domain.reconciliation import Difference, Reconciliation
    from quantumzero.ports.reconciliations import Reconciliations


def list_reconciliations(
    *, reports: Reconciliations, limit: int, cursor: str | None
) -> ReconciliationList:
    """Return one page of reports."""
    found, following = reports.reconciliations(limit=limit, cursor=cursor)
    return ReconciliationList(
        reconciliations=[reconciliation_view(each) for each in found], next_cursor=following
    )


def reconciliation_view(report: Reconciliation) -> ReconciliationView:
    """Return a report as the API shows it."""
    accepted = report.accepted
    return ReconciliationView(
        id=report.id,
        at=utc_text(report.at),
        market_time=utc_text(report.market_time) if report.market_time else None,
        verdict=report.verdict.value,
        orders=report.orders,
        positions=report.positions,
        external=report.external,
        difference_count=report.difference_count,
        differences=[_difference(each) for each in report.differences],
        reason=report.reason,
        accepted_by=accepted.by if accepted else None,
        accepted_at=utc_text(accepted.at) if accepted else None,
        accepted_reason=accepted.reason if accepted else None,
    )


def _difference(each: Difference) -> ReconciliationDifference:
    return ReconciliationDifference(
        kind=each.kind.value,
        subject=each.subject,
        text=each.text,
        ledger=optional_decimal_text(each.ledger),
        broker=optional_decimal_text(each.broker),
    )
