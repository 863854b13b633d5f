"""Comparisons with the broker behind the API: read, and accepted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.ledger import ledger
from quantumzero.usecases.accept_reconciliation import AcceptReconciliation
from quantumzero.usecases.list_reconciliations import list_reconciliations, reconciliation_view

if TYPE_CHECKING:
    from quantumzero.contracts import reconciliations as shapes
    from quantumzero.ports.reconciliations import Reconciliations


@dataclass(frozen=True, slots=True)
class Comparisons:
    """The operations on /v1/reconciliations; tests make it of fakes."""

    reports: Reconciliations
    accepting: AcceptReconciliation

    def page(self, *, limit: int, cursor: str | None) -> shapes.ReconciliationList:
        return list_reconciliations(reports=self.reports, limit=limit, cursor=cursor)

    def accept(self, identifier: str, *, by: str, reason: str) -> shapes.ReconciliationView:
        return reconciliation_view(self.accepting.accept(identifier, by=by, reason=reason))


@cache
def ready_comparisons() -> Comparisons:
    """Return them over the account's ledger."""
    books = ledger()
    accepting = AcceptReconciliation(reports=books, books=books, machine=SystemClock())
    return Comparisons(books, accepting)
