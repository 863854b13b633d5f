"""The books as they were at a moment: what is held now, less everything that was booked since."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.bars import Split
from quantumzero.domain.lots.events import Income, SplitApplied, Trade, in_order
from quantumzero.domain.portfolio import apply_split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.lots.events import AccountEvent, PositionEvent

_ZERO = Decimal(0)


@dataclass(slots=True)
class PastBooks:
    """Cash, each symbol's quantity, and each strategy's part of it."""

    cash: Decimal
    quantities: dict[str, Decimal]
    shares: dict[tuple[str, str], Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CashMove:
    """Money that somebody accepted as the broker's truth."""

    amount: Decimal
    at: datetime


def books_at(
    moment: datetime,
    *,
    cash: Decimal,
    quantities: Mapping[str, Decimal],
    shares: Mapping[tuple[str, str], Decimal],
    events: Sequence[AccountEvent],
    moves: Sequence[CashMove] = (),
) -> PastBooks:
    """Return the books of that market time, what was booked at the very moment included."""
    books = PastBooks(cash, dict(quantities), dict(shares))
    books.cash -= sum((each.amount for each in moves if each.at > moment), _ZERO)
    by_symbol: dict[str, list[PositionEvent]] = {}
    for event in events:
        if isinstance(event, Income):
            books.cash -= event.amount if event.at > moment else _ZERO
        else:
            by_symbol.setdefault(event.symbol, []).append(event)
    for found in by_symbol.values():
        for event in reversed(in_order(found)):
            if event.at > moment:
                _undo(books, event)
    return books


def _undo(books: PastBooks, event: PositionEvent) -> None:
    symbol = event.symbol
    if isinstance(event, SplitApplied):
        _undo_split(books, event)
        return
    books.quantities[symbol] = books.quantities.get(symbol, _ZERO) - event.quantity
    if isinstance(event, Trade):
        books.cash -= event.cash
    if event.strategy is not None:
        key = (event.strategy, symbol)
        books.shares[key] = books.shares.get(key, _ZERO) - event.quantity


def _undo_split(books: PastBooks, event: SplitApplied) -> None:
    symbol = event.symbol
    back = Split(symbol=symbol, ex_date="", new=event.old, old=event.new)
    books.quantities[symbol] = apply_split(books.quantities.get(symbol, _ZERO), back)
    for key, quantity in books.shares.items():
        if key[1] == symbol:
            books.shares[key] = apply_split(quantity, back)
