"""The figures of quantstats 0.0.86 (quantstats/stats.py) at its defaults: 252 periods a year.

r are the returns of sessions, b the benchmark's; rf is its annual argument of that name, taken off
where the library takes it off. Its quantiles are linear, its standard deviation divides by n - 1, its
skew and kurtosis are pandas' unbiased ones (kurtosis excess). More in quantstats_periods.py.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantumzero.research.metrics.arithmetic import (
    correlation,
    covariance,
    deviation,
    mean,
    normal_cdf,
    normal_density,
    normal_quantile,
    quantile,
)
from quantumzero.research.metrics.conventions import quantstats_periods as periods
from quantumzero.research.metrics.conventions.quantstats_periods import (
    PERIODS,
    SOURCE,
    excess,
    growth,
    wealth_depths,
)
from quantumzero.research.metrics.definition import Undefined, divide, metric

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

Doubles = NDArray[np.float64]

UNMATCHED = {
    "geometric_mean, ghpr, ror, var, cvar, expected_shortfall, upi, r2, win_loss_ratio": (
        "other names of expected_return, risk_of_ruin, value_at_risk, conditional_value_at_risk, "
        "ulcer_performance_index, r_squared and payoff_ratio, which are given"
    ),
    "montecarlo, montecarlo_*": "random draws; the figures depend on the library's generator",
    "rolling_*, compsum, to_drawdown_series, pct_rank, outliers, remove_outliers": "curves",
    "distribution, monthly_returns, drawdown_details, compare": "tables",
    "best, worst, win_rate and others with aggregate=": "only the default, no aggregation, is given",
    "any figure of returns that are all at least 0 with one above 1": (
        "the library takes such a series for prices; ours are always returns"
    ),
}


@metric("ratio", SOURCE)
def sharpe(sample: Sample) -> float:
    """mean(r - f) / std(r - f, ddof 1) x sqrt(252), f = (1 + rf) ** (1 / 252) - 1."""
    return _session_sharpe(sample) * math.sqrt(PERIODS)


@metric("ratio", SOURCE)
def smart_sharpe(sample: Sample) -> float:
    """sharpe / autocorr_penalty of r - f."""
    return sharpe.read(sample) / _penalty(excess(sample))


@metric("ratio", SOURCE)
def autocorr_penalty(sample: Sample) -> float:
    """sqrt(1 + 2 x sum((n - k) / n x c ** k, k = 1 .. n - 1)), c = abs(correlation of r with the r before)."""
    return _penalty(sample.returns)


@metric("ratio", SOURCE)
def sortino(sample: Sample) -> float:
    """mean(r - f) / sqrt(sum(min(r - f, 0) ** 2) / n) x sqrt(252)."""
    return _session_sortino(sample) * math.sqrt(PERIODS)


@metric("ratio", SOURCE)
def smart_sortino(sample: Sample) -> float:
    """sortino / autocorr_penalty of r - f."""
    return sortino.read(sample) / _penalty(excess(sample))


@metric("ratio", SOURCE)
def adjusted_sortino(sample: Sample) -> float:
    """sortino / sqrt(2)."""
    return sortino.read(sample) / math.sqrt(2.0)


@metric("ratio", SOURCE)
def probabilistic_sharpe_ratio(sample: Sample) -> float:
    """Phi(s / sqrt((1 - g3 x s + (k + 2) / 4 x s ** 2) / (n - 1))), s not annualised, k excess kurtosis."""
    return _probability(sample, _session_sharpe(sample))


@metric("ratio", SOURCE)
def probabilistic_sortino_ratio(sample: Sample) -> float:
    """The same with the Sortino ratio, not annualised."""
    return _probability(sample, _session_sortino(sample))


@metric("ratio", SOURCE)
def probabilistic_adjusted_sortino_ratio(sample: Sample) -> float:
    """The same with the Sortino ratio / sqrt(2), not annualised."""
    return _probability(sample, _session_sortino(sample) / math.sqrt(2.0))


@metric("ratio", SOURCE)
def omega(sample: Sample) -> float:
    """Sum of the r - f - t above 0 / abs(sum of those below), t = (1 + m) ** (1 / 252) - 1."""
    target = (1.0 + sample.minimum_acceptable_return) ** (1.0 / PERIODS) - 1.0
    above = excess(sample) - target
    gain, loss = float(above[above > 0.0].sum()), -float(above[above < 0.0].sum())
    return divide(gain, loss, "no return was below the required one")


@metric("ratio", SOURCE)
def skew(sample: Sample) -> float:
    """g1 x sqrt(n x (n - 1)) / (n - 2), g1 from population moments."""
    n = len(sample.returns)
    return sample.moments[0] * math.sqrt(n * (n - 1)) / (n - 2)


@metric("ratio", SOURCE)
def kurtosis(sample: Sample) -> float:
    """((n + 1) x g2 + 6) x (n - 1) / ((n - 2) x (n - 3)), g2 the excess kurtosis of population moments."""
    n = len(sample.returns)
    return ((n + 1) * (sample.moments[1] - 3.0) + 6.0) * (n - 1) / ((n - 2) * (n - 3))


@metric("ratio", SOURCE)
def value_at_risk(sample: Sample) -> float:
    """mean(r) + Z(0.05) x std(r, ddof 1)."""
    return mean(sample.returns) + normal_quantile(1.0 - 0.95) * deviation(sample.returns)


@metric("ratio", SOURCE)
def conditional_value_at_risk(sample: Sample) -> float:
    """mean(r) - std(r, ddof 1) x phi(Z(0.05)) / 0.05."""
    return _shortfall(sample.returns)


@metric("ratio", SOURCE)
def tail_ratio(sample: Sample) -> float:
    """abs(95 % quantile of r / 5 % quantile of r)."""
    low = quantile(sample.ordered, 1.0 - 0.95)
    return abs(divide(quantile(sample.ordered, 0.95), low, "the 5 % quantile is 0"))


@metric("ratio", SOURCE)
def ulcer_index(sample: Sample) -> float:
    """sqrt(sum(d ** 2) / (n - 1)), d the drawdowns of the wealth prod(1 + r), beginning at 1."""
    depths = wealth_depths(sample)
    return math.sqrt(float((depths**2).sum()) / (len(depths) - 1))


@metric("ratio", SOURCE)
def ulcer_performance_index(sample: Sample) -> float:
    """(prod(1 + r) - 1 - rf) / ulcer_index."""
    gain = growth(sample.returns) - 1.0 - sample.risk_free
    return divide(gain, ulcer_index.read(sample), "the wealth never fell")


@metric("ratio", SOURCE)
def serenity_index(sample: Sample) -> float:
    """(sum(r) - rf) / (ulcer_index x pitfall), pitfall = -conditional_value_at_risk of d / std(r, ddof 1)."""
    pitfall = -_shortfall(wealth_depths(sample)) / deviation(sample.returns)
    gain = float(sample.returns.sum()) - sample.risk_free
    return divide(gain, ulcer_index.read(sample) * pitfall, "the wealth never fell")


@metric("ratio", SOURCE)
def information_ratio(sample: Sample) -> float:
    """mean(r - b) / std(r - b, ddof 1), not annualised."""
    active = sample.returns - sample.benchmark_returns
    spread = deviation(active)
    return mean(active) / spread if spread else 0.0


@metric("ratio", SOURCE)
def r_squared(sample: Sample) -> float:
    """Squared correlation of r and b."""
    return correlation(sample.returns, sample.benchmark_returns) ** 2


@metric("ratio", SOURCE)
def beta(sample: Sample) -> float:
    """cov(r, b) / var(b) (greeks); 0 when b does not vary."""
    spread = deviation(sample.benchmark_returns)
    return covariance(sample.returns, sample.benchmark_returns) / spread**2 if spread else 0.0


@metric("ratio", SOURCE)
def alpha(sample: Sample) -> float:
    """(mean(r) - beta x mean(b)) x 252 (greeks)."""
    market = mean(sample.benchmark_returns)
    return (mean(sample.returns) - beta.read(sample) * market) * PERIODS


@metric("ratio", SOURCE)
def treynor_ratio(sample: Sample) -> float:
    """(prod(1 + r) - 1 - rf) / beta; 0 when beta is 0."""
    slope = beta.read(sample)
    return (growth(sample.returns) - 1.0 - sample.risk_free) / slope if slope else 0.0


def _session_sharpe(sample: Sample) -> float:
    above = excess(sample)
    return divide(mean(above), deviation(above), "the returns do not vary")


def _session_sortino(sample: Sample) -> float:
    above = excess(sample)
    short = np.minimum(above, 0.0)
    return divide(mean(above), math.sqrt(mean(short * short)), "no return was below 0")


def _penalty(returns: Doubles) -> float:
    n = len(returns)
    if n < 3 or not deviation(returns[:-1]) or not deviation(returns[1:]):
        return 1.0  # the library's figure where there is no correlation
    echo = abs(correlation(returns[:-1], returns[1:]))
    lag = np.arange(1, n)
    return math.sqrt(1.0 + 2.0 * float(((n - lag) / n * echo**lag).sum()))


def _probability(sample: Sample, ratio: float) -> float:
    skewness, raw = skew.read(sample), kurtosis.read(sample) + 3.0
    variance = 1.0 - skewness * ratio + (raw - 1.0) / 4.0 * ratio**2
    if variance <= 0.0:
        raise Undefined("the estimate of the ratio has no spread")
    return normal_cdf(ratio / math.sqrt(variance / (len(sample.returns) - 1)))


def _shortfall(values: Doubles) -> float:
    share = 1.0 - 0.95
    return mean(values) - deviation(values) * normal_density(normal_quantile(share)) / share


DEFINITIONS = (
    *periods.DEFINITIONS,
    *(sharpe, smart_sharpe, autocorr_penalty, sortino, smart_sortino, adjusted_sortino),
    *(probabilistic_sharpe_ratio, probabilistic_sortino_ratio),
    *(probabilistic_adjusted_sortino_ratio, omega, skew, kurtosis, value_at_risk),
    *(conditional_value_at_risk, tail_ratio, ulcer_index, ulcer_performance_index),
    *(serenity_index, information_ratio, r_squared, beta, alpha, treynor_ratio),
)
