"""Positions are the sum of their fills."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.bars import Split
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.order_lifecycle import Fill
from quantumzero.domain.orders import Side
from quantumzero.domain.portfolio import Position, apply_fill, apply_split, equity, gross_value
from quantumzero.domain.sizing import percent_of_equity


def fill(quantity: str, cost: str, exposure: str = "0") -> Fill:
    return Fill(Decimal(quantity), Decimal(cost), Decimal(exposure))


def test_buying_adds_cost_and_the_reserved_exposure() -> None:
    position = apply_fill(Position("AAPL"), Side.BUY, fill("10", "101", "100"))
    assert position == Position("AAPL", Decimal(10), Decimal(101), Decimal(100), 1)


def test_selling_a_part_frees_its_share() -> None:
    position = Position("AAPL", Decimal(10), Decimal(101), Decimal(100), 1)
    position = apply_fill(position, Side.SELL, fill("4", "60"))
    assert (position.quantity, position.cost, position.exposure) == (6, Decimal("60.6"), 60)
    position = apply_fill(position, Side.SELL, fill("6", "90"))
    assert (position.quantity, position.cost, position.exposure) == (0, 0, 0)


def test_selling_through_zero_opens_a_short_position_with_its_own_exposure() -> None:
    position = Position("AAPL", Decimal(10), Decimal(100), Decimal(100), 1)
    position = apply_fill(position, Side.SELL, fill("15", "180"))
    assert (position.quantity, position.cost, position.exposure) == (-5, -60, 60)
    position = apply_fill(position, Side.BUY, fill("5", "70", "70"))
    assert (position.quantity, position.cost, position.exposure) == (0, 0, 0)


def test_a_split_multiplies_exactly() -> None:
    assert apply_split(Decimal(10), Split("AAPL", "2005-02-28", 3, 2)) == 15


def test_a_split_leaves_no_more_than_nine_decimals() -> None:
    reverse = Split("AAPL", "2005-02-28", 1, 3)
    assert str(apply_split(Decimal(20), reverse)) == "6.666666667"
    assert str(apply_split(Decimal(300), reverse)) == "100"


def test_equity_is_cash_and_holdings() -> None:
    quantities, prices = {"A": Decimal(2), "B": Decimal(-1)}, {"A": Decimal(10), "B": Decimal(4)}
    assert equity(Decimal(100), quantities, prices) == 116
    assert gross_value(quantities, prices) == 24


@pytest.mark.parametrize(
    ("total", "percent", "price", "shares"),
    [("100000", "20", "40", 500), ("100000", "20", "40.01", 499), ("10", "20", "40", 0)],
)
def test_an_entry_is_rounded_down_to_whole_shares(
    total: str, percent: str, price: str, shares: int
) -> None:
    assert percent_of_equity(Decimal(total), Decimal(percent), Decimal(price)).quantity == shares


def test_a_size_needs_a_percent_and_a_price() -> None:
    with pytest.raises(InvalidInputError, match="percent"):
        percent_of_equity(Decimal(1), Decimal(0), Decimal(1))
    with pytest.raises(InvalidInputError, match="price"):
        percent_of_equity(Decimal(1), Decimal(1), Decimal(0))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(Side), st.integers(1, 100), st.integers(1, 5000)),
        max_size=12,
    )
)
def test_a_position_is_the_sum_of_its_fills(fills: list[tuple[Side, int, int]]) -> None:
    position = Position("AAPL")
    for side, quantity, price in fills:
        cost = Decimal(quantity * price) / 100
        exposure = cost if side is Side.BUY else Decimal(0)
        position = apply_fill(position, side, Fill(Decimal(quantity), cost, exposure))
    signed = sum(q if side is Side.BUY else -q for side, q, _ in fills)
    assert position.quantity == signed
    assert position.exposure >= 0
    if not signed:
        assert (position.cost, position.exposure) == (0, 0)
