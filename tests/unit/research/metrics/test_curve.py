"""The two walks over a curve: kernel and NumPy agree to the bit, and with a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.research.kernel import force_fallback, kernel
from quantumzero.research.metrics.curve import (
    deepest_drawdown,
    lowest_share_of_high,
    marked_rows,
)

steps = st.lists(st.sampled_from([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]), max_size=600)


def plain(equity: np.ndarray, base: float) -> tuple[float, int, float]:
    """Walk row by row."""
    high, least, valley, mark = base, 1.0, -1, base
    for row, value in enumerate(equity.tolist()):
        high = max(high, value)
        if value / high < least:
            least, valley, mark = value / high, row, high
    return least, valley, mark


def test_this_machine_runs_the_kernels_walk() -> None:
    """Without it the comparison below would compare NumPy with itself."""
    loaded = kernel()
    assert loaded is not None
    assert hasattr(loaded.library, "qz_lowest_share_of_high")
    assert hasattr(loaded.library, "qz_marked_rows")


@settings(max_examples=150, deadline=None)
@given(steps, st.sampled_from([1.0, 50.0, 100.0]), st.booleans())
def test_the_kernel_numpy_and_a_plain_loop_find_the_same_drawdown(
    moves: list[float], base: float, compounded: bool
) -> None:
    moved = np.array(moves)
    equity = 60.0 * np.exp(np.cumsum(moved) / 100) if compounded else 60.0 + np.cumsum(moved)
    found = lowest_share_of_high(equity, base)
    with force_fallback():
        fallen_back = lowest_share_of_high(equity, base)
    assert found == fallen_back == plain(equity, base)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), max_size=300))
def test_the_kernel_and_numpy_mark_the_same_rows(marks: list[bool]) -> None:
    flags = np.array(marks, np.bool_)
    found = marked_rows(flags).tolist()
    with force_fallback():
        assert marked_rows(flags).tolist() == found
    assert found == [row for row, flag in enumerate(marks) if flag]


def test_a_long_drawdown_is_traced_back_over_many_blocks() -> None:
    equity = np.full(20_000, 90.0)
    equity[3], equity[15_000], equity[19_000] = 100.0, 50.0, 100.0
    found = deepest_drawdown(equity, 80.0)
    assert (found.depth, found.start, found.valley, found.recovery) == (0.5, 3, 15_000, 19_000)


def test_the_start_is_the_last_row_at_the_high() -> None:
    assert deepest_drawdown(np.array([1.0, 2.0, 1.5, 2.0, 1.0]), 1.0).start == 3


def test_rows_that_are_not_contiguous_are_walked_all_the_same() -> None:
    wide = np.arange(10.0, 0.0, -0.5)
    assert lowest_share_of_high(wide[::2], 10.0) == plain(wide[::2].copy(), 10.0)
    assert marked_rows(np.array([True, False, True, True])[::2]).tolist() == [0, 1]


@pytest.mark.parametrize("equity", [[], [100.0], [100.0, 101.0]])
def test_no_fall_is_depth_0(equity: list[float]) -> None:
    found = deepest_drawdown(np.array(equity), 100.0)
    assert (found.depth, found.start, found.valley, found.recovery) == (0.0, -1, -1, -1)
