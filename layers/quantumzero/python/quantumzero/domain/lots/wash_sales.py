"""Which losses may be wash sales: the same symbol was acquired within 30 days before or after the closing.

A help to find them, not tax advice. The rule is that of IRS Publication 550 ("Wash Sales"): a loss is disallowed as
far as substantially identical stock was bought within 30 days before or after the sale; each share bought replaces one
share sold, earliest losses first and, of each, earliest purchases first. A short sale closed at a loss is the same with
the stock sold short again. What this does not know: other accounts (a spouse's, a retirement account), options,
securities that are substantially identical under another symbol. The disallowed loss belongs to the basis of the
replacement; the lots here keep the basis that was paid, so that they equal the cash.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.domain.lots.matching import Closing, LotBook, Opening, WashSale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

WINDOW = timedelta(days=30)
_MONEY = Decimal("0.00000001")


def flag_wash_sales(book: LotBook) -> Sequence[Closing]:
    """Return the closings of a symbol's book, the losses among them flagged as far as they were replaced."""
    acquired = _Acquired(book.openings)
    flagged = []
    numbered = zip(book.closings, book.closed_at_index, strict=True)
    for _, group in groupby(numbered, key=lambda each: each[1][0]):
        # What was bought before and is gone by this sale replaces nothing; what is bought after it is all there yet.
        together = list(group)
        for closing, (_, growth) in together:
            acquired.take(closing.lot.id, Fraction(abs(closing.quantity)) / growth)
        for closing, (_, growth) in together:
            lost = closing.profit < 0 and closing.quantity
            flagged.append(_flag(closing, growth, acquired) if lost else closing)
    return flagged


def _date(time: datetime) -> date:
    return time.astimezone(EXCHANGE_ZONE).date()


class _Acquired:
    """What was opened, by day, and how much of it can still replace something, in shares of the book's beginning."""

    def __init__(self, openings: Sequence[Opening]) -> None:
        dated = sorted(
            ((_date(each.lot.opened_at), each.index, each) for each in openings),
            key=lambda each: each[:2],
        )
        self._days = [day for day, _, _ in dated]
        self._lots = [each.lot for _, _, each in dated]
        self._free = {
            each.lot.id: Fraction(abs(each.lot.quantity)) / each.growth for each in openings
        }

    def take(self, name: str, units: Fraction) -> None:
        """Let so much of the lot replace nothing more; what is used up is forgotten."""
        if name in self._free:
            self._free[name] -= units
            if self._free[name] <= 0:
                del self._free[name]

    def around(self, closing: Closing) -> Iterator[tuple[str, Fraction]]:
        """Yield the lots of the closing's sign opened within the window, other than the one closed, oldest first."""
        day, long = _date(closing.closed_at), closing.quantity > 0
        first = bisect_left(self._days, day - WINDOW)
        for lot in self._lots[first : bisect_right(self._days, day + WINDOW)]:
            if lot.id in self._free and lot.id != closing.lot.id and (lot.quantity > 0) is long:
                yield lot.id, self._free[lot.id]


def _flag(closing: Closing, growth: Fraction, acquired: _Acquired) -> Closing:
    """Match the shares of a loss with what replaced them."""
    sold = unmatched = Fraction(abs(closing.quantity)) / growth
    replacements = []
    for name, free in acquired.around(closing):
        taken = min(unmatched, free)
        acquired.take(name, taken)
        unmatched -= taken
        replacements.append((name, _shares(taken * growth)))
        if not unmatched:
            break
    if not replacements:
        return closing
    disallowed = _quantised(-Fraction(closing.profit) * (sold - unmatched) / sold)
    return replace(closing, wash_sale=WashSale(disallowed, tuple(replacements)))


def _quantised(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_MONEY).normalize()


def _shares(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.000000001")).normalize()
