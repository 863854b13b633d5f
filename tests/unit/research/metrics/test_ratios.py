"""Ratios of return to risk."""

from __future__ import annotations

import math

import pytest

from quantumzero.research.metrics import ratios, returns
from tests.unit.research.metrics.runs import four, reason, sample_of

SPREAD = math.sqrt(0.0275 / 3)


def test_sharpe_annualises_by_the_root_of_the_sessions_a_year() -> None:
    run = four()
    assert ratios.session_sharpe.read(run) == pytest.approx(0.025 / SPREAD)
    assert ratios.sharpe.read(run) == pytest.approx(0.025 / SPREAD * 2)


def test_sharpe_takes_off_the_session_share_of_the_annual_risk_free_rate() -> None:
    rate = 1.08 ** (1 / 4) - 1
    assert ratios.sharpe.read(four(risk_free=0.08)) == pytest.approx((0.025 - rate) / SPREAD * 2)


def test_downside_deviation_is_over_all_sessions() -> None:
    # one session of -10 % among four
    assert ratios.downside_deviation.read(four()) == pytest.approx(math.sqrt(0.01 / 4) * 2)


def test_sortino_is_annual_excess_over_downside_deviation() -> None:
    assert ratios.sortino.read(four()) == pytest.approx(0.1 / (math.sqrt(0.01 / 4) * 2))


def test_sortino_measures_from_the_minimum_acceptable_return() -> None:
    target = 1.05 ** (1 / 4) - 1
    risk = math.sqrt(((0.1 + target) ** 2 + target**2) / 4) * 2
    run = four(minimum_acceptable_return=0.05)
    assert ratios.sortino.read(run) == pytest.approx((0.025 - target) * 4 / risk)


def test_calmar_is_cagr_over_drawdown() -> None:
    run = four()
    assert ratios.calmar.read(run) == pytest.approx(returns.cagr.read(run) / 0.1)


def test_omega_is_gains_over_losses() -> None:
    assert ratios.omega.read(four()) == pytest.approx(0.2 / 0.1)


def test_returns_that_do_not_vary_have_no_sharpe_ratio() -> None:
    assert reason(ratios.sharpe, sample_of([1000.0] * 3)) == "the returns do not vary"


def test_returns_that_differ_by_rounding_only_do_not_vary() -> None:
    run = sample_of([1000.0 * 1.017**session for session in range(1, 9)])
    assert len(set(run.returns.tolist())) > 1
    assert reason(ratios.sharpe, run) == "the returns do not vary"


def test_no_loss_leaves_sortino_and_omega_undefined() -> None:
    run = sample_of([1010.0, 1030.0])
    for definition in (ratios.sortino, ratios.omega):
        assert "no session returned less" in reason(definition, run)
    assert ratios.downside_deviation.read(run) == 0.0
    assert "never fell" in reason(ratios.calmar, run)


def test_no_session_leaves_all_undefined() -> None:
    for definition in ratios.DEFINITIONS:
        assert reason(definition, sample_of([]))
