"""Return for risk taken."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.metrics.arithmetic import deviation, mean
from quantumzero.research.metrics.definition import divide, metric
from quantumzero.research.metrics.returns import cagr

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

_SHARPE = "Sharpe: The Sharpe Ratio, Journal of Portfolio Management 21 (1994)"
_SORTINO = "Sortino, Price: Performance Measurement in a Downside Risk Framework, Journal of Investing 3 (1994)"
NO_SPREAD = "the returns do not vary"


@metric("ratio", _SHARPE)
def sharpe(sample: Sample) -> float:
    """mean(r - f) / std(r - f, ddof 1) x sqrt(A)."""
    return session_sharpe.read(sample) * math.sqrt(sample.sessions_per_year)


@metric("ratio", _SHARPE)
def session_sharpe(sample: Sample) -> float:
    """mean(r - f) / std(r - f, ddof 1): the Sharpe ratio of one session, not annualised."""
    if not sample.rate:
        return divide(sample.mean, sample.spread, NO_SPREAD)
    excess = sample.returns - sample.rate
    return divide(mean(excess), deviation(excess), NO_SPREAD)


@metric("ratio", _SORTINO)
def downside_deviation(sample: Sample) -> float:
    """sqrt(mean(min(r - m, 0) ** 2)) x sqrt(A), the mean over all n sessions."""
    short = np.minimum(sample.returns - sample.target, 0.0)
    return math.sqrt(mean(short * short)) * math.sqrt(sample.sessions_per_year)


@metric("ratio", _SORTINO)
def sortino(sample: Sample) -> float:
    """mean(r - m) x A / downside deviation."""
    risk = downside_deviation.read(sample)
    gain = mean(sample.returns - sample.target) * sample.sessions_per_year
    return divide(gain, risk, "no session returned less than the minimum acceptable return")


@metric("ratio", "Young: Calmar Ratio, Futures (1991), over the whole run instead of 36 months")
def calmar(sample: Sample) -> float:
    """CAGR / maximum drawdown, both over the whole run."""
    return divide(
        cagr.read(sample), sample.drawdown.depth, "the equity never fell below an earlier high"
    )


@metric("ratio", "Keating, Shadwick: A Universal Performance Measure (2002)")
def omega(sample: Sample) -> float:
    """sum(max(r - m, 0)) / sum(max(m - r, 0))."""
    above = sample.returns - sample.target
    gain = float(np.add.reduce(np.maximum(above, 0.0)))
    loss = float(np.add.reduce(np.maximum(-above, 0.0)))
    return divide(gain, loss, "no session returned less than the minimum acceptable return")


DEFINITIONS = (sharpe, session_sharpe, downside_deviation, sortino, calmar, omega)
