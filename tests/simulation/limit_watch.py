"""Which limits are in force: followed from what was asked, never from what the product says about it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.fakes.held_limits import HeldLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta
    from decimal import Decimal

    from quantumzero.domain.risk.account_risk import RiskLimits
    from quantumzero.domain.risk.limit_changes import LimitPlan
    from tests.fakes.memory_ledger import MemoryLedger

NAMES = ("gross_exposure", "symbol_exposure", "order_value")


class LimitWatch(HeldLimits):
    """The limits in memory, watched: one is raised only when it was asked for long enough ago.

    allowed is what may be used: the gross limit; after it was lowered what was in use then, until that is less. highest
    is the highest gross limit that ever was in force.
    """

    def __init__(
        self,
        ledger: MemoryLedger,
        ensure: Callable[[str, bool, str], None],
        now: Callable[[], datetime],
        delay: timedelta,
    ) -> None:
        super().__init__(ledger)
        self._ensure = ensure
        self._machine_now = now
        self._delay = delay
        self._asked: list[tuple[str, Decimal, datetime]] = []
        self.moved: Counter[str] = Counter()
        self.allowed = self.highest = ledger.risk().limits.gross_exposure

    def ask(self, values: Mapping[str, Decimal]) -> None:
        """Note what is about to be asked for."""
        now = self._machine_now()
        self._asked += [(name, value, now) for name, value in values.items()]

    def store(self, plan: LimitPlan) -> None:
        before = self._ledger.risk().limits
        super().store(plan)
        self._check(before, self._ledger.risk().limits)

    def after_use(self, used: Decimal) -> None:
        """Note what is in use after a write: what is above a lowered limit only becomes less."""
        limit = self._ledger.risk().limits.gross_exposure
        self.allowed = max(limit, min(self.allowed, used))

    def _check(self, before: RiskLimits, after: RiskLimits) -> None:
        now = self._machine_now()
        for name in NAMES:
            old, new = getattr(before, name), getattr(after, name)
            ready = any(
                (each, value) == (name, new) and (new < old or now - at >= self._delay)
                for each, value, at in self._asked
            )
            text = f"{name} went from {old} to {new}, which nobody asked for long enough ago"
            self._ensure("I5", new == old or ready, text)
            if new != old:
                self.moved["limit raised" if new > old else "limit lowered"] += 1
        self.highest = max(self.highest, after.gross_exposure)
        self.allowed = max(after.gross_exposure, self._ledger.risk().gross_used)
