"""Probabilistic and deflated Sharpe ratio, against the published formulas and example."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pytest

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.metrics import Trials, probabilistic_sharpe, ratios
from tests.unit.research.metrics.runs import four, reason, sample_of

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

NORMAL = NormalDist()


def formula(run: Sample, threshold: float) -> float:
    s = ratios.session_sharpe.read(run)
    away = run.returns - run.returns.mean()
    second = float((away**2).mean())
    g3, g4 = float((away**3).mean()) / second**1.5, float((away**4).mean()) / second**2
    root = math.sqrt(1 - g3 * s + (g4 - 1) / 4 * s**2)
    return NORMAL.cdf((s - threshold) * math.sqrt(len(run.returns) - 1) / root)


def test_the_probabilistic_ratio_is_the_published_formula_with_raw_kurtosis() -> None:
    assert probabilistic_sharpe.probabilistic_sharpe.read(four()) == pytest.approx(
        formula(four(), 0.0), rel=1e-12
    )


def test_the_published_example_of_the_deflated_ratio() -> None:
    """Bailey and Lopez de Prado (2014), numerical example: N = 100, V = 1/2 a year, 250 sessions."""
    spread = math.sqrt(0.5 / 250)
    sharpes = tuple(spread if number % 2 else -spread for number in range(100))
    run = four(trials=Trials(100, sharpes))
    assert probabilistic_sharpe.expected_best(run) == pytest.approx(0.1132, abs=5e-5)


def test_the_deflated_ratio_measures_from_the_best_of_the_trials() -> None:
    run = four(trials=Trials(3, (0.1, 0.3, 0.2)))
    spread = math.sqrt((0.01 + 0.01 + 0.0) / 3)  # population
    best = spread * (
        (1 - 0.5772156649015329) * NORMAL.inv_cdf(1 - 1 / 3)
        + 0.5772156649015329 * NORMAL.inv_cdf(1 - 1 / (3 * math.e))
    )
    assert probabilistic_sharpe.deflated_sharpe.read(run) == pytest.approx(formula(run, best))


def test_trials_without_a_ratio_count_all_the_same() -> None:
    few = four(trials=Trials(3, (0.1, 0.3, 0.2)))
    many = four(trials=Trials(300, (0.1, 0.3, 0.2)))
    measure = probabilistic_sharpe.deflated_sharpe.read
    assert measure(many) < measure(few)


def test_the_minimum_track_record_is_the_length_that_makes_the_probability_95_percent() -> None:
    rng = np.random.default_rng(3)
    equity = 1000.0 * np.cumprod(1.0 + rng.normal(0.002, 0.01, 200))
    run = sample_of(equity.tolist())
    s = ratios.session_sharpe.read(run)
    needed = probabilistic_sharpe.minimum_track_record.read(run)
    probability = probabilistic_sharpe.probabilistic_sharpe.read(run)
    distance = NORMAL.inv_cdf(probability) / math.sqrt(199) * math.sqrt(needed - 1)
    assert s > 0
    assert NORMAL.cdf(distance) == pytest.approx(0.95)


def test_no_length_proves_a_ratio_that_is_not_above_zero() -> None:
    losing = sample_of([990.0, 985.0, 970.0])
    assert "not above 0" in reason(probabilistic_sharpe.minimum_track_record, losing)


def test_without_two_trials_there_is_nothing_to_deflate() -> None:
    deflated = probabilistic_sharpe.deflated_sharpe
    assert "not counted" in reason(deflated, four())
    assert "fewer than two" in reason(deflated, four(trials=Trials(1, (0.1,))))
    assert "fewer than two" in reason(deflated, four(trials=Trials(9, (0.1,))))


def test_flat_returns_have_no_probability() -> None:
    assert reason(probabilistic_sharpe.probabilistic_sharpe, sample_of([1000.0] * 4))


@pytest.mark.parametrize(
    ("count", "sharpes"), [(0, ()), (1, (0.1, 0.2)), (2, (math.nan,)), (2, (math.inf, 0.1))]
)
def test_trials_that_cannot_be_are_refused(count: int, sharpes: tuple[float, ...]) -> None:
    with pytest.raises(InvalidInputError, match="trials"):
        Trials(count, sharpes)
