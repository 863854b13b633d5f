"""The limits of an account as data: what is in force, what waits, and who changed what when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.limit_changes import LimitChange, LimitPlan


class LimitStore(Protocol):
    """Reads and changes the limits of one account."""

    def risk(self) -> AccountRisk:
        """Return the limits in force with their version. Raises StoppedError when the account has no books."""

    def waiting(self) -> Sequence[LimitChange]:
        """Return the changes that do not work yet, one a limit at most, by name."""

    def history(self, *, limit: int) -> Sequence[LimitChange]:
        """Return the newest steps of changes, newest first: asked, applied and withdrawn are a row each."""

    def store(self, plan: LimitPlan) -> None:
        """Write limits, waiting changes and rows together. Raises ConflictError when the limits have moved."""
