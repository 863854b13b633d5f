"""All metrics of a run: names, reasons instead of odd numbers, invariances, and the quick pair."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.kernel import force_fallback
from quantumzero.research.metrics import CONVENTIONS, Trials, compute_metrics, quick_metrics
from quantumzero.research.metrics.definition import UNITS
from quantumzero.research.result import Charges, Metric
from tests.unit.research.metrics.runs import BENCHMARK, EQUITY, curves_of, trades_of

returns_of_runs = st.lists(st.floats(-0.2, 0.25), min_size=3, max_size=80)


def measured(equity: list[float], *, scale: float = 1.0, **changes: Any) -> dict[str, Metric]:
    trades = trades_of(
        exit_bar=np.array([2, 2, 2, 2, 2], np.int32), entry_bar=np.array([0, 0, 1, 1, 2], np.int32)
    )
    money = {
        name: getattr(trades, name) * scale
        for name in ("quantity", "profit", "fees", "mae", "mfe", "best_profit", "worst_profit")
    }
    return compute_metrics(
        curves_of([value * scale for value in equity]),
        replace(trades, **money),
        Charges(commission=5.0 * scale, traded_value=1000.0 * scale),
        cash=1000.0 * scale,
        sessions_per_year=252.0,
        **changes,
    )


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_convention_answers_every_name_with_a_number_or_a_reason(convention: str) -> None:
    for benchmark in (None, BENCHMARK):
        found = measured(EQUITY, convention=convention, benchmark=benchmark)
        assert list(found) == [definition.name for definition in CONVENTIONS[convention]]
        for name, figure in found.items():
            assert figure.unit in UNITS, name
            assert (figure.value is None) == (figure.reason is not None), name
            assert figure.value is None or math.isfinite(figure.value), name


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("equity", [[], [1000.0], [1000.0] * 5, [900.0, -50.0, 0.0, 10.0]])
def test_no_run_is_too_odd_to_be_answered(convention: str, equity: list[float]) -> None:
    for trades in (trades_of(()), trades_of((0.0,)) if len(equity) > 2 else trades_of(())):
        found = compute_metrics(
            curves_of(equity),
            trades,
            Charges(),
            cash=1000.0,
            sessions_per_year=252.0,
            convention=convention,
        )
        assert all(figure.value is not None or figure.reason for figure in found.values())


@settings(max_examples=60, deadline=None)
@given(returns_of_runs, st.sampled_from([2.0**-7, 4.0, 2.0**20]))
def test_scaling_all_money_scales_money_and_leaves_the_rest(
    returns: list[float], scale: float
) -> None:
    """Powers of two, so that the scaled run has the same roundings."""
    equity = (1000.0 * np.cumprod(1.0 + np.array(returns))).tolist()
    small, large = measured(equity), measured(equity, scale=scale)
    for name, figure in small.items():
        factor = scale if figure.unit == "money" else 1.0
        assert large[name].reason == figure.reason, name
        if figure.value is not None:
            assert large[name].value == pytest.approx(figure.value * factor, rel=1e-12), name


@settings(max_examples=100, deadline=None)
@given(returns_of_runs)
def test_drawdowns_lie_between_0_and_1_and_bound_the_total_loss(returns: list[float]) -> None:
    equity = (1000.0 * np.cumprod(1.0 + np.array(returns))).tolist()
    found = measured(equity)
    depth, total = found["max_drawdown"].value, found["total_return"].value
    assert depth is not None
    assert total is not None
    assert 0.0 <= depth <= 1.0
    assert depth >= -total - 1e-12
    ulcer = found["ulcer_index"].value
    assert ulcer is not None
    assert 0.0 <= ulcer <= depth + 1e-12


@settings(max_examples=100, deadline=None)
@given(returns_of_runs)
def test_tails_are_ordered_and_shares_are_shares(returns: list[float]) -> None:
    found = measured((1000.0 * np.cumprod(1.0 + np.array(returns))).tolist())
    value = {name: figure.value for name, figure in found.items()}
    assert value["cvar_99"] <= value["var_99"] + 1e-12
    assert value["var_99"] <= value["var_95"] + 1e-12
    assert value["cvar_95"] <= value["var_95"] + 1e-12
    assert 0.0 <= value["positive_sessions"] <= 1.0
    if value["probabilistic_sharpe"] is not None:
        assert 0.0 <= value["probabilistic_sharpe"] <= 1.0


@settings(max_examples=60, deadline=None)
@given(returns_of_runs)
def test_the_quick_pair_equals_the_full_metrics(returns: list[float]) -> None:
    equity = (1000.0 * np.cumprod(1.0 + np.array(returns))).tolist()
    found = measured(equity)
    depth, sharpe = quick_metrics(curves_of(equity), cash=1000.0)
    assert depth == found["max_drawdown"].value
    expected = found["sharpe"].value
    assert math.isnan(sharpe) if expected is None else sharpe == expected


def test_kernel_and_numpy_give_the_same_metrics() -> None:
    rng = np.random.default_rng(5)
    equity = (1000.0 * np.cumprod(1.0 + rng.normal(0.0, 0.01, 3000))).tolist()
    trials = Trials(12, tuple(rng.normal(0.0, 0.1, 12).tolist()))
    found = measured(equity, trials=trials)
    quick = quick_metrics(curves_of(equity))
    with force_fallback():
        assert measured(equity, trials=trials) == found
        assert quick_metrics(curves_of(equity)) == quick


def test_a_quick_pair_of_nothing() -> None:
    depth, sharpe = quick_metrics(curves_of([]))
    assert depth == 0.0
    assert math.isnan(sharpe)
    assert math.isnan(quick_metrics(curves_of([1000.0]))[1])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"convention": "pyfolio"}, "there is no 'pyfolio'; it may be default, empyrical"),
        ({"risk_free": -1.0}, "risk_free was -1.0; it may be any number above -1"),
        ({"minimum_acceptable_return": math.nan}, "minimum_acceptable_return was nan"),
    ],
)
def test_what_cannot_be_measured_by_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        measured(EQUITY, **changes)


def test_cash_and_sessions_must_be_above_0() -> None:
    for name in ("cash", "sessions_per_year"):
        given = {"cash": 1000.0, "sessions_per_year": 252.0, name: 0.0}
        with pytest.raises(InvalidInputError, match=f"{name} was 0.0"):
            compute_metrics(curves_of(EQUITY), trades_of(), Charges(), **given)
