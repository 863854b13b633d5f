"""The 32 statistics of backtesting.py 0.6.6 (backtesting/_stats.py), under its names.

Its index is that of its DataFrame: a daily bar stands at midnight of its day, an intraday bar at its
opening. Ours are closes, so the index is rebuilt (Index below). What its Series gives as dates is
time here, as durations is days. close is the benchmark's curve: pass the traded instrument itself.
The risk-free rate is its annual argument of that name.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from quantumzero.research.metrics.arithmetic import deviation, mean
from quantumzero.research.metrics.conventions.backtesting_py_index import Falls, Index, index_of
from quantumzero.research.metrics.definition import Undefined, divide, metric
from quantumzero.research.metrics.sample import DAY, Sample

Doubles = NDArray[np.float64]
SOURCE = "backtesting/_stats.py"

UNMATCHED: dict[str, str] = {}


@metric("time", SOURCE, name="Start")
def start(sample: Sample) -> float:
    """First instant of the index."""
    return float(index_of(sample).time[0])


@metric("time", SOURCE, name="End")
def end(sample: Sample) -> float:
    """Last instant of the index."""
    return float(index_of(sample).time[-1])


@metric("days", SOURCE, name="Duration")
def duration(sample: Sample) -> float:
    """End - Start."""
    time = index_of(sample).time
    return float(time[-1] - time[0]) / DAY


@metric("percent", SOURCE, name="Exposure Time [%]")
def exposure_time(sample: Sample) -> float:
    """Bars from the entry's to the exit's, both included, of any closed trade / bars x 100."""
    held = np.zeros(len(index_of(sample).time) + 1, np.int64)
    np.add.at(held, sample.trades.entry_bar, 1)
    np.add.at(held, sample.trades.exit_bar + 1, -1)
    return float(np.count_nonzero(np.cumsum(held)[:-1])) / (len(held) - 1) * 100.0


@metric("money", SOURCE, name="Equity Final [$]")
def equity_final(sample: Sample) -> float:
    """Equity at the last bar."""
    return sample.final


@metric("money", SOURCE, name="Equity Peak [$]")
def equity_peak(sample: Sample) -> float:
    """Highest equity at a bar."""
    return float(index_of(sample).equity.max())


@metric("money", SOURCE, name="Commissions [$]")
def commissions(sample: Sample) -> float:
    """Commissions of the closed trades; undefined (left out of its Series) when 0."""
    paid = float(sample.trades.fees.sum())
    if not paid:
        raise Undefined("no commission was paid; the library leaves the figure out")
    return paid


@metric("percent", SOURCE, name="Return [%]")
def total_return(sample: Sample) -> float:
    """(last equity - first equity) / first equity x 100."""
    equity = index_of(sample).equity
    return float((equity[-1] - equity[0]) / equity[0]) * 100.0


@metric("percent", SOURCE, name="Buy & Hold Return [%]")
def buy_and_hold_return(sample: Sample) -> float:
    """(last close - c) / c x 100, c the close of the first bar after all indicators' warm-up."""
    close = _close(sample)
    if sample.warmup_bars >= len(close):
        raise Undefined("the warm-up is longer than the run")
    first = close[sample.warmup_bars]
    return float((close[-1] - first) / first) * 100.0


@metric("percent", SOURCE, name="Return (Ann.) [%]")
def annual_return(sample: Sample) -> float:
    """((1 + g) ** A - 1) x 100, g the geometric mean of the day's returns, A 252 (365 with weekends)."""
    index = index_of(sample)
    return float((1.0 + index.growth) ** index.periods - 1.0) * 100.0


@metric("percent", SOURCE, name="Volatility (Ann.) [%]")
def annual_volatility(sample: Sample) -> float:
    """sqrt((var(d, ddof 1) + (1 + g) ** 2) ** A - (1 + g) ** (2 x A)) x 100, d the day's returns."""
    index = index_of(sample)
    growth, spread = 1.0 + index.growth, deviation(index.day_returns)
    risk = (spread**2 + growth**2) ** index.periods - growth ** (2 * index.periods)
    return math.sqrt(max(risk, 0.0)) * 100.0


