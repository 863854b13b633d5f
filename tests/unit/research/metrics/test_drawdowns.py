"""Drawdowns over every instant, and the Ulcer index over the session closes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from quantumzero.research.metrics import drawdowns
from tests.unit.research.metrics.runs import START, curves_of, reason, sample_of

DAY = 86_400_000_000
FALL = [1100.0, 990.0, 880.0, 1210.0, 1089.0, 1300.0]


def test_the_deepest_drawdown_has_depth_start_valley_and_recovery() -> None:
    run = sample_of(FALL)
    assert drawdowns.max_drawdown.read(run) == pytest.approx(0.2)
    assert drawdowns.max_drawdown_start.read(run) == START
    assert drawdowns.max_drawdown_valley.read(run) == START + 2 * DAY
    assert drawdowns.max_drawdown_recovery.read(run) == START + 3 * DAY
    assert drawdowns.max_drawdown_days.read(run) == 3.0


def test_the_starting_cash_is_the_first_high() -> None:
    run = sample_of([900.0, 950.0, 1000.0])
    assert drawdowns.max_drawdown.read(run) == pytest.approx(0.1)
    assert run.drawdown.start == -1
    assert drawdowns.max_drawdown_start.read(run) == START
    assert drawdowns.max_drawdown_recovery.read(run) == START + 2 * DAY


def test_a_drawdown_inside_a_session_counts_for_depth_and_not_for_the_ulcer_index() -> None:
    run = sample_of([], curves=curves_of([1000.0, 500.0, 1000.0], ends=[False, False, True]))
    assert drawdowns.max_drawdown.read(run) == 0.5
    assert drawdowns.ulcer_index.read(run) == 0.0


def test_a_drawdown_that_lasts_to_the_end_has_no_recovery() -> None:
    run = sample_of([1100.0, 990.0, 1000.0])
    assert "not recovered" in reason(drawdowns.max_drawdown_recovery, run)
    assert drawdowns.max_drawdown_days.read(run) == 2.0


def test_a_run_that_never_fell_has_depth_0_and_no_dates() -> None:
    run = sample_of([1000.0, 1100.0, 1200.0])
    assert drawdowns.max_drawdown.read(run) == 0.0
    assert drawdowns.longest_drawdown_days.read(run) == 0.0
    for definition in drawdowns.DEFINITIONS[1:5]:
        assert "never fell" in reason(definition, run)
    assert "at a high" in reason(drawdowns.ulcer_performance_index, run)


def test_the_longest_drawdown_runs_from_high_to_new_high() -> None:
    # below 1,100 on the days 1 to 3, at a high again on day 4: from day 0 to day 4
    run = sample_of([1100.0, 1000.0, 1050.0, 1090.0, 1100.0, 1090.0, 1200.0])
    assert drawdowns.longest_drawdown_days.read(run) == 4.0


def test_the_longest_drawdown_may_last_to_the_end() -> None:
    assert drawdowns.longest_drawdown_days.read(sample_of([1100.0, 1000.0, 1050.0])) == 2.0


def test_the_ulcer_index_is_the_root_of_the_mean_squared_depth() -> None:
    depths = [0.0, 0.1, 0.2, 0.0, 0.1, 0.0]
    expected = math.sqrt(sum(depth**2 for depth in depths) / 6)
    run = sample_of(FALL)
    assert drawdowns.ulcer_index.read(run) == pytest.approx(expected, abs=1e-15)
    assert drawdowns.ulcer_performance_index.read(run) == pytest.approx(0.3 / expected)


def test_the_ulcer_performance_index_takes_off_the_risk_free_return_of_the_run() -> None:
    run = sample_of(FALL, risk_free=0.04)
    expected = (0.3 - (1.04 ** (6 / 4) - 1)) / drawdowns.ulcer_index.read(run)
    assert drawdowns.ulcer_performance_index.read(run) == pytest.approx(expected)


def test_a_run_without_bars_has_no_drawdown() -> None:
    run = sample_of([])
    assert "no bars" in reason(drawdowns.max_drawdown, run)
    assert "no session close" in reason(drawdowns.ulcer_index, run)


def test_negative_equity_falls_deeper_than_everything() -> None:
    assert drawdowns.max_drawdown.read(sample_of([1000.0, -500.0])) == pytest.approx(1.5)
    assert np.isfinite(drawdowns.max_drawdown.read(sample_of([-1.0, -2.0])))
