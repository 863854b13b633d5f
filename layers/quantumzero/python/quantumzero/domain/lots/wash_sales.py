"""Which losses may be wash sales: the same symbol was acquired within 30 days before or after the closing.

A help to find them, not tax advice. The rule is that of IRS Publication 550 ("Wash Sales"): a loss is disallowed as
far as substantially identical stock was bought within 30 days before or after the sale; each share bought replaces one
share sold, earliest losses first and, of each, earliest purchases first. A short sale closed at a loss is the same with
the stock sold short again. What this does not know: other accounts (a spouse's, a retirement account), options,
securities that are substantially identical under another symbol. The disallowed loss belongs to the basis of the
replacement; the lots here keep the basis that was paid, so that they equal the cash.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE
from quantumzero.domain.lots.matching import Closing, LotBook, Opening, WashSale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

WINDOW = timedelta(days=30)
_MONEY = Decimal("0.00000001")


def flag_wash_sales(book: LotBook) -> Sequence[Closing]:
    """Return the closings of a symbol's book, the losses among them flagged as far as they were replaced."""
    days = [_date(each.lot.opened_at) for each in book.openings]
    used: dict[str, Fraction] = defaultdict(Fraction)
    closed: dict[str, Fraction] = defaultdict(Fraction)
    flagged = []
    numbered = zip(book.closings, book.closed_at_index, strict=True)
    for _, group in groupby(numbered, key=lambda each: each[1][0]):
        together = list(group)
        for closing, (_, growth) in together:
            closed[closing.lot.id] += Fraction(abs(closing.quantity)) / growth
        for closing, (index, growth) in together:
            if closing.profit >= 0 or not closing.quantity:
                flagged.append(closing)
                continue
            around = _around(book.openings, days, closing)
            flagged.append(_flag(closing, index, growth, around, used, closed))
    return flagged


def _date(time: datetime) -> date:
    return time.astimezone(EXCHANGE_ZONE).date()


def _around(
    openings: Sequence[Opening], days: Sequence[date], closing: Closing
) -> Sequence[Opening]:
    """Return the lots of the closing's sign that were opened within the window, other than the one closed."""
    day = _date(closing.closed_at)
    first, last = day - WINDOW, day + WINDOW
    return [
        opening
        for opening, opened in zip(openings, days, strict=True)
        if first <= opened <= last
        and opening.lot.id != closing.lot.id
        and opening.lot.quantity * closing.quantity > 0
    ]


def _flag(
    closing: Closing,
    index: int,
    growth: Fraction,
    around: Sequence[Opening],
    used: dict[str, Fraction],
    closed: dict[str, Fraction],
) -> Closing:
    """Match the shares of a loss, counted in shares of the book's beginning, with what replaced them."""
    sold = open_units = Fraction(abs(closing.quantity)) / growth
    replacements = []
    for opening in around:
        if not open_units:
            break
        name = opening.lot.id
        # What was bought before and is gone by this sale replaces nothing; what is bought after it is all there.
        gone = closed[name] if opening.index < index else Fraction(0)
        whole = Fraction(abs(opening.lot.quantity)) / opening.growth
        free = min(whole - gone, whole) - used[name]
        taken = min(open_units, free)
        if taken <= 0:
            continue
        used[name] += taken
        open_units -= taken
        replacements.append((name, _shares(taken * growth)))
    if not replacements:
        return closing
    part = (sold - open_units) / sold
    disallowed = _quantised(-Fraction(closing.profit) * part)
    return replace(closing, wash_sale=WashSale(disallowed, tuple(replacements)))


def _quantised(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_MONEY).normalize()


def _shares(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.000000001")).normalize()
