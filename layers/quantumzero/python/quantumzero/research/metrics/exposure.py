"""How much of the time and of the money was in the market, and how fast it turned over."""

from __future__ import annotations

import numpy as np

from quantumzero.research.metrics.arithmetic import mean, runs
from quantumzero.research.metrics.definition import Undefined, divide, metric
from quantumzero.research.metrics.sample import DAY, Sample

_PLAIN = "plain definition"


@metric("ratio", _PLAIN)
def time_in_market(sample: Sample) -> float:
    """Share of instants with a position (gross value above 0)."""
    held = sample.invested
    return float(np.count_nonzero(held)) / len(held)


@metric("days", _PLAIN)
def longest_flat_days(sample: Sample) -> float:
    """Longest time without a position, from the first instant without one to the next with one, or to the end."""
    starts, ends = runs(~sample.invested)
    if not len(starts):
        return 0.0
    time = sample.curves.time
    return float(np.maximum.reduce(time[np.minimum(ends, len(time) - 1)] - time[starts])) / DAY


@metric("ratio", _PLAIN)
def mean_gross_leverage(sample: Sample) -> float:
    """Mean over all instants of (value of the long and the short positions) / equity."""
    return mean(_some(sample) / sample.curves.equity)


@metric("ratio", _PLAIN)
def mean_net_leverage(sample: Sample) -> float:
    """Mean over all instants of (value of the long less that of the short positions) / equity."""
    return mean(sample.curves.net / sample.curves.equity)


@metric(
    "ratio", "SEC Form N-1A, portfolio turnover, with half the traded value for the lesser side"
)
def turnover(sample: Sample) -> float:
    """Half the value bought and sold / mean equity at the session closes / years: 1 is the account once a year."""
    once = divide(0.5 * sample.charges.traded_value, sample.mean_equity, "the mean equity is 0")
    return divide(once, sample.years, "the run spans no time")


def _some(sample: Sample) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    gross: np.ndarray[tuple[int], np.dtype[np.float64]] = sample.curves.gross
    if not len(gross):
        raise Undefined("the run has no bars")
    return gross


DEFINITIONS = (time_in_market, longest_flat_days, mean_gross_leverage, mean_net_leverage, turnover)
