"""What a comparison of the ledger with the broker found, and what it takes to believe the broker.

Pure: a report is data, and a correction is computed from it alone, so that accepting it twice names the same events.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.errors import RefusedError
from quantumzero.domain.portfolio import Position

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

EXTERNAL_STRATEGY = "external"
# One transaction takes 100 actions; a corrected position needs three of them.
MOST_CORRECTIONS = 30
_MONEY = Decimal("0.00000001")
_ZERO = Decimal(0)


class Verdict(StrEnum):
    """CLEAN and DIFFERS are verdicts; NO_VERDICT says that the broker could not be read whole."""

    CLEAN = "clean"
    DIFFERS = "differs"
    NO_VERDICT = "no_verdict"


class DifferenceKind(StrEnum):
    ORDER = "order"
    POSITION = "position"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which ledger and broker differ, in words and figures.

    subject is a symbol, an order's id, or cash. version is the ledger's of that moment; price what one share cost at
    the broker.
    """

    kind: DifferenceKind
    subject: str
    text: str
    ledger: Decimal | None = None
    broker: Decimal | None = None
    version: int | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who believed the broker, when and why."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One comparison: id and at are machine time, market_time the market's.

    orders and positions count what was compared, external the orders in it that were not made here. differences may
    be fewer than difference_count: a report keeps the first. reason says why there is no verdict.
    """

    id: str
    at: datetime
    market_time: datetime | None
    verdict: Verdict
    orders: int = 0
    positions: int = 0
    external: int = 0
    difference_count: int = 0
    differences: Sequence[Difference] = ()
    reason: str | None = None
    accepted: Acceptance | None = None


@dataclass(frozen=True, slots=True)
class PositionCorrection:
    """A position as it was compared and as the broker has it; event names the correction for ever."""

    event: str
    before: Position
    after: Position


@dataclass(frozen=True, slots=True)
class CashCorrection:
    event: str
    before: Decimal
    after: Decimal
    version: int


@dataclass(frozen=True, slots=True)
class Correction:
    """Everything that one accepted report changes: written whole or not at all."""

    report: str
    acceptance: Acceptance
    positions: Sequence[PositionCorrection]
    cash: CashCorrection | None


def report_id(at: datetime) -> str:
    """Name a comparison by its moment: names sort as the comparisons happened."""
    return f"{at:%Y%m%dT%H%M%S.%fZ}"


def event_id(report: str, subject: str) -> str:
    """Name a correction by what it follows from: accepting again names the same."""
    return "correction-" + hashlib.sha256(f"{report}|{subject}".encode()).hexdigest()[:26]


def correction_of(
    report: Reconciliation, acceptance: Acceptance, held: Mapping[str, Position]
) -> Correction:
    """Return what makes the ledger equal to the broker as it was compared; held are the positions of now.

    Raises RefusedError for what cannot be corrected by figures (an order, a report without a verdict), and when the
    positions are no longer those that were compared.
    """
    _require_acceptable(report)
    positions = []
    for each in report.differences:
        if each.kind is DifferenceKind.POSITION:
            before = held.get(each.subject, Position(each.subject))
            if before.version != (each.version or 0):
                raise RefusedError(
                    f"{each.subject} has moved since reconciliation {report.id}; accept a newer one"
                )
            positions.append(
                PositionCorrection(event_id(report.id, each.subject), before, _position(each))
            )
    cash = [
        CashCorrection(
            event_id(report.id, "cash"),
            each.ledger or _ZERO,
            each.broker or _ZERO,
            each.version or 0,
        )
        for each in report.differences
        if each.kind is DifferenceKind.CASH
    ]
    return Correction(report.id, acceptance, positions, cash[0] if cash else None)


def _require_acceptable(report: Reconciliation) -> None:
    if report.verdict is not Verdict.DIFFERS:
        raise RefusedError(
            f"reconciliation {report.id} was {report.verdict}; only one that differs can be accepted"
        )
    orders = [each.subject for each in report.differences if each.kind is DifferenceKind.ORDER]
    if orders:
        raise RefusedError(
            f"reconciliation {report.id} differs in the orders {', '.join(orders[:5])}; look at them at the broker: "
            "figures alone cannot say what became of an order"
        )
    if report.difference_count > MOST_CORRECTIONS:
        raise RefusedError(
            f"reconciliation {report.id} has {report.difference_count} differences; at most {MOST_CORRECTIONS} are "
            "accepted at once: restore the ledger instead (docs/runbooks/restore.md)"
        )


def _position(difference: Difference) -> Position:
    quantity = difference.broker or _ZERO
    cost = (quantity * (difference.price or _ZERO)).quantize(_MONEY).normalize()
    version = (difference.version or 0) + 1
    return Position(difference.subject, quantity, cost, abs(cost), version)
