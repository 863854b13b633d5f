"""Quantiles, shortfalls and moments of the returns."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from quantumzero.research.metrics import tail_risk
from tests.unit.research.metrics.runs import four, reason, sample_of

SPREAD = math.sqrt(0.0275 / 3)


def test_historical_values_at_risk_are_linear_quantiles_of_the_returns() -> None:
    # ordered: -10 %, 0, 10 %, 10 %; place 0.05 x 3 = 0.15 between the first two
    assert tail_risk.var_95.read(four()) == pytest.approx(-0.1 + 0.15 * 0.1)
    assert tail_risk.var_99.read(four()) == pytest.approx(-0.1 + 0.03 * 0.1)


def test_historical_shortfall_is_the_mean_at_or_below_the_quantile() -> None:
    assert tail_risk.cvar_95.read(four()) == pytest.approx(-0.1)
    run = sample_of([900.0, 810.0, 729.0, 656.1, 721.71])
    assert tail_risk.cvar_99.read(run) == pytest.approx(-0.1)


def test_gaussian_values_at_risk_take_mean_and_sample_deviation() -> None:
    for definition, share in ((tail_risk.var_95_gaussian, 0.05), (tail_risk.var_99_gaussian, 0.01)):
        assert definition.read(four()) == pytest.approx(NormalDist(0.025, SPREAD).inv_cdf(share))


def test_gaussian_shortfall_is_the_mean_of_the_normal_tail() -> None:
    for definition, share in (
        (tail_risk.cvar_95_gaussian, 0.05),
        (tail_risk.cvar_99_gaussian, 0.01),
    ):
        z = NormalDist().inv_cdf(share)
        assert definition.read(four()) == pytest.approx(
            0.025 - SPREAD * NormalDist().pdf(z) / share
        )


def test_tail_ratio_compares_the_outer_quantiles() -> None:
    # the 95 % quantile lies between 10 % and 10 %
    assert tail_risk.tail_ratio.read(four()) == pytest.approx(0.1 / 0.085)


def test_skew_and_kurtosis_are_of_population_moments_and_raw() -> None:
    away = [0.075, -0.125, 0.075, -0.025]
    second = sum(x**2 for x in away) / 4
    assert tail_risk.skew.read(four()) == pytest.approx(sum(x**3 for x in away) / 4 / second**1.5)
    kurtosis = sum(x**4 for x in away) / 4 / second**2
    assert tail_risk.kurtosis.read(four()) == pytest.approx(kurtosis)
    assert tail_risk.excess_kurtosis.read(four()) == pytest.approx(kurtosis - 3)


def test_flat_returns_have_no_moments_and_no_tail_ratio() -> None:
    run = sample_of([1000.0] * 4)
    assert "vary" in reason(tail_risk.skew, run)
    assert "quantile" in reason(tail_risk.tail_ratio, run)


def test_no_session_leaves_all_undefined() -> None:
    for definition in tail_risk.DEFINITIONS:
        assert reason(definition, sample_of([]))
