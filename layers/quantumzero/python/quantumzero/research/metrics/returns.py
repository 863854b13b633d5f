"""What the account earned, and how much its returns varied."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.metrics.definition import Undefined, metric

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

_HOUSE = "plain definition"


@metric("ratio", _HOUSE)
def total_return(sample: Sample) -> float:
    """E_T / E_0 - 1, which is prod(1 + r) - 1."""
    return sample.final / sample.cash - 1.0


@metric("ratio", _HOUSE)
def cagr(sample: Sample) -> float:
    """(E_T / E_0) ** (365.25 / days) - 1, days from the first instant of the curve to the last."""
    if sample.final <= 0.0:
        raise Undefined("the equity ended at or below 0, which no growth rate describes")
    if not sample.years:
        raise Undefined("the run spans no time")
    return math.expm1(math.log(sample.final / sample.cash) / sample.years)


@metric("ratio", _HOUSE)
def volatility(sample: Sample) -> float:
    """std(r, ddof 1) x sqrt(A)."""
    return sample.spread * math.sqrt(sample.sessions_per_year)


@metric("ratio", _HOUSE)
def mean_return(sample: Sample) -> float:
    """mean(r) x A: the arithmetic mean of the sessions' returns, a year."""
    return sample.mean * sample.sessions_per_year


@metric("ratio", _HOUSE)
def best_session(sample: Sample) -> float:
    """max(r)."""
    return float(sample.ordered[-1])


@metric("ratio", _HOUSE)
def worst_session(sample: Sample) -> float:
    """min(r)."""
    return float(sample.ordered[0])


@metric("ratio", _HOUSE)
def positive_sessions(sample: Sample) -> float:
    """Share of sessions with r > 0."""
    return float(np.count_nonzero(sample.returns > 0.0)) / len(sample.returns)


@metric("count", _HOUSE)
def sessions(sample: Sample) -> float:
    """n: the number of session closes of the curve, each with one return."""
    return len(sample.closes)


DEFINITIONS = (
    total_return,
    cagr,
    mean_return,
    volatility,
    best_session,
    worst_session,
    positive_sessions,
    sessions,
)
