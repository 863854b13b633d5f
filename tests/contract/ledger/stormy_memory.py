"""The ledger in memory behind the same faults: refused before it did anything, or done and never heard of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.domain.errors import ConflictError, UnavailableError
from tests.contract.ledger.faults import CONFLICTS, UNWRITTEN, Fault

if TYPE_CHECKING:
    from tests.contract.ledger.faults import Sky
    from tests.fakes.memory_ledger import MemoryLedger

_TRANSACTIONS = frozenset(
    {"commit", "correct", "initialise", "apply_split", "book_income", "raise_alert"}
)
WRITES = _TRANSACTIONS | {
    "mark_prepared",
    "name_lots",
    "put_equity",
    "put_reconciliation",
    "record_reconcile",
    "set_scope",
    "set_state",
}
# The table's client repeats a request itself when the answer fails to come: so the write may come twice.
_REPEATED = frozenset({Fault.REPLY_LOST, Fault.REPLY_BROKEN})


class StormyMemory:
    """Stands in front of a MemoryLedger: what is no method passes as it is."""

    def __init__(self, ledger: MemoryLedger, sky: Sky) -> None:
        self.ledger = ledger
        self._sky = sky

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.ledger, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            transaction, write = name in _TRANSACTIONS, name in WRITES
            fault = self._sky.next(transaction=transaction, write=write)
            if fault in CONFLICTS:
                raise ConflictError(f"{name}: another writer was first")
            if fault in UNWRITTEN:
                raise UnavailableError(f"{name}: {fault}")
            answer = found(*arguments, **named)
            if fault is None:
                return answer
            if write and answer is not False:
                self._sky.unseen += 1
            if fault in _REPEATED:
                return found(*arguments, **named)
            raise UnavailableError(f"{name}: {fault}")

        return call
