"""Where comparisons with the broker are kept, and how one of them is made the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.reconciliation import Correction, Reconciliation


class Reconciliations(Protocol):
    """The reports of one account."""

    def put_reconciliation(self, report: Reconciliation) -> None:
        """Store a report; the same id again replaces it."""

    def reconciliation(self, identifier: str) -> Reconciliation | None:
        """Return the report of that id, None when there is none."""

    def reconciliations(
        self, *, limit: int, cursor: str | None
    ) -> tuple[Sequence[Reconciliation], str | None]:
        """Return reports newest first and a cursor for the next page."""

    def correct(self, correction: Correction) -> None:
        """Write cash, positions, their events and the acceptance in one transaction.

        Raises ConflictError when anything moved since the comparison, or when it was accepted before.
        """
