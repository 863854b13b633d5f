"""How sure the Sharpe ratio is, after its length, its tails, and the number of trials.

All on the session's Sharpe ratio s = mean(r - f) / std(r - f, ddof 1), skewness g3 and raw kurtosis
g4 (3 for a normal distribution) of r.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.metrics.arithmetic import (
    EULER_MASCHERONI,
    deviation,
    normal_cdf,
    normal_quantile,
)
from quantumzero.research.metrics.definition import Undefined, divide, metric
from quantumzero.research.metrics.ratios import session_sharpe

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

_PSR = "Bailey, Lopez de Prado: The Sharpe Ratio Efficient Frontier, Journal of Risk 15 (2012)"
_DSR = (
    "Bailey, Lopez de Prado: The Deflated Sharpe Ratio, Journal of Portfolio Management 40 (2014)"
)
CONFIDENCE = 0.95


@metric("ratio", _PSR)
def probabilistic_sharpe(sample: Sample) -> float:
    """Phi(s x sqrt(n - 1) / sqrt(1 - g3 x s + (g4 - 1) / 4 x s ** 2)): probability that the true ratio is above 0."""
    return _probability(sample, 0.0)


@metric("ratio", _DSR)
def deflated_sharpe(sample: Sample) -> float:
    """Phi of the same with s - s0, where s0 = std(s of all trials, population) x ((1 - g) x
    Z(1 - 1 / N) + g x Z(1 - 1 / (N x e))), N the count of trials, Z the normal quantile, g = 0.5772...
    """
    return _probability(sample, expected_best(sample))


@metric("sessions", _PSR)
def minimum_track_record(sample: Sample) -> float:
    """1 + (1 - g3 x s + (g4 - 1) / 4 x s ** 2) x (Z(0.95) / s) ** 2: sessions needed to be 95 % sure of s > 0."""
    ratio = session_sharpe.read(sample)
    if ratio <= 0.0:
        raise Undefined("the Sharpe ratio is not above 0, so no length would prove that it is")
    return 1.0 + _variance(sample, ratio) * (normal_quantile(CONFIDENCE) / ratio) ** 2


def expected_best(sample: Sample) -> float:
    """s0: the session's Sharpe ratio that the best of N trials without any skill is expected to show."""
    trials = sample.trials
    if trials is None:
        raise Undefined("the trials of this strategy were not counted")
    if trials.count < 2 or len(trials.sharpes) < 2:
        raise Undefined("fewer than two trials: there is nothing to deflate")
    spread = deviation(np.array(trials.sharpes), ddof=0)
    first = normal_quantile(1.0 - 1.0 / trials.count)
    second = normal_quantile(1.0 - 1.0 / (trials.count * math.e))
    return spread * ((1.0 - EULER_MASCHERONI) * first + EULER_MASCHERONI * second)


def _probability(sample: Sample, threshold: float) -> float:
    ratio = session_sharpe.read(sample)
    spread = math.sqrt(_variance(sample, ratio))
    distance = (ratio - threshold) * math.sqrt(len(sample.returns) - 1)
    return normal_cdf(divide(distance, spread, "the estimate of the Sharpe ratio has no spread"))


def _variance(sample: Sample, ratio: float) -> float:
    skewness, kurtosis = sample.moments
    variance = 1.0 - skewness * ratio + (kurtosis - 1.0) / 4.0 * ratio**2
    if variance <= 0.0:
        raise Undefined("the estimate of the Sharpe ratio has no spread")
    return variance


DEFINITIONS = (probabilistic_sharpe, deflated_sharpe, minimum_track_record)
