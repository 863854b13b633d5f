"""The lots of a whole account: one book a symbol, and one for each strategy's part of it.

The account's books are those of the tax: a sale closes lots whoever bought them. A strategy's books hold only its own
trades: they say what the strategy earned. Both see the same trades, so their quantities add up to the same holding, and
once everything is closed their profits to the same sum.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.lots.events import (
    AccountEvent,
    Corrected,
    Income,
    PositionEvent,
    SplitApplied,
    in_order,
)
from quantumzero.domain.lots.matching import Closing, LotBook, Method
from quantumzero.domain.lots.wash_sales import flag_wash_sales

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AccountLots:
    """books by symbol; parts by strategy and symbol (None: what the books were opened with); incomes oldest first.

    closings are the account's by symbol, wash sales flagged.
    """

    books: Mapping[str, LotBook]
    parts: Mapping[tuple[str | None, str], LotBook]
    closings: Mapping[str, Sequence[Closing]]
    incomes: Sequence[Income]


def build_lots(
    events: Iterable[AccountEvent],
    method: Method = Method.FIFO,
    named: Mapping[str, Sequence[tuple[str, Decimal]]] | None = None,
) -> AccountLots:
    """Return the lots that follow from the events, in whatever order these are given.

    named says for an order's id which lots it closes (method SPECIFIC); a strategy's book closes of them what it holds.
    """
    by_symbol: dict[str, list[PositionEvent]] = defaultdict(list)
    incomes = []
    for event in events:
        if isinstance(event, Income):
            incomes.append(event)
        else:
            by_symbol[event.symbol].append(event)
    books: dict[str, LotBook] = {}
    parts: dict[tuple[str | None, str], LotBook] = {}
    traded = (
        symbol
        for symbol, found in by_symbol.items()
        if not all(isinstance(each, SplitApplied) for each in found)
    )
    for symbol in sorted(traded):
        books[symbol] = LotBook(method, named or {})
        own = _book(by_symbol[symbol], books[symbol], method, named or {})
        parts |= {(strategy, symbol): book for strategy, book in own.items()}
    return AccountLots(
        books,
        parts,
        {symbol: flag_wash_sales(book) for symbol, book in books.items()},
        sorted(incomes, key=lambda each: (each.at, each.id)),
    )


def _book(
    events: Sequence[PositionEvent],
    whole: LotBook,
    method: Method,
    named: Mapping[str, Sequence[tuple[str, Decimal]]],
) -> dict[str | None, LotBook]:
    """Book one symbol's events into the account's book; return those of the strategies."""
    parts: dict[str | None, LotBook] = {}
    for event in in_order(events):
        if isinstance(event, SplitApplied):
            whole.split(event)
            _split(parts, event)
        else:
            own = parts.setdefault(event.strategy, LotBook(method, named))
            for book in (whole, own):
                if isinstance(event, Corrected):
                    book.correct(event)
                else:
                    book.book(event)
    return parts


def _split(parts: Mapping[str | None, LotBook], event: SplitApplied) -> None:
    """Split the parts in the ledger's order: strategies by name, what belongs to none last."""
    before = None
    for strategy in sorted(parts, key=lambda each: (each is None, each or "")):
        book = parts[strategy]
        before = book.split(event) if before is None else book.split(event, before)
