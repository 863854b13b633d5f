"""Lots of simulated lives: whatever failed on the way, they add up to the books and to the broker."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.lots.account_lots import build_lots
from quantumzero.domain.lots.events import Corrected, Income, SplitApplied, Trade
from quantumzero.domain.lots.matching import Method
from quantumzero.domain.prices import price_decimal
from tests.simulation.life import live

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quantumzero.domain.lots.account_lots import AccountLots
    from tests.simulation.order_world import OrderWorld

SEEDS = 200
PER_TEST = 100
ZERO = Decimal(0)


def check(world: OrderWorld, method: Method) -> Counter[str]:
    """Compare the lots with positions, strategies, cash and broker; return what was met."""
    ledger = world.ledger
    events = ledger.account_events()
    lots = build_lots(events, method)
    positions = {symbol: each.quantity for symbol, each in ledger.positions.items()}
    assert {symbol: book.quantity for symbol, book in lots.books.items()} == positions
    if not world.disturbed:
        # In the others somebody trades at the broker or a table was restored: reconcile has the last word there.
        held = {each.symbol: each.quantity for each in world.broker.holdings()[1] if each.quantity}
        assert {symbol: each for symbol, each in positions.items() if each} == held
    of_strategies: dict[str, Decimal] = defaultdict(Decimal)
    for (strategy, symbol), part in ledger.strategies.items():
        book = lots.parts.get((strategy, symbol))
        assert (book.quantity if book else ZERO) == part.quantity
        of_strategies[symbol] += part.quantity
    assert {symbol: of_strategies[symbol] for symbol in positions} == positions
    trades = [each for each in events if isinstance(each, Trade)]
    moved = sum((each.cash for each in trades), ZERO)
    assert 100000 + moved + sum((each.amount for each in lots.incomes), ZERO) == ledger.cash()
    if not any(isinstance(each, Corrected) for each in events):
        for books in (lots.books, lots.parts):
            realised = sum((book.realised for book in books.values()), ZERO)
            assert moved + sum((book.basis for book in books.values()), ZERO) == realised
        check_worth(world, lots)
    kinds = Counter(type(each).__name__ for each in events)
    kinds["short lots"] = sum(book.quantity < 0 for book in lots.books.values())
    kinds["turns"] = sum(len({each > 0 for each in _signs(trades, name)}) > 1 for name in positions)
    kinds["split holdings"] = sum(
        isinstance(each, SplitApplied) and bool(positions.get(each.symbol)) for each in events
    )
    kinds["strategies"] = len({each.strategy for each in trades})
    return kinds


def check_worth(world: OrderWorld, lots: AccountLots) -> None:
    """Hold that cash and positions at the newest closes are what it began with, realised and unrealised profit."""
    now, ledger = world.desk.market.now(), world.ledger
    closes = {
        name: price_decimal(world.desk.bars.bars(name, "1d", until=now, limit=1)[-1].close)
        for name in lots.books
    }
    worth = ledger.cash() + sum(
        (each.quantity * closes[name] for name, each in ledger.positions.items()), ZERO
    )
    unrealised = sum(
        (book.quantity * closes[name] - book.basis for name, book in lots.books.items()), ZERO
    )
    realised = sum((book.realised for book in lots.books.values()), ZERO)
    incomes = sum((each.amount for each in lots.incomes), ZERO)
    assert worth == 100000 + incomes + realised + unrealised


def _signs(trades: Sequence[Trade], symbol: str) -> Iterator[Decimal]:
    """Yield what was held after each trade of the symbol, without the moments at which nothing was."""
    held = ZERO
    for each in trades:
        if each.symbol == symbol:
            held += each.quantity
            if held:
                yield held


@pytest.mark.parametrize("first", range(0, SEEDS, PER_TEST))
def test_lots_add_up_to_the_books_and_to_the_broker(first: int) -> None:
    met: Counter[str] = Counter()
    for seed in range(first, first + PER_TEST):
        try:
            met += check(live(seed), tuple(Method)[seed % 3])
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    assert met[Trade.__name__] > PER_TEST
    assert met[SplitApplied.__name__]
    assert met["split holdings"]
    assert met["short lots"]
    assert not met[Income.__name__]
