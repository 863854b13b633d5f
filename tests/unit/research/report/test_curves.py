"""Curves lose points, never what a pixel could show; axes have round values in their range."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.research.report.curves import decimated
from quantumzero.research.report.equity_section import drawdowns
from quantumzero.research.report.returns_section import rolling_sharpe
from quantumzero.research.report.scales import Scale, fitted, time_ticks


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_each_column_keeps_its_extremes(size: int, columns: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=size)
    values[draw.random(size) < 0.2] = np.nan
    kept = decimated(values, columns)
    assert len(kept) <= 2 * columns + 2
    assert (np.diff(kept) > 0).all()
    assert np.isfinite(values[kept]).all()
    if np.isfinite(values).any():
        assert np.nanmax(values) == values[kept].max()
        assert np.nanmin(values) == values[kept].min()
        finite = np.flatnonzero(np.isfinite(values))
        assert {finite[0], finite[-1]} <= set(kept.tolist())


@settings(max_examples=100, deadline=None)
@given(
    st.floats(-1e7, 1e7), st.floats(1e-4, 1e7), st.booleans()
)  # fmt: skip
def test_labels_stand_inside_the_axis(low: float, height: float, log: bool) -> None:
    low = abs(low) + 1e-3 if log else low
    scale = fitted([np.array([low, low + height])], log=log)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 8
    assert all(scale.low <= tick <= scale.high for tick in ticks)
    places = scale.place(np.array(ticks))
    assert ((places >= 0) & (places <= 1)).all()


def test_a_flat_curve_still_has_an_axis() -> None:
    scale = fitted([np.full(5, 100.0)])
    assert scale.low < 100 < scale.high


def test_a_logarithmic_axis_puts_equal_ratios_at_equal_distances() -> None:
    places = Scale(1.0, 100.0, log=True).place(np.array([1.0, 10.0, 100.0]))
    assert places.tolist() == pytest.approx([0.0, 0.5, 1.0])


@pytest.mark.parametrize(
    ("step_us", "count", "words"),
    [
        (86_400_000_000, 2_000, "1971"),
        (86_400_000_000, 200, "Feb 1970"),
        (60_000_000, 400, "01 Jan 01:00"),
    ],
)
def test_time_labels_name_the_period_that_gives_a_few(step_us: int, count: int, words: str) -> None:
    labels = time_ticks(np.arange(1, count + 1, dtype=np.int64) * step_us)
    assert words in [label for _, label in labels]
    assert 3 <= len(labels) <= 8


def test_a_drawdown_is_measured_from_the_cash_when_it_was_never_exceeded() -> None:
    falls = drawdowns(np.array([90.0, 120.0, 60.0]), 100.0)
    assert falls.tolist() == pytest.approx([-0.1, 0.0, -0.5])


def test_the_rolling_sharpe_ratio_is_that_of_its_window() -> None:
    equity = 100 * np.cumprod(1 + np.random.default_rng(3).normal(0, 0.01, 60))
    ratios = rolling_sharpe(equity, 252.0, 20)
    returns = equity[1:] / equity[:-1] - 1
    last = returns[-20:]
    assert np.isnan(ratios[:20]).all()
    assert ratios[-1] == pytest.approx(last.mean() / last.std(ddof=1) * np.sqrt(252))
