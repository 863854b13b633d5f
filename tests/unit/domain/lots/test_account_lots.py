"""Lots of random accounts: nothing is lost, nothing is invented, whatever the method."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.bars import Split
from quantumzero.domain.lots.account_lots import build_lots
from quantumzero.domain.lots.events import Income, IncomeKind, SplitApplied, Trade
from quantumzero.domain.lots.matching import Method
from quantumzero.domain.lots.split_shares import split_parts
from quantumzero.domain.portfolio import apply_split
from tests.unit.domain.lots.histories import START, histories, quantities, split, trade

if TYPE_CHECKING:
    from random import Random

METHODS = st.sampled_from(list(Method))
ZERO = Decimal(0)


def held_after(events: list[Trade | SplitApplied]) -> Decimal:
    """Multiply and add as the ledger does."""
    quantity = ZERO
    for event in events:
        if isinstance(event, Trade):
            quantity += event.quantity
        else:
            quantity = apply_split(quantity, Split("AAPL", "", event.new, event.old))
    return quantity


def closed_out(events: list[Trade | SplitApplied]) -> list[Trade | SplitApplied]:
    """Add the trades with which every strategy ends flat."""
    parts = build_lots(events).parts
    ends = [
        trade(
            f"end-{strategy}#1",
            -book.quantity,
            "1234.5678",
            99,
            strategy=strategy,
            sequence=len(events) + 1 + place,
        )
        for place, ((strategy, _), book) in enumerate(sorted(parts.items()))
        if book.quantity
    ]
    return [*events, *ends]


@settings(max_examples=300)
@given(histories(), METHODS)
def test_quantities_are_the_ledgers_after_every_event(
    events: list[Trade | SplitApplied], method: Method
) -> None:
    for end in range(1, len(events) + 1):
        book = build_lots(events[:end], method).books["AAPL"]
        assert book.quantity == held_after(events[:end])
        assert len({lot.quantity > 0 for lot in book.lots}) <= 1


@settings(max_examples=300)
@given(histories(), METHODS)
def test_cash_plus_open_basis_is_realised_profit_to_the_last_digit(
    events: list[Trade | SplitApplied], method: Method
) -> None:
    lots = build_lots(events, method)
    cash = sum((each.cash for each in events if isinstance(each, Trade)), ZERO)
    whole = lots.books["AAPL"]
    assert cash + whole.basis == whole.realised
    for (strategy, _), book in lots.parts.items():
        own = (e.cash for e in events if isinstance(e, Trade) and e.strategy == strategy)
        assert sum(own, ZERO) + book.basis == book.realised


@settings(max_examples=200)
@given(histories())
def test_every_method_has_the_same_profit_once_everything_is_closed(
    events: list[Trade | SplitApplied],
) -> None:
    events = closed_out(events)
    cash = sum((each.cash for each in events if isinstance(each, Trade)), ZERO)
    for method in Method:
        lots = build_lots(events, method)
        assert lots.books["AAPL"].lots == []
        assert lots.books["AAPL"].realised == cash
        assert sum((book.realised for book in lots.parts.values()), ZERO) == cash


@settings(max_examples=200)
@given(histories(), METHODS)
def test_the_strategies_parts_add_up_to_the_account(
    events: list[Trade | SplitApplied], method: Method
) -> None:
    lots = build_lots(events, method)
    parts = sum((book.quantity for book in lots.parts.values()), ZERO)
    assert parts == lots.books["AAPL"].quantity


@settings(max_examples=100)
@given(histories(), METHODS, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_read_changes_nothing(
    events: list[Trade | SplitApplied], method: Method, dice: Random
) -> None:
    told = list(events)
    dice.shuffle(told)
    assert build_lots(told, method) == build_lots(events, method)


@settings(max_examples=100)
@given(histories(short=False), METHODS)
def test_a_wash_sale_never_disallows_more_than_the_loss(
    events: list[Trade | SplitApplied], method: Method
) -> None:
    for closing in build_lots(events, method).closings["AAPL"]:
        if closing.wash_sale is not None:
            assert 0 <= closing.wash_sale.disallowed <= -closing.profit
            replaced = sum((each for _, each in closing.wash_sale.replacements), ZERO)
            assert replaced <= abs(closing.quantity) + Decimal("0.00000001")


@given(st.lists(quantities | quantities.map(lambda each: -each), max_size=5), st.integers(1, 9))
def test_rounded_parts_of_a_split_add_up_to_the_rounded_whole(
    parts: list[Decimal], old: int
) -> None:
    whole = Split("AAPL", "", 3, old)
    assert sum(split_parts(parts, whole), ZERO) == apply_split(sum(parts, ZERO), whole)


def test_thirds_of_two_strategies_add_up_where_each_alone_would_not() -> None:
    reverse = Split("AAPL", "", 1, 3)
    assert split_parts([Decimal(1), Decimal(1)], reverse) == [
        Decimal("0.333333333"),
        Decimal("0.333333334"),
    ]


def test_incomes_are_kept_beside_the_lots_oldest_first() -> None:
    late = Income("b", IncomeKind.FEE, Decimal("-0.02"), START)
    early = Income("a", IncomeKind.DIVIDEND, Decimal("12.5"), START, "AAPL")
    assert build_lots([late, early]).incomes == [early, late]


def test_a_symbol_that_only_split_has_no_book() -> None:
    assert build_lots([split("s", 2, 1, 0, 0)]).books == {}
