"""The ledger in memory, watched: every write is followed by the invariants; it can be copied and restored."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.fakes.memory_ledger import MemoryLedger

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.domain.bars import Split
    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.ports.ledger import LedgerAlert
    from tests.simulation.invariants import Invariants


class WatchedLedger(MemoryLedger):
    """MemoryLedger whose writes are checked; what it holds is never changed in place, so a copy is cheap."""

    watch: Invariants | None = None

    def commit(self, change: LedgerChange) -> None:
        names = [each.after.terms.client_order_id for each in change.transitions]
        before = [self.records.get(name) for name in names]
        super().commit(change)
        if self.watch is not None:
            self.watch.after_commit(before, change)

    def apply_split(self, split: Split, *, at: datetime) -> bool:
        applied = super().apply_split(split, at=at)
        if applied and self.watch is not None:
            self.watch.after_split(split)
        return applied

    def raise_alert(self, alert: LedgerAlert) -> None:
        super().raise_alert(alert)
        if self.watch is not None:
            self.watch.after_alert(alert.message)

    def copied(self) -> dict[str, Any]:
        """Return what the ledger holds now."""
        return {name: copy.copy(value) for name, value in vars(self).items() if name != "watch"}

    def restore(self, held: dict[str, Any]) -> None:
        """Go back to a copy, as a restored table does."""
        vars(self).update({name: copy.copy(value) for name, value in held.items()})
        if self.watch is not None:
            self.watch.begin()
