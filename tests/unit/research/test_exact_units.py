"""Prices in doubles become whole units, in C and in NumPy alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from quantumzero.research.exact_units import (
    exact_bars,
    exact_units,
    odd_bars,
    prices_of_units,
    whole_numbers,
)
from quantumzero.research.kernel import force_fallback


@given(draw.lists(draw.integers(1, 10**9), min_size=1, max_size=40), draw.integers(4, 8))
def test_units_that_were_divided_come_back(units: list[int], decimals: int) -> None:
    scale = 10.0**decimals
    prices = np.array(units) / scale
    found = exact_units(prices, scale, rounds=False)
    assert found is not None
    assert found.tolist() == units
    with force_fallback():
        assert exact_units(prices, scale, rounds=False).tolist() == units


def test_a_price_of_more_decimals_is_not_exact_and_is_rounded_only_when_asked() -> None:
    prices = np.array([1.23456, 2.0])
    assert exact_units(prices, 10_000.0, rounds=False) is None
    assert exact_units(prices, 10_000.0, rounds=True).tolist() == [12_346, 20_000]


def test_what_arithmetic_leaves_is_taken_off() -> None:
    assert exact_units(np.array([10.1 + 0.2]), 10_000.0, rounds=False).tolist() == [103_000]


@pytest.mark.parametrize("wrong", [np.nan, 0.0, -1.0, np.inf, 1e13])
def test_a_price_that_cannot_be_one_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="not above 0"):
        exact_units(np.array([1.0, wrong]), 10_000.0, rounds=False)


def test_units_between_the_kernels_and_the_doubles_bounds_are_exact() -> None:
    assert exact_units(np.array([3e11]), 10_000.0, rounds=False).tolist() == [3 * 10**15]


def test_units_become_the_nearest_doubles_in_c_and_in_numpy() -> None:
    units = np.array([1, 12_345, 99_999_999, 2**40])
    prices, plain = np.empty((2, 4)), np.empty((2, 4))
    prices_of_units([units, units[::-1].copy()], 10_000.0, prices)
    with force_fallback():
        prices_of_units([units, units[::-1]], 10_000.0, plain)
    expected = [0.0001, 1.2345, 9999.9999, 2**40 / 10_000]
    assert prices.tolist() == plain.tolist() == [expected, expected[::-1]]


def test_bars_that_contradict_themselves_are_counted_in_c_and_in_numpy() -> None:
    columns = [np.array(each) for each in ([5, 9, 5], [8, 8, 4], [4, 4, 6], [6, 6, 5])]
    assert odd_bars(*columns) == (2, 1)
    with force_fallback():
        assert odd_bars(*columns) == (2, 1)


@given(draw.integers(0, 2**32 - 1), draw.integers(1, 5000))
def test_bars_are_converted_and_compared_as_their_columns_are(seed: int, rows: int) -> None:
    prices = np.round(np.random.default_rng(seed).uniform(1.0, 2.0, (4, rows)), 3)
    found = exact_bars(tuple(prices), 10_000.0, rounds=False)
    columns = [exact_units(each, 10_000.0, rounds=False) for each in prices]
    with force_fallback():
        plain = exact_bars(tuple(prices), 10_000.0, rounds=False)
    assert found is not None
    assert plain is not None
    for mine, theirs, each in zip(found[0], plain[0], columns, strict=True):
        assert mine.tolist() == theirs.tolist() == each.tolist()  # type: ignore[union-attr]
    assert found[1:] == plain[1:] == odd_bars(*found[0])


@pytest.mark.parametrize("column", range(4))
def test_one_price_in_any_column_decides_whether_bars_are_exact(column: int) -> None:
    prices = np.full((4, 3000), 2.5)
    prices[column, 2999] = 1.23456
    assert exact_bars(tuple(prices), 10_000.0, rounds=False) is None
    rounded = exact_bars(tuple(prices), 10_000.0, rounds=True)
    assert rounded is not None
    assert rounded[0][column][-1] == 12_346
    prices[column, 2999] = np.nan
    with pytest.raises(ValueError, match="not above 0"):
        exact_bars(tuple(prices), 10_000.0, rounds=True)


def test_numbers_of_shares_are_rounded_half_to_even() -> None:
    found = whole_numbers(np.array([0.0, 0.5, 1.5, 2.4, 2.0**50]))
    assert found is not None
    assert found.tolist() == [0, 0, 2, 2, 2**50]


@pytest.mark.parametrize("wrong", [-0.1, -1.0, np.nan, np.inf, 2.0**52, -np.inf])
def test_what_is_no_number_of_shares_is_left_to_the_slow_way(wrong: float) -> None:
    assert whole_numbers(np.array([1.0, wrong])) is None
