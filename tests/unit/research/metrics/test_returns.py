"""Returns of the sessions, from the starting cash on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from quantumzero.research.metrics import returns
from tests.unit.research.metrics.runs import EQUITY, curves_of, four, reason, sample_of


def test_total_return_is_the_compounded_product_of_the_sessions_returns() -> None:
    run = four()
    assert returns.total_return.read(run) == pytest.approx(0.089, abs=1e-15)
    assert returns.total_return.read(run) == pytest.approx(np.prod(1 + run.returns) - 1, abs=1e-15)


def test_the_first_session_counts_from_the_starting_cash() -> None:
    assert four().returns == pytest.approx([0.1, -0.1, 0.1, 0.0], abs=1e-15)


def test_only_the_last_instant_of_a_session_makes_a_return() -> None:
    run = sample_of([], curves=curves_of(EQUITY, ends=[False, True, False, True]))
    assert run.returns == pytest.approx([-0.01, 0.1], abs=1e-15)


def test_cagr_takes_years_of_365_25_days() -> None:
    # three days from the first instant to the last
    assert returns.cagr.read(four()) == pytest.approx(1.089 ** (365.25 / 3) - 1, rel=1e-12)


def test_volatility_divides_by_n_minus_one() -> None:
    assert returns.volatility.read(four()) == pytest.approx(math.sqrt(0.0275 / 3) * 2, abs=1e-15)


def test_mean_best_worst_positive_and_count() -> None:
    run = four()
    assert returns.mean_return.read(run) == pytest.approx(0.1)
    assert returns.best_session.read(run) == pytest.approx(0.1)
    assert returns.worst_session.read(run) == pytest.approx(-0.1)
    assert returns.positive_sessions.read(run) == 0.5
    assert returns.sessions.read(run) == 4


def test_no_growth_rate_describes_a_ruin() -> None:
    assert "at or below 0" in reason(returns.cagr, sample_of([500.0, -1.0]))


def test_a_run_of_one_instant_spans_no_time() -> None:
    assert "fewer than two instants" in reason(returns.cagr, sample_of([1100.0]))


def test_one_session_has_no_spread() -> None:
    assert "needs 2 values" in reason(returns.volatility, sample_of([1100.0]))


def test_a_run_without_bars_has_nothing_to_measure() -> None:
    for definition in (d for d in returns.DEFINITIONS if d.name != "sessions"):
        assert reason(definition, sample_of([]))
