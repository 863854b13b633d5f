"""The figures of quantstats that count and average the returns of sessions one by one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantumzero.research.metrics.arithmetic import deviation, longest_run, mean, quantile
from quantumzero.research.metrics.definition import Undefined, divide, metric

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

Doubles = NDArray[np.float64]
SOURCE = "quantstats/stats.py"
PERIODS = 252.0


def growth(returns: Doubles) -> float:
    """Return prod(1 + r); Undefined without a return."""
    if not len(returns):
        raise Undefined("the run has no session close")
    return float(np.multiply.reduce(returns + 1.0))


def excess(sample: Sample) -> Doubles:
    """Return r - f with f = (1 + rf) ** (1 / 252) - 1; the library ignores an rf below 0."""
    if sample.risk_free <= 0.0:
        return sample.returns
    above: Doubles = sample.returns - float((1.0 + sample.risk_free) ** (1.0 / PERIODS) - 1.0)
    return above


def wealth_depths(sample: Sample) -> Doubles:
    """Return wealth / highest wealth so far - 1 of the wealth prod(1 + r), beginning at 1."""
    wealth = np.concatenate(([1.0], np.cumprod(sample.returns + 1.0)))
    depths: Doubles = (wealth / np.maximum.accumulate(wealth) - 1.0)[1:]
    return depths


@metric("ratio", SOURCE)
def comp(sample: Sample) -> float:
    """prod(1 + r) - 1."""
    return growth(sample.returns) - 1.0


@metric("ratio", SOURCE)
def expected_return(sample: Sample) -> float:
    """prod(1 + r) ** (1 / n) - 1 (also geometric_mean, ghpr)."""
    return float(growth(sample.returns) ** (1.0 / len(sample.returns)) - 1.0)


@metric("ratio", SOURCE)
def cagr(sample: Sample) -> float:
    """prod(1 + r) ** (252 / n) - 1."""
    wealth = growth(sample.returns)
    if wealth < 0.0:
        raise Undefined("a root of a negative wealth is not a number")
    return float(wealth ** (PERIODS / len(sample.returns)) - 1.0)


@metric("ratio", SOURCE)
def best(sample: Sample) -> float:
    """max(r)."""
    return float(sample.returns.max())


@metric("ratio", SOURCE)
def worst(sample: Sample) -> float:
    """min(r)."""
    return float(sample.returns.min())


@metric("count", SOURCE)
def consecutive_wins(sample: Sample) -> float:
    """Longest run of r > 0."""
    return longest_run(sample.returns > 0.0)


@metric("count", SOURCE)
def consecutive_losses(sample: Sample) -> float:
    """Longest run of r < 0."""
    return longest_run(sample.returns < 0.0)


@metric("ratio", SOURCE)
def exposure(sample: Sample) -> float:
    """Share of sessions with r other than 0, rounded up to whole percents."""
    return math.ceil(np.count_nonzero(sample.returns) / len(sample.returns) * 100) / 100


@metric("ratio", SOURCE)
def win_rate(sample: Sample) -> float:
    """Sessions with r > 0 / sessions with r other than 0; 0 without one."""
    return _win_rate(sample.returns)


@metric("ratio", SOURCE)
def avg_return(sample: Sample) -> float:
    """Mean of the r other than 0."""
    return mean(sample.returns[sample.returns != 0.0])


@metric("ratio", SOURCE)
def avg_win(sample: Sample) -> float:
    """Mean of the r above 0."""
    return mean(sample.returns[sample.returns > 0.0])


@metric("ratio", SOURCE)
def avg_loss(sample: Sample) -> float:
    """Mean of the r below 0."""
    return mean(sample.returns[sample.returns < 0.0])


@metric("ratio", SOURCE)
def volatility(sample: Sample) -> float:
    """std(r, ddof 1) x sqrt(252)."""
    return deviation(sample.returns) * math.sqrt(PERIODS)


@metric("ratio", SOURCE)
def implied_volatility(sample: Sample) -> float:
    """std(log(1 + r), ddof 1): the library's figure with annualize=False."""
    return deviation(np.log(sample.returns + 1.0))


@metric("ratio", SOURCE)
def gain_to_pain_ratio(sample: Sample) -> float:
    """sum(r) / abs(sum of the r below 0), over days."""
    pain = abs(float(sample.returns[sample.returns < 0.0].sum()))
    return divide(float(sample.returns.sum()), pain, "no return was below 0")


@metric("ratio", SOURCE)
def rar(sample: Sample) -> float:
    """cagr of r - f / exposure of r - f."""
    above = excess(sample)
    share = math.ceil(np.count_nonzero(above) / len(above) * 100) / 100
    wealth = growth(above)
    if wealth < 0.0:
        raise Undefined("a root of a negative wealth is not a number")
    return divide(wealth ** (PERIODS / len(above)) - 1.0, share, "no session had a return")


