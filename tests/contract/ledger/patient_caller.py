"""A caller of the ledger that does what the use cases do: read again, decide again, a bounded number of times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from quantumzero.domain.errors import ConflictError, RetryableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.reconciliation import Correction
    from tests.contract.ledger.faults import Sky

ATTEMPTS = 8
Answer = TypeVar("Answer")


class PatientCaller:
    """Stands in front of a ledger under a sky; every method of the ledger, repeated while an error allows it."""

    def __init__(self, ledger: Any, sky: Sky) -> None:
        self._ledger = ledger
        self._sky = sky

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._ledger, name)

        def call(*arguments: Any, **named: Any) -> Any:
            unseen = self._sky.unseen
            answer = self._repeated(lambda: found(*arguments, **named))
            # False says that it is there already: here by an attempt of this very call that nobody answered.
            return True if answer is False and self._sky.unseen > unseen else answer

        return call if callable(found) else found

    def commit(self, change: LedgerChange) -> None:
        """Commit; an order that came to be as it was to be while nobody answered is committed."""
        after = change.transition.after
        name = after.terms.client_order_id
        found_before = self.order(name) == after

        def attempt() -> None:
            if found_before or self._ledger.order(name) != after:
                self._ledger.commit(change)

        self._repeated(attempt)

    def correct(self, correction: Correction) -> None:
        """Correct; a report that came to be accepted by this very correction is corrected."""
        report, acceptance = correction.report, correction.acceptance

        def accepted() -> bool:
            found = self._ledger.reconciliation(report)
            return found is not None and found.accepted == acceptance

        found_before = self._repeated(accepted)

        def attempt() -> None:
            if found_before or not accepted():
                self._ledger.correct(correction)

        self._repeated(attempt)

    def _repeated(self, attempt: Callable[[], Answer]) -> Answer:
        conflicts = refusals = 0
        while True:
            try:
                return attempt()
            except RetryableError as error:
                # A conflict is the answer that a test may wait for; the weather must not stand in for it.
                conflict = isinstance(error, ConflictError)
                conflicts, refusals = conflicts + conflict, refusals + (not conflict)
                if max(conflicts, refusals // 6) >= ATTEMPTS:
                    raise
