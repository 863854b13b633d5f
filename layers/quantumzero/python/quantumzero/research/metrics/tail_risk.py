"""How bad a session may be. Values at risk are returns: -0.02 means that 2 % may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.metrics.arithmetic import (
    mean,
    normal_density,
    normal_quantile,
    quantile,
)
from quantumzero.research.metrics.definition import divide, metric

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

_VALUE = "Jorion: Value at Risk (2006)"
_SHORTFALL = (
    "Rockafellar, Uryasev: Conditional Value-at-Risk, Journal of Banking & Finance 26 (2002)"
)
_MOMENTS = "Joanes, Gill: Comparing Measures of Sample Skewness and Kurtosis (1998): g1 and g2"


@metric("ratio", _VALUE)
def var_95(sample: Sample) -> float:
    """5 % quantile of r, linear between order statistics."""
    return quantile(sample.ordered, 0.05)


@metric("ratio", _VALUE)
def var_99(sample: Sample) -> float:
    """1 % quantile of r, linear between order statistics."""
    return quantile(sample.ordered, 0.01)


@metric("ratio", _SHORTFALL)
def cvar_95(sample: Sample) -> float:
    """Mean of the r at or below their 5 % quantile."""
    return _tail_mean(sample, 0.05)


@metric("ratio", _SHORTFALL)
def cvar_99(sample: Sample) -> float:
    """Mean of the r at or below their 1 % quantile."""
    return _tail_mean(sample, 0.01)


@metric("ratio", _VALUE)
def var_95_gaussian(sample: Sample) -> float:
    """mean(r) + z x std(r, ddof 1), z the 5 % quantile of the standard normal distribution."""
    return sample.mean + normal_quantile(0.05) * sample.spread


@metric("ratio", _VALUE)
def var_99_gaussian(sample: Sample) -> float:
    """mean(r) + z x std(r, ddof 1), z the 1 % quantile of the standard normal distribution."""
    return sample.mean + normal_quantile(0.01) * sample.spread


@metric("ratio", _SHORTFALL)
def cvar_95_gaussian(sample: Sample) -> float:
    """mean(r) - std(r, ddof 1) x phi(z) / 0.05, phi the normal density at its 5 % quantile z."""
    return _gaussian_shortfall(sample, 0.05)


@metric("ratio", _SHORTFALL)
def cvar_99_gaussian(sample: Sample) -> float:
    """mean(r) - std(r, ddof 1) x phi(z) / 0.01, phi the normal density at its 1 % quantile z."""
    return _gaussian_shortfall(sample, 0.01)


@metric("ratio", "pyfolio, tail_ratio")
def tail_ratio(sample: Sample) -> float:
    """95 % quantile of r / abs(5 % quantile of r)."""
    low = abs(quantile(sample.ordered, 0.05))
    return divide(quantile(sample.ordered, 0.95), low, "the 5 % quantile of the returns is 0")


@metric("ratio", _MOMENTS)
def skew(sample: Sample) -> float:
    """m3 / m2 ** 1.5 of the population moments of r."""
    return sample.moments[0]


@metric("ratio", _MOMENTS)
def kurtosis(sample: Sample) -> float:
    """m4 / m2 ** 2 of the population moments of r: raw, 3 for a normal distribution."""
    return sample.moments[1]


@metric("ratio", _MOMENTS)
def excess_kurtosis(sample: Sample) -> float:
    """Raw kurtosis - 3."""
    return sample.moments[1] - 3.0


def _tail_mean(sample: Sample, share: float) -> float:
    edge = quantile(sample.ordered, share)
    return mean(sample.ordered[: int(np.searchsorted(sample.ordered, edge, side="right"))])


def _gaussian_shortfall(sample: Sample, share: float) -> float:
    return sample.mean - sample.spread * normal_density(normal_quantile(share)) / share


DEFINITIONS = (
    var_95,
    var_99,
    cvar_95,
    cvar_99,
    var_95_gaussian,
    var_99_gaussian,
    cvar_95_gaussian,
    cvar_99_gaussian,
    tail_ratio,
    skew,
    kurtosis,
    excess_kurtosis,
)