@metric("ratio", SOURCE)
def max_drawdown(sample: Sample) -> float:
    """min(w / highest w so far) - 1 of the wealth w = prod(1 + r), beginning at 1; at most 0."""
    return min(0.0, float(wealth_depths(sample).min()))


@metric("ratio", SOURCE)
def calmar(sample: Sample) -> float:
    """cagr / abs(max_drawdown)."""
    return divide(cagr.read(sample), abs(max_drawdown.read(sample)), "the wealth never fell")


@metric("ratio", SOURCE)
def recovery_factor(sample: Sample) -> float:
    """abs(sum(r) - rf) / abs(max_drawdown)."""
    gain = abs(float(sample.returns.sum()) - sample.risk_free)
    return divide(gain, abs(max_drawdown.read(sample)), "the wealth never fell")


@metric("ratio", SOURCE)
def risk_of_ruin(sample: Sample) -> float:
    """((1 - win_rate) / (1 + win_rate)) ** n."""
    rate = _win_rate(sample.returns)
    return float(((1.0 - rate) / (1.0 + rate)) ** len(sample.returns))


@metric("ratio", SOURCE)
def payoff_ratio(sample: Sample) -> float:
    """avg_win / abs(avg_loss) (also win_loss_ratio)."""
    return avg_win.read(sample) / abs(avg_loss.read(sample))


@metric("ratio", SOURCE)
def profit_ratio(sample: Sample) -> float:
    """(mean of the r >= 0 / their count) / abs(mean of the r < 0 / their count)."""
    gains = sample.returns[sample.returns >= 0.0]
    losses = sample.returns[sample.returns < 0.0]
    if not len(gains):
        return 0.0
    return divide(abs(mean(gains)) / len(gains), abs(mean(losses)) / len(losses), "no loss")


@metric("ratio", SOURCE)
def profit_factor(sample: Sample) -> float:
    """Sum of the r >= 0 / abs(sum of the r < 0)."""
    returns = sample.returns
    gain, loss = float(returns[returns >= 0.0].sum()), abs(float(returns[returns < 0.0].sum()))
    if not gain and not loss:
        return 0.0
    return divide(gain, loss, "no return was below 0")


@metric("ratio", SOURCE)
def cpc_index(sample: Sample) -> float:
    """profit_factor x win_rate x payoff_ratio."""
    rate = win_rate.read(sample)
    return profit_factor.read(sample) * rate * payoff_ratio.read(sample)


@metric("ratio", SOURCE)
def common_sense_ratio(sample: Sample) -> float:
    """profit_factor x tail_ratio."""
    low = quantile(sample.ordered, 1.0 - 0.95)
    tails = abs(divide(quantile(sample.ordered, 0.95), low, "the 5 % quantile is 0"))
    return profit_factor.read(sample) * tails


@metric("ratio", SOURCE)
def outlier_win_ratio(sample: Sample) -> float:
    """99 % quantile of r / mean of the r >= 0."""
    average = mean(sample.returns[sample.returns >= 0.0])
    return divide(quantile(sample.ordered, 0.99), average, "no return was above 0")


@metric("ratio", SOURCE)
def outlier_loss_ratio(sample: Sample) -> float:
    """1 % quantile of r / mean of the r < 0."""
    average = mean(sample.returns[sample.returns < 0.0])
    return divide(quantile(sample.ordered, 0.01), average, "no return was below 0")


@metric("ratio", SOURCE)
def risk_return_ratio(sample: Sample) -> float:
    """mean(r) / std(r, ddof 1)."""
    return divide(mean(sample.returns), deviation(sample.returns), "the returns do not vary")


@metric("ratio", SOURCE)
def kelly_criterion(sample: Sample) -> float:
    """(payoff_ratio x win_rate - (1 - win_rate)) / payoff_ratio."""
    payoff, rate = payoff_ratio.read(sample), _win_rate(sample.returns)
    return divide(payoff * rate - (1.0 - rate), payoff, "the payoff ratio is 0")


def _win_rate(returns: Doubles) -> float:
    moved = int(np.count_nonzero(returns))
    return int(np.count_nonzero(returns > 0.0)) / moved if moved else 0.0


DEFINITIONS = (
    *(comp, expected_return, cagr, best, worst, consecutive_wins, consecutive_losses, exposure),
    *(win_rate, avg_return, avg_win, avg_loss, volatility, implied_volatility),
    *(gain_to_pain_ratio, rar, max_drawdown, calmar, recovery_factor, risk_of_ruin),
    *(payoff_ratio, profit_ratio, profit_factor, cpc_index, common_sense_ratio),
    *(outlier_win_ratio, outlier_loss_ratio, risk_return_ratio, kelly_criterion),
)
