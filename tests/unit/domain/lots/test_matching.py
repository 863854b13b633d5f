"""Lots by hand: every number below can be checked with a pencil."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quantumzero.domain.lots.account_lots import build_lots
from quantumzero.domain.lots.events import SplitApplied, Trade, in_order
from quantumzero.domain.lots.matching import Method
from tests.unit.domain.lots.histories import split, trade

# Three purchases at 10, 30 and 20 a share, then a sale of 150 at 25.
BOUGHT = [
    trade("a", "100", "1000", 0, sequence=1),
    trade("b", "100", "3000", 1, sequence=2),
    trade("c", "100", "2000", 2, sequence=3),
]
SOLD = trade("s", "-150", "3750", 3, sequence=4)


@pytest.mark.parametrize(
    ("method", "closed", "profit"),
    [
        (Method.FIFO, [("a", 100), ("b", 50)], "1250"),  # 3750 - 1000 - 1500
        (Method.LIFO, [("c", 100), ("b", 50)], "250"),  # 3750 - 2000 - 1500
        (Method.HIFO, [("b", 100), ("c", 50)], "-250"),  # 3750 - 3000 - 1000
        (Method.SPECIFIC, [("c", 120 - 20), ("a", 30), ("b", 20)], "850"),
    ],
)
def test_each_method_closes_its_lots(
    method: Method, closed: list[tuple[str, object]], profit: str
) -> None:
    named = {"s": [("c", Decimal(120)), ("a", Decimal(30)), ("b", Decimal(20))]}
    book = build_lots([*BOUGHT, SOLD], method, named).books["AAPL"]
    assert [(each.lot.id, each.quantity) for each in book.closings] == closed
    assert book.realised == Decimal(profit)
    assert book.quantity == 150


def test_what_was_not_named_is_closed_by_fifo_and_a_lot_taken_twice_is_closed_once() -> None:
    named = {"s": [("b", Decimal(20)), ("nowhere", Decimal(5))]}
    book = build_lots([*BOUGHT, SOLD], Method.SPECIFIC, named).books["AAPL"]
    assert [(each.lot.id, each.quantity) for each in book.closings] == [
        ("b", Decimal(50)),
        ("a", Decimal(100)),
    ]
    assert [each.id for each in book.closings] == ["b>s", "a>s"]
    assert book.realised == 1250


def test_fees_are_in_the_basis_and_off_the_proceeds() -> None:
    events = [
        trade("a", "10", "100", fee=Decimal("1.50"), sequence=1),
        trade("s", "-4", "60", 1, fee=Decimal("0.60"), sequence=2),
    ]
    book = build_lots(events).books["AAPL"]
    (closing,) = book.closings
    assert (closing.basis, closing.cash, closing.profit) == (
        Decimal("40.6"),
        Decimal("59.4"),
        Decimal("18.8"),
    )
    assert book.basis == Decimal("60.9")


def test_a_short_lot_earns_when_it_is_bought_back_cheaper() -> None:
    events = [
        trade("s", "-10", "200", fee=Decimal(1), sequence=1),
        trade("b", "4", "60", 1, fee=Decimal(1), sequence=2),
    ]
    book = build_lots(events).books["AAPL"]
    assert book.lots[0].quantity == -6
    assert book.basis == Decimal("-119.4")
    assert book.realised == Decimal("18.6")  # 4/10 of 199, less 61


def test_hifo_closes_the_short_lot_that_brought_least_first() -> None:
    events = [
        trade("dear", "-10", "300", sequence=1),
        trade("cheap", "-10", "100", 1, sequence=2),
        trade("b", "10", "200", 2, sequence=3),
    ]
    assert build_lots(events, Method.HIFO).books["AAPL"].realised == -100


def test_a_sale_through_zero_closes_and_opens() -> None:
    book = build_lots(
        [trade("a", "10", "100", sequence=1), trade("s", "-15", "180", 1, sequence=2)]
    ).books["AAPL"]
    assert book.realised == 20
    assert [(lot.id, lot.quantity, lot.basis) for lot in book.lots] == [
        ("s", Decimal(-5), Decimal(-60))
    ]


def test_a_split_multiplies_and_keeps_the_basis_and_the_fractions_add_up() -> None:
    events: list[Trade | SplitApplied] = [
        trade("a", "1", "10", sequence=1),
        trade("b", "1", "20", 1, sequence=2),
        split("s", 1, 3, 2, 3),
    ]
    book = build_lots(events).books["AAPL"]
    assert [lot.quantity for lot in book.lots] == [Decimal("0.333333333"), Decimal("0.333333334")]
    assert [lot.basis for lot in book.lots] == [10, 20]
    assert book.quantity == Decimal("0.666666667")


def test_a_lot_that_a_split_rounds_away_is_closed_for_nothing() -> None:
    events: list[Trade | SplitApplied] = [
        trade("a", "0.000000001", "3", sequence=1),
        split("s", 1, 10, 1, 2),
    ]
    book = build_lots(events).books["AAPL"]
    assert not book.lots
    assert book.realised == -3


def test_long_term_is_more_than_a_year() -> None:
    bought = trade("a", "2", "2", 0, sequence=1)  # 2024-01-02
    year, day_after = (trade(f"s{day}", "-1", "2", day, sequence=day) for day in (366, 367))
    closings = build_lots([bought, year, day_after]).books["AAPL"].closings
    assert [each.long_term for each in closings] == [False, True]
    short = [trade("a", "-1", "2", 0, sequence=1), trade("b", "1", "1", 800, sequence=2)]
    assert [each.long_term for each in build_lots(short).books["AAPL"].closings] == [False]


def test_events_without_a_number_fill_the_gaps_oldest_first_and_equal_times_by_name() -> None:
    numbered: list[Trade | SplitApplied] = [
        replace(BOUGHT[0], sequence=3),
        split("s", 2, 1, 9, 5),
        trade("last", "1", "1", 0, sequence=7),
    ]
    old: list[Trade | SplitApplied] = [trade("y", "1", "1", 4), trade("x", "1", "1", 4)]
    older, newest = trade("z", "1", "1", 1), trade("w", "1", "1", 50)
    found = in_order([newest, *numbered, *old, older])
    assert [each.id for each in found] == ["z", "x", "a", "y", "s", "w", "last"]
