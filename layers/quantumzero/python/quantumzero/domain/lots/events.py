"""What happened to the account, as far as lots and profit follow from it: trades, splits, dividends, fees.

Every event is immutable and has a name of its own. sequence is the version that the symbol's position had after it (0:
before there was one): the order in which the ledger booked things, whatever the clocks said. Events of a release that
did not note it have None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from quantumzero.domain.portfolio import Position

_ZERO = Decimal(0)


class IncomeKind(StrEnum):
    DIVIDEND = "dividend"
    FEE = "fee"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Trade:
    """A fill, or a holding that the books were opened with.

    quantity is positive for a purchase and negative for a sale; cost is the money that moved, never negative, and fee
    what the broker took for it. strategy is None for what the books were opened with. order names the order.
    """

    id: str
    symbol: str
    strategy: str | None
    quantity: Decimal
    cost: Decimal
    at: datetime
    sequence: int | None = None
    fee: Decimal = _ZERO
    order: str | None = None

    @property
    def cash(self) -> Decimal:
        """Return what the trade added to the account's cash, its fee taken off."""
        return (-self.cost if self.quantity > 0 else self.cost) - self.fee


@dataclass(frozen=True, slots=True)
class SplitApplied:
    """A split that the ledger multiplied its quantities by: each old shares became new shares."""

    id: str
    symbol: str
    new: int
    old: int
    at: datetime
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A position that somebody made equal to the broker's: quantity is what came (negative: went) without a trade.

    What went is taken out of the oldest lots at their own cost, without profit; what came is a lot at that price a
    share.
    """

    id: str
    symbol: str
    strategy: str | None
    quantity: Decimal
    price: Decimal
    at: datetime
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Income:
    """Money that came or went without a trade: a dividend (negative when paid on a short holding), a fee (negative)."""

    id: str
    kind: IncomeKind
    amount: Decimal
    at: datetime
    symbol: str | None = None


PositionEvent = Trade | SplitApplied | Corrected
AccountEvent = PositionEvent | Income


def opening_trades(positions: Iterable[Position], session: date) -> list[Trade]:
    """Return the holdings that the books were opened with; when they were bought, the broker does not tell."""
    at = datetime.combine(session, time(0), EXCHANGE_ZONE).astimezone(UTC)
    return [
        Trade(f"opening#{each.symbol}", each.symbol, None, each.quantity, abs(each.cost), at, 1)
        for each in positions
        if each.quantity
    ]


def in_order(events: Iterable[PositionEvent]) -> Sequence[PositionEvent]:
    """Return one symbol's events in the order in which they were booked; the same for any order of the input.

    Positions count their versions without a gap, so events without a sequence fill the gaps, oldest first, equal times
    by name.
    """
    found = list(events)
    known = sorted(
        ((each.sequence, each.id, each) for each in found if each.sequence is not None),
        key=lambda each: each[:2],
    )
    unknown = sorted(
        (each for each in found if each.sequence is None), key=lambda each: (each.at, each.id)
    )
    ordered: list[PositionEvent] = []
    waiting = iter(unknown)
    expected = 1
    for sequence, _, event in known:
        for _ in range(expected, sequence):
            ordered.extend(each for each in (next(waiting, None),) if each is not None)
        ordered.append(event)
        expected = sequence + 1
    return [*ordered, *waiting]
