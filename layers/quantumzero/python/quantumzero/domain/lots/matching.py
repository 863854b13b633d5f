"""One book of lots: trades open lots and close others, oldest, newest or dearest first, or those that were named.

Long lots have a positive quantity and a positive basis (what was paid, fees in it). Short lots have both negative: the
basis is minus what was received, fees taken off. So the profit of a closing is always its cash less its basis, and

    sum of the cash of all trades + sum of the bases still open = sum of the realised profits,

to the last digit: what is taken of a lot is rounded to eight decimals, and the lot keeps exactly the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from quantumzero.domain.bars import Split
from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.domain.portfolio import apply_split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.lots.events import Corrected, SplitApplied, Trade

_MONEY = Decimal("0.00000001")
_ZERO = Decimal(0)


class Method(StrEnum):
    """Which lots a closing takes. HIFO takes the dearest first (of a short holding the cheapest): the least profit.

    SPECIFIC takes the lots that were named for the closing order, and by FIFO what was not named.
    """

    FIFO = "fifo"
    LIFO = "lifo"
    HIFO = "hifo"
    SPECIFIC = "specific"


@dataclass(frozen=True, slots=True)
class Lot:
    """What is still open of one opening trade."""

    id: str
    symbol: str
    strategy: str | None
    opened_at: datetime
    quantity: Decimal
    basis: Decimal
    order: str | None = None

    @property
    def unit_basis(self) -> Decimal:
        return self.basis / self.quantity


@dataclass(frozen=True, slots=True)
class WashSale:
    """What of a loss is disallowed, and the lots that replaced what was sold, with how much each replaced."""

    disallowed: Decimal
    replacements: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """What one trade closed of one lot. quantity and basis have the lot's sign, cash is what the closing brought."""

    lot: Lot
    quantity: Decimal
    basis: Decimal
    cash: Decimal
    closed_by: str
    closed_at: datetime
    strategy: str | None
    order: str | None = None
    wash_sale: WashSale | None = None

    @property
    def id(self) -> str:
        return f"{self.lot.id}>{self.closed_by}"

    @property
    def profit(self) -> Decimal:
        return self.cash - self.basis

    @property
    def long_term(self) -> bool:
        """Whether a long lot was held for more than a year, in days of the exchange; a short one never counts so."""
        opened = self.lot.opened_at.astimezone(EXCHANGE_ZONE).date()
        closed = self.closed_at.astimezone(EXCHANGE_ZONE).date()
        day_before = closed - timedelta(days=1)
        elapsed = day_before.year - opened.year
        reached = (day_before.month, day_before.day) >= (opened.month, opened.day)
        return self.quantity > 0 and (elapsed > 1 or (elapsed == 1 and reached))


@dataclass(slots=True)
class Opening:
    """A lot as it was opened: when in the book's order, and how much of it in shares of that time.

    growth is what one share of the book's beginning had become by then.
    """

    index: int
    lot: Lot
    growth: Fraction


