"""Lots of simulated lives: whatever failed on the way, they add up to the books and to the broker."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from quantumzero.domain.lots.account_lots import build_lots
from quantumzero.domain.lots.events import Corrected, Income, SplitApplied, Trade
from quantumzero.domain.lots.matching import Method
from tests.simulation.life import live

if TYPE_CHECKING:
    from tests.simulation.order_world import OrderWorld

SEEDS = 150
PER_TEST = 50
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
    kinds = Counter(type(each).__name__ for each in events)
    kinds["strategies"] = len({each.strategy for each in trades})
    return kinds


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
    assert not met[Income.__name__]
