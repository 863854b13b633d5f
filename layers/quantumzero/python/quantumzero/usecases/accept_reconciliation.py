"""An administrator's word that the broker is right: the differences of one report become corrections of the books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError, NotFoundError, RefusedError
from quantumzero.domain.reconciliation import Acceptance, Reconciliation, correction_of

if TYPE_CHECKING:
    from quantumzero.ports.clocks import MachineClock
    from quantumzero.ports.ledger import AccountLedger
    from quantumzero.ports.reconciliations import Reconciliations


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptReconciliation:
    """Accept one report; nothing is traded, and trading resumes only after the next clean comparison."""

    reports: Reconciliations
    books: AccountLedger
    machine: MachineClock

    def accept(self, identifier: str, *, by: str, reason: str) -> Reconciliation:
        """Correct the books to the broker's figures and return the accepted report; accepting again changes nothing.

        Raises NotFoundError, and RefusedError when the books have moved since the comparison or figures do not help.
        """
        report = self._stored(identifier)
        if report.accepted is not None:
            return report
        held = {each.symbol: each for each in self.books.picture().positions}
        correction = correction_of(report, Acceptance(by, reason, self.machine.now()), held)
        try:
            self.reports.correct(correction)
        except ConflictError as error:
            accepted = self._stored(identifier)
            if accepted.accepted is not None:
                return accepted
            raise RefusedError(
                f"the books have moved since reconciliation {identifier}; wait for the next one and accept that"
            ) from error
        return self._stored(identifier)

    def _stored(self, identifier: str) -> Reconciliation:
        report = self.reports.reconciliation(identifier)
        if report is None:
            raise NotFoundError(
                f"there is no reconciliation {identifier}; GET /v1/reconciliations lists them"
            )
        return report
