"""The limits of the ledger in memory: the same conditions as on the table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quantumzero.domain.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.limit_changes import LimitChange, LimitPlan
    from tests.fakes.memory_ledger import MemoryLedger


class HeldLimits:
    """Implements LimitStore over a MemoryLedger."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self._waiting: dict[str, LimitChange] = {}
        self._rows: dict[tuple[object, str, object, str], LimitChange] = {}

    def risk(self) -> AccountRisk:
        return self._ledger.risk()

    def waiting(self) -> Sequence[LimitChange]:
        return [self._waiting[name] for name in sorted(self._waiting)]

    def history(self, *, limit: int) -> Sequence[LimitChange]:
        return [self._rows[key] for key in sorted(self._rows, reverse=True)][:limit]

    def store(self, plan: LimitPlan) -> None:
        risk = self.risk()
        known = {each.name: each for each in plan.known}
        waits = {each.name: each for each in plan.waiting}
        touched = [
            name for name in known.keys() | waits.keys() if known.get(name) != waits.get(name)
        ]
        rows = {
            _key(each): each for each in (*plan.waiting, *plan.settled) if each not in plan.known
        }
        if (
            (risk.limits.version, risk.limits_due) != (plan.version, plan.due_before)
            or any(self._waiting.get(name) != known.get(name) for name in touched)
            or rows.keys() & self._rows.keys()
        ):
            raise ConflictError("the limits have moved")
        self._waiting = {**{n: e for n, e in self._waiting.items() if n not in touched}}
        self._waiting |= {name: waits[name] for name in touched if name in waits}
        self._rows |= rows
        self._ledger._risk = replace(risk, limits=plan.limits, limits_due=plan.due)


def _key(change: LimitChange) -> tuple[object, str, object, str]:
    return change.asked_at, change.name, change.effective_at, change.state.value
