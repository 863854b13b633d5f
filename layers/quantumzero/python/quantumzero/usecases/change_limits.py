"""Change the limits of the account: tighter at once, looser later and only after a fresh sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError, SignInAgainError
from quantumzero.domain.risk import limit_changes
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.limit_changes import LimitChange
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.clocks import MachineClock
    from quantumzero.ports.limits import LimitStore

# A sign-in older than this is asked for again before anything is loosened.
FRESH_SIGN_IN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLimits:
    """The one way in which limits change; ceilings and delay are the deployment's."""

    limits: LimitStore
    machine: MachineClock
    backoff: Backoff
    delay: timedelta
    ceilings: Mapping[str, Decimal]

    def change(
        self, values: Mapping[str, str], *, by: str, reason: str, signed_in_at: datetime | None
    ) -> Sequence[LimitChange]:
        """Return what became of each value that was asked: applied, or pending until it takes effect.

        Raises InvalidInputError on a value that cannot be, SignInAgainError when something is loosened without a fresh
        sign-in, RefusedError above a ceiling, ConflictError when other writers kept winning.
        """
        if not values:
            raise InvalidInputError("no limit was named; name at least one", field="body.changes")
        self.take_effect()
        return decide_until_committed(
            lambda: self._attempt(values, by, reason, signed_in_at), self.backoff
        )

    def take_effect(self) -> None:
        """Apply every change whose time has come."""
        decide_until_committed(self._apply_due, self.backoff)

    def in_force(self, risk: AccountRisk) -> bool:
        """Tell whether the limits that were read are those in force: nothing that waited is due."""
        return risk.limits_due is None or self.machine.now() < risk.limits_due

    def _apply_due(self) -> None:
        risk = self.limits.risk()
        if self.in_force(risk):
            return
        plan = limit_changes.take_effect(
            risk.limits,
            self.limits.waiting(),
            at=self.machine.now(),
            due=risk.limits_due,
            ceilings=self.ceilings,
        )
        if plan is not None:
            self.limits.store(plan)

    def _attempt(
        self, values: Mapping[str, str], by: str, reason: str, signed_in_at: datetime | None
    ) -> Sequence[LimitChange]:
        risk, now = self.limits.risk(), self.machine.now()
        if limit_changes.loosens_any(risk.limits, values):
            self._need_sign_in(signed_in_at, now)
        plan = limit_changes.ask(
            risk.limits,
            self.limits.waiting(),
            values,
            request=limit_changes.Request(by, reason, now, now + self.delay),
            due=risk.limits_due,
            ceilings=self.ceilings,
        )
        self.limits.store(plan)
        return [each for each in (*plan.settled, *plan.waiting) if each.asked_at == now]

    def _need_sign_in(self, signed_in_at: datetime | None, now: datetime) -> None:
        if signed_in_at is not None and now - signed_in_at <= FRESH_SIGN_IN:
            return
        when = "at an unknown time" if signed_in_at is None else f"{now - signed_in_at} ago"
        raise SignInAgainError(
            f"you signed in {when}; to loosen a limit sign in again and ask within {FRESH_SIGN_IN}"
        )
