"""Indicators against figures published with their formulas."""

from __future__ import annotations

import pytest

from quantumzero.domain.strategy.evaluator import IncrementalEvaluator
from tests.unit.domain.strategy.random_strategies import compiled

# The worked RSI example of StockCharts' ChartSchool (closes, and the index from the 15th on).
CLOSES = [
    44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826,
    45.8931, 46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439,
]  # fmt: skip
RSI_14 = [70.53, 66.32, 66.55, 69.41, 66.36, 57.97]


def values(text, bars, label):
    evaluator = IncrementalEvaluator(compiled(text))
    return [evaluator.step(bar).values[label] for bar in bars]


def test_rsi_equals_the_published_example(daily_bars):
    found = values("rsi(close, 14) > 50", daily_bars(CLOSES), "rsi(close, 14)")
    assert found[:14] == [None] * 14
    assert found[14:] == [pytest.approx(value, abs=0.01) for value in RSI_14]


def test_rsi_of_a_series_that_only_rises_is_100_and_of_one_that_never_moves_50(daily_bars):
    rising = values("rsi(close, 2) > 50", daily_bars([1.0, 2.0, 3.0, 4.0]), "rsi(close, 2)")
    still = values("rsi(close, 2) > 50", daily_bars([2.0] * 4), "rsi(close, 2)")
    assert (rising[-1], still[-1]) == (100.0, 50.0)


def test_ema_starts_from_the_simple_average(daily_bars):
    found = values("ema(close, 3) > 0", daily_bars([2.0, 4.0, 6.0, 8.0]), "ema(close, 3)")
    assert found == [None, None, 4.0, 6.0]


def test_atr_counts_gaps_and_smooths_as_wilder_does(daily_bars):
    # High and low lie one either side: true ranges 5 (gap up), 2, 4 (gap down).
    found = values("atr(2) > 0", daily_bars([10.0, 14.0, 14.0, 11.0]), "atr(2)")
    assert found == [None, None, 3.5, (3.5 + 4.0) / 2]


def test_highest_and_lowest_contain_the_present_bar(daily_bars):
    bars = daily_bars([3.0, 1.0, 2.0, 5.0, 4.0])
    assert values("highest(close, 3) > 0", bars, "highest(close, 3)") == [None, None, 3, 5, 5]
    assert values("lowest(close, 3) > 0", bars, "lowest(close, 3)") == [None, None, 1, 1, 2]


def test_a_crossing_needs_the_other_side_or_a_tie_on_the_bar_before(daily_bars):
    bars = daily_bars([1.0, 2.0, 3.0, 3.0, 2.0, 3.0, 1.0])
    text = "cross_above(close, 2)"
    assert values(text, bars, text) == [None, False, True, False, False, True, False]
    text = "cross_below(close, 2)"
    assert values(text, bars, text) == [None, False, False, False, False, False, True]
