"""The run against its benchmark: r = 10, -10, 10, 0 %; b = 5, -2, 10, -10 %."""

from __future__ import annotations

import math

import numpy as np
import pytest

from quantumzero.research.metrics import benchmark_relative as relative
from tests.unit.research.metrics.runs import four, reason, sample_of

MEAN_R, MEAN_B = 0.025, 0.0075
AWAY_R = (0.075, -0.125, 0.075, -0.025)
AWAY_B = (0.0425, -0.0275, 0.0925, -0.1075)
COVARIANCE = sum(a * b for a, b in zip(AWAY_R, AWAY_B, strict=True)) / 3
VARIANCE = sum(b * b for b in AWAY_B) / 3
BETA = COVARIANCE / VARIANCE
ACTIVE = (0.05, -0.08, 0.0, 0.1)


def test_beta_is_covariance_over_the_benchmarks_variance() -> None:
    assert relative.beta.read(four()) == pytest.approx(BETA)


def test_alpha_is_what_beta_does_not_explain_a_year() -> None:
    rate = 1.04 ** (1 / 4) - 1
    expected = ((MEAN_R - rate) - BETA * (MEAN_B - rate)) * 4
    assert relative.alpha.read(four(risk_free=0.04)) == pytest.approx(expected)


def test_correlation_and_its_square() -> None:
    spread = math.sqrt(sum(a * a for a in AWAY_R) / 3 * VARIANCE)
    assert relative.correlation.read(four()) == pytest.approx(COVARIANCE / spread)
    assert relative.r_squared.read(four()) == pytest.approx((COVARIANCE / spread) ** 2)


def test_tracking_error_and_information_ratio_are_of_the_active_return() -> None:
    mean = sum(ACTIVE) / 4
    spread = math.sqrt(sum((x - mean) ** 2 for x in ACTIVE) / 3)
    assert relative.tracking_error.read(four()) == pytest.approx(spread * 2)
    assert relative.information_ratio.read(four()) == pytest.approx(mean / spread * 2)


def test_treynor_is_annual_excess_over_beta() -> None:
    assert relative.treynor.read(four()) == pytest.approx(0.1 / BETA)


def test_captures_compare_geometric_means_of_the_benchmarks_good_and_bad_sessions() -> None:
    up = (1.1 * 1.1) ** 0.5 - 1
    assert relative.up_capture.read(four()) == pytest.approx(up / ((1.05 * 1.1) ** 0.5 - 1))
    down = (0.9 * 1.0) ** 0.5 - 1
    assert relative.down_capture.read(four()) == pytest.approx(down / ((0.98 * 0.9) ** 0.5 - 1))


def test_the_benchmarks_own_return() -> None:
    assert relative.benchmark_return.read(four()) == pytest.approx(0.01871)


def test_without_a_benchmark_all_are_undefined() -> None:
    for definition in relative.DEFINITIONS:
        assert reason(definition, sample_of([1100.0, 990.0])) == "the run has no benchmark"


def test_a_flat_benchmark_has_no_beta() -> None:
    flat = four(benchmark=np.full(4, 1000.0))
    assert "do not vary" in reason(relative.beta, flat)
    assert "series does not vary" in reason(relative.correlation, flat)
    assert "rose in no session" in reason(relative.up_capture, flat)
    assert "fell in no session" in reason(relative.down_capture, flat)


def test_a_run_equal_to_its_benchmark_has_no_information_ratio() -> None:
    same = four(benchmark=np.array([1100.0, 990.0, 1089.0, 1089.0]))
    assert relative.tracking_error.read(same) == 0.0
    assert "differ by a constant" in reason(relative.information_ratio, same)
    assert relative.beta.read(same) == pytest.approx(1.0)
    assert relative.alpha.read(same) == pytest.approx(0.0, abs=1e-15)
