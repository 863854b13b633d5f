"""The sums over lots: by symbol, by strategy, of the account, and whether they add up to the ledger's positions."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.contracts.formats import decimal_text
from quantumzero.contracts.lots import (
    AccountProfit,
    LotDifference,
    StrategyProfit,
    SymbolProfit,
)
from quantumzero.domain.lots.events import IncomeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from quantumzero.domain.lots.account_lots import AccountLots
    from quantumzero.domain.lots.matching import Closing, LotBook
    from quantumzero.ports.ledger import Holding

_ZERO = Decimal(0)


def exact_text(number: Decimal) -> str:
    """Write every digit that counts, without the zeros behind them."""
    return decimal_text(number.normalize())


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, _ZERO)


def _unrealised(books: Mapping[str, LotBook], prices: Mapping[str, Decimal]) -> str | None:
    """Return what the books' lots are worth more than they cost, None while a held symbol has no price."""
    held = {symbol: book for symbol, book in books.items() if book.lots}
    if any(symbol not in prices for symbol in held):
        return None
    return exact_text(
        _sum(book.quantity * prices[symbol] - book.basis for symbol, book in held.items())
    )


def _disallowed(closings: Iterable[Closing]) -> str:
    return exact_text(_sum(each.wash_sale.disallowed for each in closings if each.wash_sale))


def account_profit(lots: AccountLots, prices: Mapping[str, Decimal]) -> AccountProfit:
    """Return the sums of the account."""
    income: dict[IncomeKind, Decimal] = defaultdict(Decimal)
    for each in lots.incomes:
        income[each.kind] += each.amount
    return AccountProfit(
        basis=exact_text(_sum(book.basis for book in lots.books.values())),
        realised=exact_text(_sum(book.realised for book in lots.books.values())),
        unrealised=_unrealised(lots.books, prices),
        dividends=exact_text(income[IncomeKind.DIVIDEND]),
        fees=exact_text(income[IncomeKind.FEE]),
        other=exact_text(income[IncomeKind.OTHER]),
        disallowed=_disallowed(each for closings in lots.closings.values() for each in closings),
    )


def symbol_profits(lots: AccountLots, prices: Mapping[str, Decimal]) -> list[SymbolProfit]:
    """Return the sums of each symbol that was ever held or paid a dividend."""
    dividends: dict[str, Decimal] = defaultdict(Decimal)
    for each in lots.incomes:
        if each.kind is IncomeKind.DIVIDEND and each.symbol is not None:
            dividends[each.symbol] += each.amount
    return [
        SymbolProfit(
            symbol=symbol,
            quantity=exact_text(book.quantity),
            basis=exact_text(book.basis),
            realised=exact_text(book.realised),
            unrealised=_unrealised({symbol: book}, prices),
            dividends=exact_text(dividends[symbol]),
            disallowed=_disallowed(lots.closings[symbol]),
        )
        for symbol, book in sorted(lots.books.items())
    ]


def strategy_profits(lots: AccountLots, prices: Mapping[str, Decimal]) -> list[StrategyProfit]:
    """Return the sums of each strategy's own books, by name; what belongs to none comes last."""
    by_strategy: dict[str | None, dict[str, LotBook]] = defaultdict(dict)
    for (strategy, symbol), book in lots.parts.items():
        by_strategy[strategy][symbol] = book
    ordered = sorted(by_strategy.items(), key=lambda each: (each[0] is None, each[0] or ""))
    return [
        StrategyProfit(
            strategy=strategy,
            quantities={
                symbol: exact_text(book.quantity)
                for symbol, book in sorted(books.items())
                if book.lots
            },
            basis=exact_text(_sum(book.basis for book in books.values())),
            realised=exact_text(_sum(book.realised for book in books.values())),
            unrealised=_unrealised(books, prices),
        )
        for strategy, books in ordered
    ]


def differences(lots: AccountLots, held: Mapping[str, Holding]) -> list[LotDifference]:
    """Return the symbols whose lots do not add up to the ledger's position."""
    found = []
    for symbol in sorted(lots.books.keys() | held.keys()):
        ours = lots.books[symbol].quantity if symbol in lots.books else _ZERO
        ledger = held[symbol].quantity if symbol in held else _ZERO
        if ours != ledger:
            found.append(
                LotDifference(symbol=symbol, lots=exact_text(ours), ledger=exact_text(ledger))
            )
    return found
