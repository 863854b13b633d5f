"""The plain recomputation, held against figures worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from local.proof.comparison import compare, numbered
from local.proof.recomputation import Book, Rules, crossing, daily_bars, prints, recompute


def test_a_rising_bar_is_replayed_low_first_and_loses_no_share() -> None:
    bar = (Decimal(10), Decimal(12), Decimal(9), Decimal(11), 1001)
    found = prints(bar)
    assert [str(price) for price, _ in found] == ["10", "10", "10", "9", "12", "11"]
    assert [size for _, size in found] == [50, 50, 50, 200, 200, 451]
    assert sum(size for _, size in found) == 1001


def test_a_falling_bar_is_replayed_high_first() -> None:
    found = prints((Decimal(11), Decimal(12), Decimal(9), Decimal(10), 100))
    assert [str(price) for price, _ in found][3:5] == ["12", "9"]


def test_an_exact_tie_on_the_bar_before_counts_as_not_yet_above() -> None:
    rules = Rules(fast=1, slow=2)
    assert crossing([Fraction(1), Fraction(1), Fraction(2)], rules) == (True, False)
    assert crossing([Fraction(1), Fraction(2), Fraction(3)], rules) == (False, False)
    assert crossing([Fraction(1), Fraction(1), Fraction(1)], rules) == (False, False)


def test_the_embedded_data_begins_with_the_session_in_which_all_four_trade() -> None:
    bars = daily_bars("2004-08-19", 260)
    assert len(bars) == 260
    assert bars[0][0] == "2004-08-19"
    assert all(len(symbols) == 4 for _, symbols in bars)


def test_money_and_shares_balance_over_the_whole_recomputation() -> None:
    book = recompute(Rules())
    spent = sum(
        (
            (shares if side == "buy" else -shares) * price
            for _, _, side, shares, price in book.fills
        ),
        Decimal(0),
    )
    assert book.cash == Decimal(100_000) - spent
    assert book.round_trips >= 10
    assert all(shares >= 0 for shares in book.held.values())


def test_equal_lines_are_told_apart_by_their_count() -> None:
    assert numbered([("a",), ("a",)]) == {("a", 1), ("a", 2)}


def test_one_missing_fill_is_found() -> None:
    book = Book(cash=Decimal(0))
    book.fills.append(("2004-08-20", "AAPL", "buy", 5, Decimal("30.5")))
    record = {"decisions": [], "orders": [], "fills": []}
    ours, theirs, first = compare(record, book)["fills"]
    assert (ours, theirs) == (0, 1)
    assert "AAPL" in first[0]
