"""What LEAN's published C# computes, transcribed line by line into loops, as the reference for convention lean.

LEAN cannot run here (no .NET), so its figures are recomputed: PortfolioStatistics.cs (commit c6a51381),
Statistics.cs (commit of the same tree), TradeStatistics.cs (commit f17b6778). decimal becomes float;
MathNet's estimators are written from their documented formulas. Nothing here is shared with the product.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TRADING_DAYS = 252


def variance(values: Sequence[float]) -> float:
    """MathNet Variance: sum of squares around the mean over n - 1; NaN below two values."""
    if len(values) < 2:
        return math.nan
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def covariance(left: Sequence[float], right: Sequence[float]) -> float:
    """MathNet Covariance: over n - 1."""
    mean_left, mean_right = math.fsum(left) / len(left), math.fsum(right) / len(right)
    return math.fsum(
        (a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True)
    ) / (len(left) - 1)


def skewness(values: Sequence[float]) -> float:
    """MathNet Skewness, type 2: n / ((n - 1)(n - 2)) x sum(((x - mean) / s) ** 3)."""
    n, mean, spread = len(values), math.fsum(values) / len(values), math.sqrt(variance(values))
    cubes = math.fsum(((value - mean) / spread) ** 3 for value in values)
    return n / ((n - 1) * (n - 2)) * cubes


def kurtosis(values: Sequence[float]) -> float:
    """MathNet Kurtosis, type 2, excess: as Excel's KURT."""
    n, mean, spread = len(values), math.fsum(values) / len(values), math.sqrt(variance(values))
    fourths = math.fsum(((value - mean) / spread) ** 4 for value in values)
    first = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * fourths
    return first - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))


def annual_performance(values: Sequence[float]) -> float:
    """Statistics.AnnualPerformance."""
    return math.pow(math.fsum(values) / len(values) + 1, TRADING_DAYS) - 1


def annual_variance(values: Sequence[float]) -> float:
    """Statistics.AnnualVariance: 0 when the variance is not a number."""
    found = variance(values)
    return 0.0 if math.isnan(found) else found * TRADING_DAYS


def probabilistic_sharpe(values: Sequence[float]) -> float:
    """Statistics.ProbabilisticSharpeRatio against 1 / sqrt(252)."""
    spread = math.sqrt(variance(values))
    observed = math.fsum(values) / len(values) / spread if spread else 0.0
    first = skewness(values) * observed
    second = ((kurtosis(values) - 1) / 4) * observed**2
    inner = (1 - first + second) / (len(values) - 1)
    if inner < 0:
        return 0.0
    error = math.sqrt(inner)
    return NormalDist().cdf((observed - 1 / math.sqrt(TRADING_DAYS)) / error if error else 0.0)


def value_at_risk(values: Sequence[float], confidence: float) -> float:
    """PortfolioStatistics.GetValueAtRisk: the last 252 values, rounded to 3 decimals."""
    recent = values[-TRADING_DAYS:]
    mean, spread = math.fsum(recent) / len(recent), math.sqrt(variance(recent))
    return round(NormalDist(mean, spread).inv_cdf(1 - confidence), 3)


def trade_rates(profits: Sequence[float], capital: float) -> dict[str, float]:
    """The loop over profitLoss in PortfolioStatistics' constructor."""
    gained = lost = 0.0
    wins = losses = 0
    for profit in profits:
        if profit > 0:
            gained += profit / capital
            wins += 1
        else:
            lost += profit / capital
            losses += 1
        capital += profit
    average_win = gained / wins if wins else 0.0
    average_loss = lost / losses if losses else 0.0
    ratio = average_win / abs(average_loss) if average_loss else 0.0
    total = wins + losses
    win_rate, loss_rate = (wins / total, losses / total) if total else (0.0, 0.0)
    return {
        "AverageWinRate": average_win,
        "AverageLossRate": average_loss,
        "ProfitLossRatio": ratio,
        "WinRate": win_rate,
        "LossRate": loss_rate,
        "Expectancy": win_rate * ratio - loss_rate,
    }


def equity_figures(equity: Sequence[float], days: float) -> dict[str, float]:
    """Start, end, growth and DrawdownPercent(equity, 3)."""
    high, fall = equity[0], 0.0
    for value in equity:
        high = max(high, value)
        fall = min(fall, value / high - 1)
    start, end = equity[0], equity[-1]
    return {
        "StartEquity": start,
        "EndEquity": end,
        "TotalNetProfit": end / start - 1,
        "CompoundingAnnualReturn": math.pow(end / start, 1 / (days / 365)) - 1,
        "Drawdown": round(abs(fall), 3),
    }


def return_figures(
    returns: Sequence[float], market: Sequence[float], risk_free: float
) -> dict[str, float]:
    """The rest of PortfolioStatistics' constructor."""
    annual, market_annual = annual_performance(returns), annual_performance(market)
    risk = math.sqrt(annual_variance(returns))
    downside = math.sqrt(annual_variance([value for value in returns if value < 0]))
    market_variance = variance(market)
    beta = covariance(returns, market) / market_variance if market_variance else 0.0
    error = math.sqrt(annual_variance([a - b for a, b in zip(returns, market, strict=True)]))
    return {
        "AnnualVariance": annual_variance(returns),
        "AnnualStandardDeviation": risk,
        "SharpeRatio": (annual - risk_free) / risk if risk else 0.0,
        "SortinoRatio": (annual - risk_free) / downside if downside else 0.0,
        "Beta": beta,
        "Alpha": annual - (risk_free + beta * (market_annual - risk_free)) if beta else 0.0,
        "TrackingError": error,
        "InformationRatio": (annual - market_annual) / error if error else 0.0,
        "TreynorRatio": (annual - risk_free) / beta if beta else 0.0,
        "ProbabilisticSharpeRatio": probabilistic_sharpe(returns),
        "ValueAtRisk99": value_at_risk(returns, 0.99),
        "ValueAtRisk95": value_at_risk(returns, 0.95),
    }