@dataclass(slots=True)
class LotBook:
    """The lots of one symbol, booked in order; named says for an order which lots it closes, and how much of each."""

    method: Method
    named: Mapping[str, Sequence[tuple[str, Decimal]]] = field(default_factory=dict)
    lots: list[Lot] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    closed_at_index: list[tuple[int, Fraction]] = field(default_factory=list)
    growth: Fraction = Fraction(1)
    index: int = 0

    @property
    def quantity(self) -> Decimal:
        return sum((lot.quantity for lot in self.lots), _ZERO)

    @property
    def basis(self) -> Decimal:
        return sum((lot.basis for lot in self.lots), _ZERO)

    @property
    def realised(self) -> Decimal:
        return sum((closing.profit for closing in self.closings), _ZERO)

    def book(self, trade: Trade) -> None:
        """Close what the trade closes, and open a lot of the rest."""
        self.index += 1
        quantity, cash = trade.quantity, trade.cash
        for lot_id, most in self._plan(trade):
            if not quantity or not self.lots or self.lots[0].quantity * quantity > 0:
                break
            closed = min(most, abs(quantity))
            taken = _part(cash, closed, abs(quantity))
            self._close(lot_id, closed.copy_sign(-quantity), taken, trade)
            quantity += closed.copy_sign(-quantity)
            cash -= taken
        if quantity:
            lot = Lot(
                trade.id, trade.symbol, trade.strategy, trade.at, quantity, -cash, trade.order
            )
            self.lots.append(lot)
            self.openings.append(Opening(self.index, lot, self.growth))

    def correct(self, event: Corrected) -> None:
        """Take out of the oldest lots what is not there, or open a lot of what is there as well; no cash moves."""
        self.index += 1
        quantity = event.quantity
        for lot in tuple(self.lots):
            if not quantity or lot.quantity * quantity > 0:
                break
            closed = min(abs(lot.quantity), abs(quantity)).copy_sign(lot.quantity)
            self._close(lot.id, closed, None, event)
            quantity += closed
        if quantity:
            basis = (quantity * event.price).quantize(_MONEY)
            lot = Lot(event.id, event.symbol, event.strategy, event.at, quantity, basis)
            self.lots.append(lot)
            self.openings.append(Opening(self.index, lot, self.growth))

    def _plan(self, trade: Trade) -> Sequence[tuple[str, Decimal]]:
        """Return the lots to close in turn with the most to close of each."""
        if not self.lots or self.lots[0].quantity * trade.quantity > 0:
            return ()
        held = {lot.id: abs(lot.quantity) for lot in self.lots}
        plan: list[tuple[str, Decimal]] = []
        if self.method is Method.SPECIFIC and trade.order is not None:
            for name, most in self.named.get(trade.order, ()):
                taken = min(most, held.get(name, _ZERO))
                if taken > 0:
                    plan.append((name, taken))
                    held[name] -= taken
        plan += [(lot.id, held[lot.id]) for lot in self._ranked() if held[lot.id]]
        return plan

    def _ranked(self) -> Sequence[Lot]:
        if self.method is Method.LIFO:
            return self.lots[::-1]
        if self.method is Method.HIFO:
            return sorted(
                self.lots, key=lambda lot: -lot.unit_basis if lot.quantity > 0 else lot.unit_basis
            )
        return self.lots

    def _close(
        self, lot_id: str, quantity: Decimal, cash: Decimal | None, event: Trade | Corrected
    ) -> None:
        """Close the quantity of the lot for that cash; None is what it had cost."""
        place = next(place for place, lot in enumerate(self.lots) if lot.id == lot_id)
        lot = self.lots[place]
        basis = _part(lot.basis, abs(quantity), abs(lot.quantity))
        if quantity == lot.quantity:
            del self.lots[place]
        else:
            self.lots[place] = replace(
                lot, quantity=lot.quantity - quantity, basis=lot.basis - basis
            )
        brought = basis if cash is None else cash
        order = getattr(event, "order", None)
        self._note(
            Closing(lot, quantity, basis, brought, event.id, event.at, event.strategy, order)
        )

    def _note(self, closing: Closing) -> None:
        """Keep the closing; a lot that one trade takes from twice (named, then by turn) is closed once, by the sum."""
        for place in range(len(self.closings) - 1, -1, -1):
            other = self.closings[place]
            if other.closed_by != closing.closed_by:
                break
            if other.lot.id == closing.lot.id:
                self.closings[place] = replace(
                    other,
                    quantity=other.quantity + closing.quantity,
                    basis=other.basis + closing.basis,
                    cash=other.cash + closing.cash,
                )
                return
        self.closings.append(closing)
        self.closed_at_index.append((self.index, self.growth))

    def split(self, event: SplitApplied, before: Decimal = _ZERO) -> Decimal:
        """Multiply the lots, their bases kept, and return what was held before the split up to this book's end.

        before is what other books of the same holding come first with: each lot gets the difference of two rounded
        sums, so that the lots of all books add up to the account's quantity as the ledger rounds it. A lot that is
        rounded away is closed for nothing.
        """
        self.index += 1
        self.growth *= Fraction(event.new, event.old)
        split = Split(event.symbol, event.id, event.new, event.old)
        kept = []
        for lot in self.lots:
            after = before + lot.quantity
            quantity = apply_split(after, split) - apply_split(before, split)
            before = after
            if quantity:
                kept.append(replace(lot, quantity=quantity))
            else:
                self._note(Closing(lot, _ZERO, lot.basis, _ZERO, event.id, event.at, lot.strategy))
        self.lots = kept
        return before


def _part(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return the part's share of the amount, rounded to eight decimals; the whole has all of it."""
    return amount if part == whole else (amount * part / whole).quantize(_MONEY)
