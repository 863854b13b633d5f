"""The few statistics that several metrics share, on float64 arrays."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.metrics.curve import marked_rows
from quantumzero.research.metrics.definition import Undefined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]
    Truths = NDArray[np.bool_]

_NORMAL = NormalDist()
EULER_MASCHERONI = 0.5772156649015329
ROUNDING = 1e-14
"""Returns are quotients near 1 less 1, so equal ones may differ by a few times 2e-16; money by less than a cent."""


def mean(values: Doubles) -> float:
    """Return the arithmetic mean; Undefined for no values."""
    if not len(values):
        raise Undefined("there are no values to average")
    return float(np.add.reduce(values)) / len(values)


def deviation(values: Doubles, ddof: int = 1) -> float:
    """Return the standard deviation, exactly 0 for values that differ by rounding only (at most ROUNDING).

    Undefined for ddof values or fewer.
    """
    if len(values) <= ddof:
        raise Undefined(f"a spread needs {ddof + 1} values, there are {len(values)}")
    if varies_by_rounding(values):
        return 0.0  # else a steady 1 % a session would show a Sharpe ratio of 1e15
    away = values - np.add.reduce(values) / len(values)
    return math.sqrt(float(np.add.reduce(away * away)) / (len(values) - ddof))


def varies_by_rounding(values: Doubles) -> bool:
    """Say whether the values (at least one) are equal but for rounding."""
    return float(np.maximum.reduce(values)) - float(np.minimum.reduce(values)) <= ROUNDING


def covariance(left: Doubles, right: Doubles, ddof: int = 1) -> float:
    """Return the covariance of two arrays of equal length; Undefined for ddof values or fewer."""
    if len(left) <= ddof:
        raise Undefined(f"a covariance needs {ddof + 1} values, there are {len(left)}")
    product = (left - np.add.reduce(left) / len(left)) * (right - np.add.reduce(right) / len(right))
    return float(np.add.reduce(product)) / (len(left) - ddof)


def correlation(left: Doubles, right: Doubles) -> float:
    """Return Pearson's correlation; Undefined when one of the two does not vary, or below two values."""
    spreads = deviation(left) * deviation(right)
    if not spreads:
        raise Undefined("one of the two series does not vary")
    return covariance(left, right) / spreads


def moments(values: Doubles) -> tuple[float, float]:
    """Return skewness m3 / m2**1.5 and raw kurtosis m4 / m2**2 of the population moments."""
    if len(values) < 2 or deviation(values) == 0.0:
        raise Undefined("skewness and kurtosis need returns that vary")
    away = values - np.add.reduce(values) / len(values)
    square = away * away
    second = float(np.add.reduce(square)) / len(values)
    third = float(np.add.reduce(square * away)) / len(values)
    fourth = float(np.add.reduce(square * square)) / len(values)
    return third / second**1.5, fourth / second**2


def quantile(ordered: Doubles, share: float) -> float:
    """Return the quantile of ascending values, linear between order statistics (NumPy's default)."""
    if not len(ordered):
        raise Undefined("there are no values to order")
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    low, high = float(ordered[below]), float(ordered[above])
    return low + (high - low) * (place - below)


def geometric_mean(returns: Doubles) -> float:
    """Return prod(1 + r) ** (1 / n) - 1; Undefined when a return is -1 or less, or there is none."""
    if not len(returns):
        raise Undefined("there are no returns to compound")
    if float(np.minimum.reduce(returns)) <= -1.0:
        raise Undefined("a return of -100 % or less cannot be compounded")
    return math.expm1(float(np.add.reduce(np.log1p(returns))) / len(returns))


def normal_cdf(value: float) -> float:
    """Return the standard normal distribution function."""
    return 0.5 * math.erfc(-value / math.sqrt(2.0))


def normal_quantile(share: float) -> float:
    """Return the standard normal quantile of 0 < share < 1."""
    return _NORMAL.inv_cdf(share)


def normal_density(value: float) -> float:
    """Return the standard normal density."""
    return math.exp(-0.5 * value * value) / math.sqrt(2.0 * math.pi)


def longest_run(flags: Truths) -> int:
    """Return the length of the longest run of true values."""
    starts, ends = runs(flags)
    return int(np.maximum.reduce(ends - starts)) if len(starts) else 0


def runs(flags: Truths) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of each run of true values and the row after its last."""
    if not len(flags):
        empty = np.zeros(0, np.int64)
        return empty, empty
    turns = marked_rows(flags[1:] != flags[:-1]) + 1
    edges = np.concatenate(([0], turns, [len(flags)])) if flags[0] else np.append(turns, len(flags))
    if len(edges) % 2:
        edges = edges[:-1]
    return edges[::2], edges[1::2]
