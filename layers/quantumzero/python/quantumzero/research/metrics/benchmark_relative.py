"""The run against its benchmark, session by session: b is the benchmark's return."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quantumzero.research.metrics.arithmetic import deviation, geometric_mean, mean
from quantumzero.research.metrics.definition import Undefined, divide, metric

if TYPE_CHECKING:
    import numpy as np

    from quantumzero.research.metrics.sample import Sample

_JENSEN = "Jensen: The Performance of Mutual Funds, Journal of Finance 23 (1968)"
_ACTIVE = "Grinold, Kahn: Active Portfolio Management (1999)"
_CAPTURE = "Morningstar: Upside and Downside Capture Ratios, with sessions for months"
_FLAT = "the benchmark's returns do not vary"


@metric("ratio", "plain definition")
def benchmark_return(sample: Sample) -> float:
    """Total return of the benchmark, prod(1 + b) - 1."""
    if sample.benchmark is None or not len(sample.benchmark):
        raise Undefined("the run has no benchmark")
    return float(sample.benchmark[-1]) / sample.cash - 1.0


@metric("ratio", _JENSEN)
def alpha(sample: Sample) -> float:
    """mean((r - f) - beta x (b - f)) x A."""
    market = sample.benchmark_mean - sample.rate
    own = sample.mean - sample.rate
    return (own - beta.read(sample) * market) * sample.sessions_per_year


@metric("ratio", "Sharpe: Capital Asset Prices, Journal of Finance 19 (1964)")
def beta(sample: Sample) -> float:
    """cov(r, b) / var(b)."""
    return divide(sample.benchmark_covariance, sample.benchmark_spread**2, _FLAT)


@metric("ratio", "Pearson (1895)")
def correlation(sample: Sample) -> float:
    """cov(r, b) / (std(r) x std(b))."""
    spreads = sample.benchmark_spread * sample.spread
    return divide(sample.benchmark_covariance, spreads, "one of the two series does not vary")


@metric("ratio", "Pearson (1895)")
def r_squared(sample: Sample) -> float:
    """correlation ** 2."""
    return correlation.read(sample) ** 2


@metric("ratio", _ACTIVE)
def tracking_error(sample: Sample) -> float:
    """std(r - b, ddof 1) x sqrt(A)."""
    return deviation(_active(sample)) * math.sqrt(sample.sessions_per_year)


@metric("ratio", _ACTIVE)
def information_ratio(sample: Sample) -> float:
    """mean(r - b) / std(r - b, ddof 1) x sqrt(A)."""
    active = _active(sample)
    ratio = divide(
        mean(active), deviation(active), "the run and the benchmark differ by a constant"
    )
    return ratio * math.sqrt(sample.sessions_per_year)


@metric(
    "ratio",
    "Treynor: How to Rate Management of Investment Funds, Harvard Business Review 43 (1965)",
)
def treynor(sample: Sample) -> float:
    """mean(r - f) x A / beta."""
    gain = (sample.mean - sample.rate) * sample.sessions_per_year
    return divide(gain, beta.read(sample), "beta is 0")


@metric("ratio", _CAPTURE)
def up_capture(sample: Sample) -> float:
    """Geometric mean of r over that of b, in the sessions with b > 0."""
    return _capture(sample, sample.benchmark_returns > 0.0, "rose")


@metric("ratio", _CAPTURE)
def down_capture(sample: Sample) -> float:
    """Geometric mean of r over that of b, in the sessions with b < 0."""
    return _capture(sample, sample.benchmark_returns < 0.0, "fell")


def _active(sample: Sample) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    difference: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        sample.returns - sample.benchmark_returns
    )
    return difference


def _capture(
    sample: Sample, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]], moved: str
) -> float:
    if not chosen.any():
        raise Undefined(f"the benchmark {moved} in no session")
    market = geometric_mean(sample.benchmark_returns[chosen])
    return divide(geometric_mean(sample.returns[chosen]), market, "the benchmark did not move")


DEFINITIONS = (
    benchmark_return,
    alpha,
    beta,
    correlation,
    r_squared,
    tracking_error,
    information_ratio,
    treynor,
    up_capture,
    down_capture,
)
