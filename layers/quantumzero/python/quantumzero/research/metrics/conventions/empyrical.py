"""The figures of empyrical-reloaded 0.7.1 (empyrical/stats.py) for daily returns: 252 periods a year.

r are the returns of sessions, b the benchmark's; f and m the session's share of the annual rates.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantumzero.research.metrics.arithmetic import correlation, deviation, mean, quantile
from quantumzero.research.metrics.definition import Undefined, divide, metric

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

Doubles = NDArray[np.float64]
SOURCE = "empyrical/stats.py"
PERIODS = 252.0

UNMATCHED = {
    "gpd_*": "the estimate is wherever SciPy's Nelder-Mead search stops, not a formula",
    "roll_*, cum_returns, drawdown_series, simple_returns, aggregate_returns": (
        "curves and tables, not single figures; the report draws its own"
    ),
}


@metric("ratio", SOURCE)
def cum_returns_final(sample: Sample) -> float:
    """prod(1 + r) - 1."""
    return _product(sample.returns) - 1.0


@metric("ratio", SOURCE)
def annual_return(sample: Sample) -> float:
    """prod(1 + r) ** (252 / n) - 1."""
    return _annual(sample.returns)


@metric("ratio", SOURCE)
def cagr(sample: Sample) -> float:
    """annual_return under its other name."""
    return _annual(sample.returns)


@metric("ratio", SOURCE)
def annual_volatility(sample: Sample) -> float:
    """std(r, ddof 1) x 252 ** (1 / 2)."""
    return deviation(sample.returns) * math.sqrt(PERIODS)


@metric("ratio", SOURCE)
def sharpe_ratio(sample: Sample) -> float:
    """mean(r - f) / std(r - f, ddof 1) x sqrt(252)."""
    excess = sample.returns - sample.rate
    ratio = divide(mean(excess), deviation(excess), "the returns do not vary")
    return ratio * math.sqrt(PERIODS)


@metric("ratio", SOURCE)
def downside_risk(sample: Sample) -> float:
    """sqrt(mean(min(r - m, 0) ** 2)) x sqrt(252)."""
    short = np.minimum(sample.returns - sample.target, 0.0)
    return math.sqrt(mean(short * short)) * math.sqrt(PERIODS)


@metric("ratio", SOURCE)
def sortino_ratio(sample: Sample) -> float:
    """mean(r - m) x 252 / downside_risk."""
    gain = mean(sample.returns - sample.target) * PERIODS
    return divide(gain, downside_risk.read(sample), "no return was below m")


@metric("ratio", SOURCE)
def max_drawdown(sample: Sample) -> float:
    """min(w / highest w so far - 1) of the wealth w = 100 x prod(1 + r), beginning at 100; at most 0."""
    wealth = 100.0 * np.concatenate(([1.0], np.cumprod(_some(sample) + 1.0)))
    high = np.maximum.accumulate(wealth)
    return float(np.minimum.reduce((wealth - high)[1:] / high[1:]))


@metric("ratio", SOURCE)
def calmar_ratio(sample: Sample) -> float:
    """annual_return / abs(max_drawdown)."""
    return divide(
        annual_return.read(sample), abs(max_drawdown.read(sample)), "the wealth never fell"
    )


@metric("ratio", SOURCE)
def omega_ratio(sample: Sample) -> float:
    """Sum of the r - f - t above 0 / abs(sum of those below), t = (1 + annual m) ** (1 / 252) - 1."""
    target = (1.0 + sample.minimum_acceptable_return) ** (1.0 / PERIODS) - 1.0
    above = _some(sample) - sample.rate - target
    gain, loss = float(above[above > 0.0].sum()), -float(above[above < 0.0].sum())
    return divide(gain, loss, "no return was below the required one")


@metric("ratio", SOURCE)
def stability_of_timeseries(sample: Sample) -> float:
    """R squared of a straight line through the running sum of log(1 + r)."""
    total = np.cumsum(np.log1p(sample.returns))
    return correlation(np.arange(len(total), dtype=np.float64), total) ** 2


@metric("ratio", SOURCE)
def tail_ratio(sample: Sample) -> float:
    """abs(95 % quantile of r) / abs(5 % quantile)."""
    low = abs(quantile(sample.ordered, 0.05))
    return divide(abs(quantile(sample.ordered, 0.95)), low, "the 5 % quantile is 0")


@metric("ratio", SOURCE)
def value_at_risk(sample: Sample) -> float:
    """5 % quantile of r."""
    return quantile(sample.ordered, 0.05)


@metric("ratio", SOURCE)
def conditional_value_at_risk(sample: Sample) -> float:
    """Mean of the int((n - 1) x 0.05) + 1 least r."""
    return mean(sample.ordered[: int((len(sample.ordered) - 1) * 0.05) + 1])


@metric("ratio", "scipy.stats.skew, in empyrical's SIMPLE_STAT_FUNCS")
def skew(sample: Sample) -> float:
    """m3 / m2 ** 1.5 of the population moments."""
    return sample.moments[0]


@metric("ratio", "scipy.stats.kurtosis, in empyrical's SIMPLE_STAT_FUNCS")
def kurtosis(sample: Sample) -> float:
    """m4 / m2 ** 2 - 3 of the population moments: excess."""
    return sample.moments[1] - 3.0


@metric("ratio", SOURCE)
def excess_sharpe(sample: Sample) -> float:
    """mean(r - b) / std(r - b, ddof 1), not annualised."""
    active = sample.returns - sample.benchmark_returns
    return divide(mean(active), deviation(active), "run and benchmark differ by a constant")


@metric("ratio", SOURCE)
def beta(sample: Sample) -> float:
    """mean((b - mean(b)) x r) / mean((b - mean(b)) ** 2)."""
    return _beta(sample.returns, sample.benchmark_returns)


@metric("ratio", SOURCE)
def alpha(sample: Sample) -> float:
    """(1 + mean((r - f) - beta x (b - f))) ** 252 - 1."""
    return _alpha(sample.returns, sample.benchmark_returns, sample.rate)


@metric("ratio", SOURCE)
def up_alpha(sample: Sample) -> float:
    """alpha over the sessions with b > 0 (up_alpha_beta, first value)."""
    chosen = sample.benchmark_returns > 0.0
    return _alpha(sample.returns[chosen], sample.benchmark_returns[chosen], sample.rate)


@metric("ratio", SOURCE)
def up_beta(sample: Sample) -> float:
    """beta over the sessions with b > 0 (up_alpha_beta, second value)."""
    chosen = sample.benchmark_returns > 0.0
    return _beta(sample.returns[chosen], sample.benchmark_returns[chosen])


@metric("ratio", SOURCE)
def down_alpha(sample: Sample) -> float:
    """alpha over the sessions with b < 0 (down_alpha_beta, first value)."""
    chosen = sample.benchmark_returns < 0.0
    return _alpha(sample.returns[chosen], sample.benchmark_returns[chosen], sample.rate)


@metric("ratio", SOURCE)
def down_beta(sample: Sample) -> float:
    """beta over the sessions with b < 0 (down_alpha_beta, second value)."""
    chosen = sample.benchmark_returns < 0.0
    return _beta(sample.returns[chosen], sample.benchmark_returns[chosen])


@metric("ratio", SOURCE)
def capture(sample: Sample) -> float:
    """annual_return of r / annual_return of b."""
    market = sample.benchmark_returns
    return divide(_annual(sample.returns), _annual(market), "the benchmark returned 0")


@metric("ratio", SOURCE)
def up_capture(sample: Sample) -> float:
    """capture over the sessions with b > 0."""
    return _captured(sample, sample.benchmark_returns > 0.0)


@metric("ratio", SOURCE)
def down_capture(sample: Sample) -> float:
    """capture over the sessions with b < 0."""
    return _captured(sample, sample.benchmark_returns < 0.0)


@metric("ratio", SOURCE)
def up_down_capture(sample: Sample) -> float:
    """up_capture / down_capture."""
    return divide(up_capture.read(sample), down_capture.read(sample), "down_capture is 0")


@metric("ratio", SOURCE)
def batting_average(sample: Sample) -> float:
    """Share of the sessions with r > b."""
    return _share(sample.returns > sample.benchmark_returns)


@metric("ratio", SOURCE)
def batting_average_up(sample: Sample) -> float:
    """Share with r > b, of the sessions with b >= 0 ('up market')."""
    better = sample.returns > sample.benchmark_returns
    return _share(better[sample.benchmark_returns >= 0.0])


@metric("ratio", SOURCE)
def batting_average_down(sample: Sample) -> float:
    """Share with r > b, of the sessions with b < 0 ('down market')."""
    better = sample.returns > sample.benchmark_returns
    return _share(better[sample.benchmark_returns < 0.0])


@metric("ratio", SOURCE)
def beta_fragility_heuristic(sample: Sample) -> float:
    """How far r at the middle b lies below the line from r at the least b to r at the greatest."""
    market = sample.benchmark_returns
    if len(market) < 3:
        raise Undefined("fewer than three sessions")
    order = np.argsort(market, kind="quicksort")
    first, middle, last = order[0], order[len(order) // 2], order[-1]
    low, centre, high = float(market[first]), float(market[middle]), float(market[last])
    lower, upper = 0.5, 0.5
    if high != low:
        lower, upper = (high - centre) / (high - low), (centre - low) / (high - low)
    r = sample.returns
    return float(lower * r[first] + upper * r[last] - r[middle])


def _some(sample: Sample) -> Doubles:
    if len(sample.returns) < 2:
        raise Undefined("fewer than two sessions")
    return sample.returns


def _product(returns: Doubles) -> float:
    return float(np.multiply.reduce(returns + 1.0))


def _annual(returns: Doubles) -> float:
    if not len(returns):
        raise Undefined("there is no such session")
    wealth = _product(returns)
    if wealth < 0.0:
        raise Undefined("a root of a negative wealth is not a number")
    return float(wealth ** (PERIODS / len(returns)) - 1.0)


def _beta(returns: Doubles, market: Doubles) -> float:
    if len(returns) < 2:
        raise Undefined("fewer than two such sessions")
    away = market - mean(market)
    return divide(mean(away * returns), mean(away * away), "the benchmark's returns do not vary")


def _alpha(returns: Doubles, market: Doubles, rate: float) -> float:
    rest = (returns - rate) - _beta(returns, market) * (market - rate)
    return float((1.0 + mean(rest)) ** PERIODS - 1.0)


def _captured(sample: Sample, chosen: NDArray[np.bool_]) -> float:
    market = _annual(sample.benchmark_returns[chosen])
    return divide(_annual(sample.returns[chosen]), market, "the benchmark returned 0")


def _share(flags: NDArray[np.bool_]) -> float:
    return divide(float(np.count_nonzero(flags)), len(flags), "there is no such session")


DEFINITIONS = (
    *(cum_returns_final, annual_return, cagr, annual_volatility, sharpe_ratio, downside_risk),
    *(sortino_ratio, max_drawdown, calmar_ratio, omega_ratio, stability_of_timeseries, tail_ratio),
    *(value_at_risk, conditional_value_at_risk, skew, kurtosis, excess_sharpe, alpha, beta),
    *(up_alpha, up_beta, down_alpha, down_beta, capture, up_capture, down_capture),
    *(up_down_capture, batting_average, batting_average_up, batting_average_down),
    beta_fragility_heuristic,
)
