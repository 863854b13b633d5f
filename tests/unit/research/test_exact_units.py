"""Prices in doubles become whole units, in C and in NumPy alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from quantumzero.research.exact_units import exact_units, odd_bars, prices_of_units
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
    prices, plain = np.empty(4), np.empty(4)
    prices_of_units(units, 10_000.0, prices)
    with force_fallback():
        prices_of_units(units, 10_000.0, plain)
    assert prices.tolist() == plain.tolist() == [0.0001, 1.2345, 9999.9999, 2**40 / 10_000]


def test_bars_that_contradict_themselves_are_counted_in_c_and_in_numpy() -> None:
    columns = [np.array(each) for each in ([5, 9, 5], [8, 8, 4], [4, 4, 6], [6, 6, 5])]
    assert odd_bars(*columns) == (2, 1)
    with force_fallback():
        assert odd_bars(*columns) == (2, 1)
