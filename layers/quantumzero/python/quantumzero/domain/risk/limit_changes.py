"""Changing limits: what a value may be, what loosens and what tightens, and what a change does when.

What tightens works at once. What loosens waits, and takes effect by whoever reads the limits from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError, RefusedError
from quantumzero.domain.risk.limit_values import limit_text, looser, read_limit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.risk.limits import RiskLimits


class ChangeState(StrEnum):
    """PENDING waits for its time; WITHDRAWN gave way to a newer change of the same limit or to the ceiling."""

    PENDING = "pending"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class LimitChange:
    """One change of one limit as it was asked; old and new in words, times are the machine's.

    version is that of the limits which it made, None until then.
    """

    name: str
    old: str
    new: str
    author: str
    reason: str
    asked_at: datetime
    effective_at: datetime
    state: ChangeState
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for a change, why, when, and from when on what is loosened works."""

    author: str
    reason: str
    at: datetime
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class LimitPlan:
    """What is written in one transaction, on condition that the limits still are of version and due as read.

    changed names the limits that have new values in limits. known are the changes that waited before, waiting those
    that wait after, settled those that no longer do.
    """

    version: int
    due_before: datetime | None
    limits: RiskLimits
    changed: Sequence[str]
    known: Sequence[LimitChange]
    waiting: Sequence[LimitChange]
    settled: Sequence[LimitChange]

    @property
    def due(self) -> datetime | None:
        """Return when the next change takes effect."""
        return min((each.effective_at for each in self.waiting), default=None)


def ask(
    limits: RiskLimits,
    known: Sequence[LimitChange],
    values: Mapping[str, str],
    *,
    request: Request,
    due: datetime | None,
    ceilings: Mapping[str, Decimal],
) -> LimitPlan:
    """Return the plan of a request: what tightens is applied, what loosens waits until it takes effect.

    A change of a limit withdraws the one of it that waits. Raises InvalidInputError on a value that cannot be,
    RefusedError above a ceiling.
    """
    new, waiting, settled = limits, [each for each in known if each.name not in values], []
    settled += [replace(each, state=ChangeState.WITHDRAWN) for each in known if each.name in values]
    changed = []
    for name, text in values.items():
        value, old = read_limit(name, text), getattr(limits, name)
        loosens = looser(name, old, value)
        if loosens:
            _below_ceiling(name, value, ceilings)
        asked = LimitChange(
            name,
            limit_text(name, old),
            limit_text(name, value),
            request.author,
            request.reason,
            request.at,
            request.effective_at if loosens else request.at,
            ChangeState.PENDING,
        )
        if loosens:
            waiting.append(asked)
            continue
        if value != old:
            changed.append(name)
            new = replace(new, **{name: value})
        settled.append(asked)
    return _plan(limits, new, changed, known, waiting, settled, due)


def take_effect(
    limits: RiskLimits,
    known: Sequence[LimitChange],
    *,
    at: datetime,
    due: datetime | None,
    ceilings: Mapping[str, Decimal],
) -> LimitPlan | None:
    """Return the plan that applies what is due by now, None when nothing is.

    A change that is above the ceiling by now is withdrawn.
    """
    ready = [each for each in known if each.effective_at <= at]
    if not ready:
        return None
    new, changed, settled = limits, [], []
    for each in ready:
        value = read_limit(each.name, each.new)
        try:
            _below_ceiling(each.name, value, ceilings)
        except RefusedError:
            settled.append(replace(each, state=ChangeState.WITHDRAWN))
            continue
        changed.append(each.name)
        new = replace(new, **{each.name: value})
        settled.append(each)
    waiting = [each for each in known if each not in ready]
    return _plan(limits, new, changed, known, waiting, settled, due)


def loosens_any(limits: RiskLimits, values: Mapping[str, str]) -> bool:
    """Tell whether the request loosens a limit."""
    read = {name: read_limit(name, text) for name, text in values.items()}
    return any(looser(name, getattr(limits, name), value) for name, value in read.items())


def read_ceilings(text: str) -> Mapping[str, Decimal]:
    """Read ceilings as the deployment gives them: `gross_exposure=1000000,order_value=250000`."""
    ceilings = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, value = part.partition("=")
        number = read_limit(name, value)
        if isinstance(number, bool) or not hasattr(number, "is_finite"):
            raise InvalidInputError(f"the ceiling of {name} was {value}; it must be a number")
        ceilings[name] = number
    return ceilings


def _plan(
    limits: RiskLimits,
    new: RiskLimits,
    changed: Sequence[str],
    known: Sequence[LimitChange],
    waiting: Sequence[LimitChange],
    settled: Sequence[LimitChange],
    due: datetime | None,
) -> LimitPlan:
    version = limits.version + 1 if changed else limits.version
    finished = [
        replace(each, state=ChangeState.APPLIED, version=version)
        if each.state is ChangeState.PENDING
        else each
        for each in settled
    ]
    limits_after = replace(new, version=version)
    return LimitPlan(limits.version, due, limits_after, changed, known, waiting, finished)


def _below_ceiling(name: str, value: object, ceilings: Mapping[str, Decimal]) -> None:
    ceiling = ceilings.get(name)
    if ceiling is None or (value is not None and not looser(name, ceiling, value)):
        return
    raise RefusedError(
        f"{name} was {limit_text(name, value)}; this deployment allows {ceiling:f} at most, "
        "and only a deployment changes that"
    )
