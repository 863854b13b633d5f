"""How far below its best the account fell, and for how long."""

from __future__ import annotations

import math

import numpy as np

from quantumzero.research.metrics.arithmetic import runs
from quantumzero.research.metrics.definition import Undefined, divide, metric
from quantumzero.research.metrics.returns import total_return
from quantumzero.research.metrics.sample import DAY, Sample

_PLAIN = "plain definition"
_ULCER = "Martin, McCann: The Investor's Guide to Fidelity Funds (1989)"


@metric("ratio", "Magdon-Ismail, Atiya: Maximum Drawdown, Risk 17 (2004)")
def max_drawdown(sample: Sample) -> float:
    """max(1 - E / highest E so far) over every instant, E_0 being the first high: 0.2 is a fall of 20 %."""
    if not len(sample.curves.equity):
        raise Undefined("the run has no bars")
    return sample.drawdown.depth


@metric("time", _PLAIN)
def max_drawdown_start(sample: Sample) -> float:
    """The last instant at the high from which the deepest drawdown fell (the first instant, when that was E_0)."""
    return float(sample.curves.time[max(0, sample.drawdown.start)] if _fell(sample) else 0)


@metric("time", _PLAIN)
def max_drawdown_valley(sample: Sample) -> float:
    """The instant of the deepest drawdown."""
    return float(sample.curves.time[sample.drawdown.valley] if _fell(sample) else 0)


@metric("time", _PLAIN)
def max_drawdown_recovery(sample: Sample) -> float:
    """The first instant after the valley at which equity is at the old high again."""
    _fell(sample)
    if sample.drawdown.recovery < 0:
        raise Undefined("the deepest drawdown was not recovered by the end")
    return float(sample.curves.time[sample.drawdown.recovery])


@metric("days", _PLAIN)
def max_drawdown_days(sample: Sample) -> float:
    """Days from the start of the deepest drawdown to its recovery, or to the end of the run."""
    _fell(sample)
    time, fall = sample.curves.time, sample.drawdown
    return float(time[fall.recovery] - time[max(0, fall.start)]) / DAY


@metric("days", _PLAIN)
def longest_drawdown_days(sample: Sample) -> float:
    """Longest time below a high, from one session close at a high to the next at a new one, or to the end."""
    starts, ends = runs(sample.session_depths > 0.0)
    if not len(starts):
        return 0.0
    time = sample.curves.time[sample.closes]
    last = time[np.minimum(ends, len(time) - 1)]
    return float(np.maximum.reduce(last - time[np.maximum(starts - 1, 0)])) / DAY


@metric("ratio", _ULCER)
def ulcer_index(sample: Sample) -> float:
    """sqrt(mean(d ** 2)) with d = 1 - E / highest E so far, at the session closes."""
    if not len(sample.session_depths):
        raise Undefined("the run has no session close")
    return math.sqrt(float(np.mean(sample.session_depths**2)))


@metric("ratio", _ULCER)
def ulcer_performance_index(sample: Sample) -> float:
    """(total return - risk-free return of as many sessions) / Ulcer index."""
    free = (1.0 + sample.rate) ** len(sample.returns) - 1.0
    return divide(
        total_return.read(sample) - free,
        ulcer_index.read(sample),
        "the equity was at a high at every session close",
    )


def _fell(sample: Sample) -> bool:
    if sample.drawdown.valley < 0:
        raise Undefined("the equity never fell below an earlier high")
    return True


DEFINITIONS = (
    max_drawdown,
    max_drawdown_start,
    max_drawdown_valley,
    max_drawdown_recovery,
    max_drawdown_days,
    longest_drawdown_days,
    ulcer_index,
    ulcer_performance_index,
)