@metric("percent", SOURCE, name="CAGR [%]")
def cagr(sample: Sample) -> float:
    """((last equity / first equity) ** (365.25 / Duration) - 1) x 100."""
    equity, years = index_of(sample).equity, duration.read(sample) / 365.25
    growth = float(equity[-1] / equity[0])
    if not years or growth < 0.0:
        raise Undefined("the run spans no time, or ended below 0")
    return float(growth ** (1.0 / years) - 1.0) * 100.0


@metric("ratio", SOURCE, name="Sharpe Ratio")
def sharpe_ratio(sample: Sample) -> float:
    """(Return (Ann.) - risk-free rate) / Volatility (Ann.)."""
    gain = annual_return.read(sample) - sample.risk_free * 100.0
    return divide(gain, annual_volatility.read(sample), "the day's returns do not vary")


@metric("ratio", SOURCE, name="Sortino Ratio")
def sortino_ratio(sample: Sample) -> float:
    """(Return (Ann.) / 100 - risk-free rate) / (sqrt(mean(min(d, 0) ** 2)) x sqrt(A))."""
    index = index_of(sample)
    short = np.minimum(index.day_returns, 0.0)
    risk = math.sqrt(mean(short * short)) * math.sqrt(index.periods)
    return divide(annual_return.read(sample) / 100.0 - sample.risk_free, risk, "no day lost")


@metric("ratio", SOURCE, name="Calmar Ratio")
def calmar_ratio(sample: Sample) -> float:
    """Return (Ann.) / abs(Max. Drawdown)."""
    deepest = -max_drawdown.read(sample)
    return divide(annual_return.read(sample), deepest, "the equity never fell below a high")


@metric("percent", SOURCE, name="Alpha [%]")
def alpha(sample: Sample) -> float:
    """Return - f - Beta x (Buy & Hold Return - f), f the risk-free rate x 100."""
    free = sample.risk_free * 100.0
    market = buy_and_hold_return.read(sample) - free
    return total_return.read(sample) - free - beta.read(sample) * market


@metric("ratio", SOURCE, name="Beta")
def beta(sample: Sample) -> float:
    """cov(e, c) / var(c) of the bars' log returns of equity and of close."""
    own = np.diff(np.log(index_of(sample).equity))
    market = np.diff(np.log(_close(sample)))
    if len(own) < 2:
        raise Undefined("fewer than three bars")
    table = np.cov(own, market)
    return divide(float(table[0, 1]), float(table[1, 1]), "the close does not vary")


@metric("percent", SOURCE, name="Max. Drawdown [%]")
def max_drawdown(sample: Sample) -> float:
    """-max(1 - E / highest E so far) over the bars x 100."""
    return -float(np.nan_to_num(index_of(sample).depth.max())) * 100.0


@metric("percent", SOURCE, name="Avg. Drawdown [%]")
def average_drawdown(sample: Sample) -> float:
    """-mean(deepest point of each drawdown longer than a bar) x 100."""
    return -mean(_falls(index_of(sample)).peaks) * 100.0


@metric("days", SOURCE, name="Max. Drawdown Duration")
def max_drawdown_duration(sample: Sample) -> float:
    """Longest time from high to high, or from the last high to the end, rounded up to whole units of the bar."""
    index = index_of(sample)
    return index.round_up(float(np.max(_falls(index).spans)))


@metric("days", SOURCE, name="Avg. Drawdown Duration")
def average_drawdown_duration(sample: Sample) -> float:
    """Mean of those times, rounded up likewise."""
    index = index_of(sample)
    return index.round_up(index.mean_time(_falls(index).spans))


@metric("count", SOURCE, name="# Trades")
def trades(sample: Sample) -> float:
    """Closed trades."""
    return len(sample.trades.profit)


