"""The closed trades, each net of the fees of both its sides. A trade of exactly 0 is neither win nor loss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.metrics.arithmetic import deviation, longest_run, mean
from quantumzero.research.metrics.definition import Undefined, divide, metric

if TYPE_CHECKING:
    from quantumzero.research.metrics.sample import Sample

_PLAIN = "plain definition"
_SQN = "Tharp: Definitive Guide to Position Sizing (2008), with profit in money for R"
_EXCURSION = "Sweeney: Maximum Adverse Excursion (1997)"
_SQN_CAP = 100


@metric("count", _PLAIN)
def trades(sample: Sample) -> float:
    """Number of closed trades (a position reduced in parts counts once for each part)."""
    return len(sample.trades.profit)


@metric("ratio", _PLAIN)
def win_rate(sample: Sample) -> float:
    """Trades with profit > 0 / all closed trades."""
    return len(sample.wins) / len(sample.profits)


@metric("money", _PLAIN)
def average_win(sample: Sample) -> float:
    """Mean profit of the winning trades."""
    return mean(_some(sample.wins, "won"))


@metric("money", _PLAIN)
def average_loss(sample: Sample) -> float:
    """Mean profit of the losing trades, below 0."""
    return mean(_some(sample.losses, "lost"))


@metric("ratio", _PLAIN)
def payoff(sample: Sample) -> float:
    """Average win / abs(average loss)."""
    return average_win.read(sample) / -average_loss.read(sample)


@metric("ratio", _PLAIN)
def profit_factor(sample: Sample) -> float:
    """Sum of the wins / abs(sum of the losses), in money."""
    loss = -float(np.add.reduce(sample.losses))
    return divide(float(np.add.reduce(sample.wins)), loss, "no trade lost")


@metric("money", _PLAIN)
def expectancy(sample: Sample) -> float:
    """Mean profit of a trade."""
    return mean(sample.profits)


@metric("ratio", _PLAIN)
def average_trade_return(sample: Sample) -> float:
    """Mean of profit / (entry price x quantity)."""
    return mean(sample.trade_returns)


@metric("money", _PLAIN)
def best_trade(sample: Sample) -> float:
    """Greatest profit of a trade."""
    return float(np.maximum.reduce(sample.profits))


@metric("money", _PLAIN)
def worst_trade(sample: Sample) -> float:
    """Least profit of a trade."""
    return float(np.minimum.reduce(sample.profits))


@metric("ratio", _SQN)
def sqn(sample: Sample) -> float:
    """sqrt(n) x mean(profit) / std(profit, ddof 1)."""
    return _quality(sample, len(sample.profits))


@metric("ratio", _SQN)
def sqn_100(sample: Sample) -> float:
    """sqrt(min(n, 100)) x mean(profit) / std(profit, ddof 1): many small trades do not raise it."""
    return _quality(sample, min(len(sample.profits), _SQN_CAP))


@metric("ratio", "Kelly: A New Interpretation of Information Rate (1956), for bets of payoff to 1")
def kelly(sample: Sample) -> float:
    """W - (1 - W) / payoff, W the win rate."""
    rate = win_rate.read(sample)
    return rate - (1.0 - rate) / payoff.read(sample)


@metric("money", _EXCURSION)
def average_mae(sample: Sample) -> float:
    """Mean of the worst open profit of each trade (MAE)."""
    return mean(_closed(sample, sample.trades.mae))


@metric("money", _EXCURSION)
def average_mfe(sample: Sample) -> float:
    """Mean of the best open profit of each trade (MFE)."""
    return mean(_closed(sample, sample.trades.mfe))


@metric("money", _EXCURSION)
def worst_mae(sample: Sample) -> float:
    """Least of the worst open profits."""
    return float(np.minimum.reduce(_closed(sample, sample.trades.mae)))


@metric("money", _EXCURSION)
def best_mfe(sample: Sample) -> float:
    """Greatest of the best open profits."""
    return float(np.maximum.reduce(_closed(sample, sample.trades.mfe)))


@metric("days", _PLAIN)
def average_holding_days(sample: Sample) -> float:
    """Mean time from entry to exit."""
    return mean(sample.holding_days)


@metric("days", _PLAIN)
def longest_holding_days(sample: Sample) -> float:
    """Longest time from entry to exit."""
    return float(np.maximum.reduce(sample.holding_days))


@metric("count", _PLAIN)
def winning_streak(sample: Sample) -> float:
    """Most wins in a row, trades in order of their exits; a trade of 0 ends a streak."""
    return longest_run(_in_order(sample) > 0.0)


@metric("count", _PLAIN)
def losing_streak(sample: Sample) -> float:
    """Most losses in a row, trades in order of their exits; a trade of 0 ends a streak."""
    return longest_run(_in_order(sample) < 0.0)


@metric("ratio", "docs/backtesting.md")
def ambiguous_share(sample: Sample) -> float:
    """Trades whose result hangs on the unknown order of prices inside a bar / all closed trades."""
    return float(
        np.count_nonzero(_closed(sample, sample.trades.ambiguous.astype(np.float64)))
    ) / len(sample.profits)


Values = np.ndarray[tuple[int], np.dtype[np.float64]]


def _in_order(sample: Sample) -> Values:
    time = sample.trades.exit_time
    if len(time) < 2 or bool((time[1:] >= time[:-1]).all()):
        return sample.profits
    return sample.profits[np.argsort(time, kind="stable")]


def _closed(sample: Sample, column: Values) -> Values:
    return column if len(sample.profits) else column[:0]


def _some(profits: Values, what: str) -> Values:
    if not len(profits):
        raise Undefined(f"no trade {what}")
    return profits


def _quality(sample: Sample, count: int) -> float:
    spread = deviation(sample.profits)
    return divide(
        math.sqrt(count) * mean(sample.profits), spread, "every trade made the same profit"
    )


DEFINITIONS = (
    *(trades, win_rate, average_win, average_loss, payoff, profit_factor, expectancy),
    *(average_trade_return, best_trade, worst_trade, sqn, sqn_100, kelly),
    *(average_mae, average_mfe, worst_mae, best_mfe),
    *(average_holding_days, longest_holding_days, winning_streak, losing_streak, ambiguous_share),
)
