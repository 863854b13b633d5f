"""The figures of QuantConnect LEAN's PortfolioStatistics, unrounded except where LEAN rounds them itself.

Transcribed from Common/Statistics/{PortfolioStatistics,Statistics}.cs of github.com/QuantConnect/Lean
(commits c6a51381 and 00670342). MathNet's Variance and Covariance divide by n - 1, its Skewness and
Kurtosis are the unbiased type 2 estimates, Kurtosis being excess; LEAN feeds it to a formula that
wants the raw one, and so does this. What is undefined is LEAN's 0. TradeStatistics: lean_trades.py.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantumzero.research.metrics.arithmetic import (
    covariance,
    deviation,
    mean,
    normal_cdf,
    normal_quantile,
)
from quantumzero.research.metrics.conventions import lean_trades
from quantumzero.research.metrics.definition import Undefined, metric

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

Doubles = NDArray[np.float64]
SOURCE = "LEAN PortfolioStatistics.cs"
TRADING_DAYS = 252
DAYS_A_YEAR = 365.0

UNMATCHED = {
    "PortfolioTurnover": "a mean of daily traded value over equity; the run keeps the total only",
    "Estimated Strategy Capacity": "a model over LEAN's own minute bars and order events",
    "any figure of a LEAN run itself": (
        "LEAN samples equity at midnight of the algorithm's time zone, rounds daily performance to "
        "10 decimals of a percent and casts doubles to 15 digits; the formulas are matched, a .NET "
        "process was not run"
    ),
}


@metric("ratio", SOURCE, name="AverageWinRate")
def average_win_rate(sample: Sample) -> float:
    """Mean of profit / (starting cash + earlier profits) of the trades that won; 0 without one."""
    gained, _, wins, _ = _rates(sample)
    return gained / wins if wins else 0.0


@metric("ratio", SOURCE, name="AverageLossRate")
def average_loss_rate(sample: Sample) -> float:
    """The same of the trades that did not win (0 included); 0 without one."""
    _, lost, _, losses = _rates(sample)
    return lost / losses if losses else 0.0


@metric("ratio", SOURCE, name="ProfitLossRatio")
def profit_loss_ratio(sample: Sample) -> float:
    """AverageWinRate / abs(AverageLossRate); 0 when that is 0."""
    loss = average_loss_rate.read(sample)
    return average_win_rate.read(sample) / abs(loss) if loss else 0.0


@metric("ratio", SOURCE, name="WinRate")
def win_rate(sample: Sample) -> float:
    """Trades with profit > 0 / trades; 0 without one."""
    _, _, wins, losses = _rates(sample)
    return wins / (wins + losses) if wins + losses else 0.0


@metric("ratio", SOURCE, name="LossRate")
def loss_rate(sample: Sample) -> float:
    """The other trades / trades; 0 without one."""
    _, _, wins, losses = _rates(sample)
    return losses / (wins + losses) if wins + losses else 0.0


@metric("ratio", SOURCE, name="Expectancy")
def expectancy(sample: Sample) -> float:
    """WinRate x ProfitLossRatio - LossRate."""
    return win_rate.read(sample) * profit_loss_ratio.read(sample) - loss_rate.read(sample)


@metric("money", SOURCE, name="StartEquity")
def start_equity(sample: Sample) -> float:
    """The starting cash."""
    return sample.cash


@metric("money", SOURCE, name="EndEquity")
def end_equity(sample: Sample) -> float:
    """Equity at the last instant."""
    return sample.final


@metric("ratio", SOURCE, name="TotalNetProfit")
def total_net_profit(sample: Sample) -> float:
    """EndEquity / StartEquity - 1."""
    return sample.final / sample.cash - 1.0


@metric("ratio", SOURCE, name="CompoundingAnnualReturn")
def compounding_annual_return(sample: Sample) -> float:
    """(EndEquity / StartEquity) ** (365 / days) - 1, days between the first and the last instant, fractions kept."""
    years = sample.days / DAYS_A_YEAR
    growth = sample.final / sample.cash
    return float(growth ** (1.0 / years) - 1.0) if years and growth >= 0.0 else 0.0


@metric("ratio", SOURCE, name="Drawdown")
def drawdown(sample: Sample) -> float:
    """max(1 - E / highest E so far) over starting cash and session closes, rounded to 3 decimals."""
    values = sample.session_equity
    fall = float(np.minimum.reduce(values / np.maximum.accumulate(values) - 1.0))
    return round(abs(fall), 3)


@metric("ratio", SOURCE, name="AnnualVariance")
def annual_variance(sample: Sample) -> float:
    """var(r, ddof 1) x 252."""
    return deviation(_some(sample)) ** 2 * TRADING_DAYS


@metric("ratio", SOURCE, name="AnnualStandardDeviation")
def annual_standard_deviation(sample: Sample) -> float:
    """sqrt(AnnualVariance)."""
    return math.sqrt(annual_variance.read(sample))


@metric("ratio", SOURCE, name="SharpeRatio")
def sharpe_ratio(sample: Sample) -> float:
    """((1 + mean(r)) ** 252 - 1 - annual risk-free rate) / AnnualStandardDeviation; 0 when that is 0."""
    risk = annual_standard_deviation.read(sample)
    return (_annual(sample.returns) - sample.risk_free) / risk if risk else 0.0


@metric("ratio", SOURCE, name="SortinoRatio")
def sortino_ratio(sample: Sample) -> float:
    """As SharpeRatio, over sqrt(252) x std(the r below 0, ddof 1), around their own mean; 0 when that is 0."""
    returns = _some(sample)
    below = returns[returns < 0.0]
    risk = deviation(below) * math.sqrt(TRADING_DAYS) if len(below) > 1 else 0.0
    return (_annual(returns) - sample.risk_free) / risk if risk else 0.0


@metric("ratio", SOURCE, name="Beta")
def beta(sample: Sample) -> float:
    """cov(r, b) / var(b); 0 when b does not vary."""
    spread = deviation(sample.benchmark_returns)
    if not spread:
        return 0.0
    return covariance(_some(sample), sample.benchmark_returns) / spread**2


@metric("ratio", SOURCE, name="Alpha")
def alpha(sample: Sample) -> float:
    """P - (f + Beta x (B - f)), P = (1 + mean(r)) ** 252 - 1, B that of b, f annual; 0 when Beta is 0."""
    slope, free = beta.read(sample), sample.risk_free
    if not slope:
        return 0.0
    return _annual(sample.returns) - (free + slope * (_annual(sample.benchmark_returns) - free))


@metric("ratio", SOURCE, name="TrackingError")
def tracking_error(sample: Sample) -> float:
    """sqrt(var(r - b, ddof 1) x 252)."""
    return deviation(_some(sample) - sample.benchmark_returns) * math.sqrt(TRADING_DAYS)


@metric("ratio", SOURCE, name="InformationRatio")
def information_ratio(sample: Sample) -> float:
    """(P - B) / TrackingError, both compounded as in Alpha; 0 when TrackingError is 0."""
    error = tracking_error.read(sample)
    return (_annual(sample.returns) - _annual(sample.benchmark_returns)) / error if error else 0.0


@metric("ratio", SOURCE, name="TreynorRatio")
def treynor_ratio(sample: Sample) -> float:
    """(P - f) / Beta; 0 when Beta is 0."""
    slope = beta.read(sample)
    return (_annual(sample.returns) - sample.risk_free) / slope if slope else 0.0


@metric("ratio", "LEAN Statistics.cs", name="ProbabilisticSharpeRatio")
def probabilistic_sharpe_ratio(sample: Sample) -> float:
    """Phi((s - 1 / sqrt(252)) / sqrt((1 - g3 x s + (g4 - 1) / 4 x s ** 2) / (n - 1))), g4 the excess kurtosis."""
    returns = _some(sample)
    spread = deviation(returns)
    ratio = mean(returns) / spread if spread else 0.0
    skewness, excess = _unbiased_moments(sample)
    variance = (1.0 - skewness * ratio + (excess - 1.0) / 4.0 * ratio**2) / (len(returns) - 1)
    if variance < 0.0:
        return 0.0  # LEAN's answer to a root that is not a number
    error = math.sqrt(variance)
    return normal_cdf((ratio - 1.0 / math.sqrt(TRADING_DAYS)) / error if error else 0.0)


@metric("ratio", SOURCE, name="ValueAtRisk99")
def value_at_risk_99(sample: Sample) -> float:
    """mean + Z(0.01) x std(ddof 1) of the last 252 r, rounded to 3 decimals."""
    return _value_at_risk(sample, 0.99)


@metric("ratio", SOURCE, name="ValueAtRisk95")
def value_at_risk_95(sample: Sample) -> float:
    """mean + Z(0.05) x std(ddof 1) of the last 252 r, rounded to 3 decimals."""
    return _value_at_risk(sample, 0.95)


def _some(sample: Sample) -> Doubles:
    if len(sample.returns) < 2:
        raise Undefined("LEAN leaves its statistics empty below two sessions")
    return sample.returns


def _annual(returns: Doubles) -> float:
    return float((1.0 + mean(returns)) ** TRADING_DAYS - 1.0)


def _rates(sample: Sample) -> tuple[float, float, int, int]:
    """Return summed rates and counts of winners and losers, each on the capital before the trade."""
    profit = sample.trades.profit
    if not len(profit):
        return 0.0, 0.0, 0, 0
    profit = profit[np.argsort(sample.trades.exit_time, kind="stable")]
    capital = sample.cash + np.concatenate(([0.0], np.cumsum(profit[:-1])))
    rate, won = profit / capital, profit > 0.0
    wins = int(np.count_nonzero(won))
    return float(rate[won].sum()), float(rate[~won].sum()), wins, len(profit) - wins


def _unbiased_moments(sample: Sample) -> tuple[float, float]:
    """Return MathNet's type 2 estimates: adjusted skewness G1 and excess kurtosis G2."""
    n = len(sample.returns)
    if n < 4:
        raise Undefined("the unbiased kurtosis needs four sessions")
    g1, g2 = sample.moments[0], sample.moments[1] - 3.0
    skewness = g1 * math.sqrt(n * (n - 1)) / (n - 2)
    return skewness, ((n + 1) * g2 + 6.0) * (n - 1) / ((n - 2) * (n - 3))


def _value_at_risk(sample: Sample, confidence: float) -> float:
    recent = _some(sample)[-TRADING_DAYS:]
    return round(mean(recent) + deviation(recent) * normal_quantile(1.0 - confidence), 3)


DEFINITIONS = (
    *(average_win_rate, average_loss_rate, profit_loss_ratio, win_rate, loss_rate, expectancy),
    *(start_equity, end_equity, total_net_profit, compounding_annual_return, drawdown),
    *(annual_variance, annual_standard_deviation, sharpe_ratio, sortino_ratio, beta, alpha),
    *(tracking_error, information_ratio, treynor_ratio, probabilistic_sharpe_ratio),
    *(value_at_risk_99, value_at_risk_95, *lean_trades.DEFINITIONS),
)