@metric("percent", SOURCE, name="Win Rate [%]")
def win_rate(sample: Sample) -> float:
    """Trades with profit > 0 / trades x 100."""
    return len(sample.wins) / len(sample.profits) * 100.0


@metric("percent", SOURCE, name="Best Trade [%]")
def best_trade(sample: Sample) -> float:
    """Greatest return of a trade, net of commissions, x 100."""
    return float(sample.trade_returns.max()) * 100.0


@metric("percent", SOURCE, name="Worst Trade [%]")
def worst_trade(sample: Sample) -> float:
    """Least return of a trade x 100."""
    return float(sample.trade_returns.min()) * 100.0


@metric("percent", SOURCE, name="Avg. Trade [%]")
def average_trade(sample: Sample) -> float:
    """Geometric mean of the trades' returns x 100; 0 when one is -100 % or less."""
    factors = sample.trade_returns + 1.0
    if float(factors.min()) <= 0.0:
        return 0.0
    return (math.exp(float(np.log(factors).sum()) / len(factors)) - 1.0) * 100.0


@metric("days", SOURCE, name="Max. Trade Duration")
def max_trade_duration(sample: Sample) -> float:
    """Longest time from the entry's bar to the exit's, rounded up to whole units of the bar."""
    index = index_of(sample)
    return index.round_up(float(np.max(_spans(sample, index))))


@metric("days", SOURCE, name="Avg. Trade Duration")
def average_trade_duration(sample: Sample) -> float:
    """Mean time from the entry's bar to the exit's, rounded up likewise."""
    index = index_of(sample)
    return index.round_up(index.mean_time(_spans(sample, index)))


@metric("ratio", SOURCE, name="Profit Factor")
def profit_factor(sample: Sample) -> float:
    """Sum of the returns above 0 / abs(sum of those below): of returns, not of money."""
    returns = sample.trade_returns
    loss = abs(float(returns[returns < 0.0].sum()))
    return divide(float(returns[returns > 0.0].sum()), loss, "no trade lost")


@metric("percent", SOURCE, name="Expectancy [%]")
def expectancy(sample: Sample) -> float:
    """Mean return of a trade x 100."""
    return mean(sample.trade_returns) * 100.0


@metric("ratio", SOURCE, name="SQN")
def sqn(sample: Sample) -> float:
    """sqrt(n) x mean(profit) / std(profit, ddof 1)."""
    gain = math.sqrt(len(sample.profits)) * mean(sample.profits)
    return divide(gain, deviation(sample.profits), "every trade made the same profit")


@metric("ratio", SOURCE, name="Kelly Criterion")
def kelly_criterion(sample: Sample) -> float:
    """W - (1 - W) / (mean win / -mean loss), W the win rate, in money."""
    rate = len(sample.wins) / len(sample.profits)
    return rate - (1.0 - rate) / (mean(sample.wins) / -mean(sample.losses))


def _close(sample: Sample) -> Doubles:
    if sample.benchmark is None:
        raise Undefined("the instrument's close was not given as benchmark")
    return sample.benchmark


def _falls(index: Index) -> Falls:
    falls = index.falls
    if not len(falls.peaks):
        raise Undefined("no drawdown lasted longer than a bar")
    return falls


def _spans(sample: Sample, index: Index) -> NDArray[np.int64]:
    if not len(sample.trades.profit):
        raise Undefined("no trade was closed")
    spans: NDArray[np.int64] = (
        index.time[sample.trades.exit_bar] - index.time[sample.trades.entry_bar]
    )
    return spans


DEFINITIONS = (
    *(start, end, duration, exposure_time, equity_final, equity_peak, commissions, total_return),
    *(buy_and_hold_return, annual_return, annual_volatility, cagr, sharpe_ratio, sortino_ratio),
    *(calmar_ratio, alpha, beta, max_drawdown, average_drawdown, max_drawdown_duration),
    *(average_drawdown_duration, trades, win_rate, best_trade, worst_trade, average_trade),
    *(max_trade_duration, average_trade_duration, profit_factor, expectancy, sqn, kelly_criterion),
)
