"""The figures of LEAN's TradeStatistics (Common/Statistics/TradeStatistics.cs, commit f17b6778).

ProfitLoss of a LEAN trade is before fees, so profit here is net profit + fees; trades in order of
their exits. A trade of 0 counts as a loss. Names carry the prefix Trade. because LEAN gives some of
them in PortfolioStatistics too, with another meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantumzero.research.metrics.arithmetic import longest_run
from quantumzero.research.metrics.definition import Definition
from quantumzero.research.metrics.sample import DAY, Sample

if TYPE_CHECKING:
    from collections.abc import Callable

Doubles = NDArray[np.float64]
SOURCE = "LEAN TradeStatistics.cs"
_CAP = 10.0  # LEAN's figure for a ratio over nothing


class Closed:
    """The columns of the closed trades, by exit."""

    def __init__(self, sample: Sample) -> None:
        trades = sample.trades
        order = np.argsort(trades.exit_time, kind="stable")
        self.fees = trades.fees[order]
        self.profit = trades.profit[order] + self.fees
        self.mae, self.mfe = trades.mae[order], trades.mfe[order]
        self.entry, self.exit = trades.entry_time[order], trades.exit_time[order]
        self.won = self.profit > 0.0
        self.days = (self.exit - self.entry) / DAY
        self.total = np.cumsum(self.profit)
        self.before = np.concatenate(([0.0], self.total[:-1])) if len(order) else self.total


def _sum(values: Doubles | NDArray[np.bool_]) -> float:
    return float(values.sum())


def _mean(values: Doubles) -> float:
    return float(values.mean()) if len(values) else 0.0


def _median(values: Doubles) -> float:
    """Return LEAN's median: the upper of the two middle values of an even count."""
    return float(np.sort(values)[len(values) // 2]) if len(values) else 0.0


def _spread(values: Doubles) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


def _least(values: Doubles) -> float:
    return min(0.0, float(values.min())) if len(values) else 0.0


def _most(values: Doubles) -> float:
    return max(0.0, float(values.max())) if len(values) else 0.0


def _ratio(above: float, below: float) -> float:
    return above / below if below else 0.0


def _or_cap(above: float, below: float) -> float:
    if not above:
        return 0.0
    return above / abs(below) if below < 0.0 else _CAP


def _win_loss(trades: Closed) -> float:
    losses = int(np.count_nonzero(~trades.won))
    if not len(trades.won):
        return 0.0
    return np.count_nonzero(trades.won) / losses if losses else _CAP


def _closed_drawdown(trades: Closed) -> float:
    high = np.maximum.accumulate(np.maximum(trades.total, 0.0))
    return _least((trades.total - high)[~trades.won])


def _open_drawdown(trades: Closed) -> float:
    high = np.maximum.accumulate(np.maximum(trades.before + trades.mfe, 0.0))
    return _least(trades.before + trades.mae - high)


def _drawdown_days(trades: Closed) -> float:
    """Return the longest time from one high of closed profit to the next, when a loss lay between."""
    longest, high, fallen = 0.0, 0.0, False
    peak = float(trades.entry[0]) if len(trades.entry) else 0.0
    for won, total, left in zip(trades.won, trades.total, trades.exit, strict=True):
        if not won:
            fallen = True
        elif total > high:
            if fallen:
                longest = max(longest, float(left) - peak)
            high, peak, fallen = float(total), float(left), False
    return longest / DAY


def _rate(trades: Closed, flags: NDArray[np.bool_]) -> float:
    return _mean(flags.astype(np.float64))


_TABLE: tuple[tuple[str, str, str, Callable[[Closed], float]], ...] = (
    ("TotalNumberOfTrades", "count", "Closed trades.", lambda t: len(t.profit)),
    (
        "NumberOfWinningTrades",
        "count",
        "Trades with profit > 0.",
        lambda t: _sum(t.won),
    ),
    ("NumberOfLosingTrades", "count", "The other trades.", lambda t: _sum(~t.won)),
    ("TotalProfitLoss", "money", "Sum of the profits.", lambda t: _sum(t.profit)),
    ("TotalProfit", "money", "Sum of the profits above 0.", lambda t: _sum(t.profit[t.won])),
    ("TotalLoss", "money", "Sum of the other profits.", lambda t: _sum(t.profit[~t.won])),
    ("LargestProfit", "money", "Greatest profit, at least 0.", lambda t: _most(t.profit)),
    ("LargestLoss", "money", "Least profit, at most 0.", lambda t: _least(t.profit)),
    ("AverageProfitLoss", "money", "Mean profit.", lambda t: _mean(t.profit)),
    ("AverageProfit", "money", "Mean of the winners.", lambda t: _mean(t.profit[t.won])),
    ("AverageLoss", "money", "Mean of the losers.", lambda t: _mean(t.profit[~t.won])),
    ("AverageTradeDuration", "days", "Mean of exit - entry.", lambda t: _mean(t.days)),
    ("AverageWinningTradeDuration", "days", "The same of winners.", lambda t: _mean(t.days[t.won])),
    ("AverageLosingTradeDuration", "days", "The same of losers.", lambda t: _mean(t.days[~t.won])),
    ("MedianTradeDuration", "days", "Median of exit - entry.", lambda t: _median(t.days)),
    (
        *("MedianWinningTradeDuration", "days", "The same of winners."),
        lambda t: _median(t.days[t.won]),
    ),
    (
        *("MedianLosingTradeDuration", "days", "The same of losers."),
        lambda t: _median(t.days[~t.won]),
    ),
    (
        "MaxConsecutiveWinningTrades",
        "count",
        "Longest run of winners.",
        lambda t: longest_run(t.won),
    ),
    (
        "MaxConsecutiveLosingTrades",
        "count",
        "Longest run of losers.",
        lambda t: longest_run(~t.won),
    ),
    (
        *("ProfitLossRatio", "ratio", "AverageProfit / abs(AverageLoss); 0 over nothing."),
        lambda t: _ratio(_mean(t.profit[t.won]), abs(_mean(t.profit[~t.won]))),
    ),
    ("WinLossRatio", "ratio", "Winners / losers; 10 without a loser.", _win_loss),
    ("WinRate", "ratio", "Winners / trades.", lambda t: _rate(t, t.won)),
    ("LossRate", "ratio", "Losers / trades.", lambda t: _rate(t, ~t.won)),
    ("AverageMAE", "money", "Mean of the worst open profits.", lambda t: _mean(t.mae)),
    ("AverageMFE", "money", "Mean of the best open profits.", lambda t: _mean(t.mfe)),
    ("LargestMAE", "money", "Least of the worst open profits.", lambda t: _least(t.mae)),
    ("LargestMFE", "money", "Greatest of the best open profits.", lambda t: _most(t.mfe)),
    (
        *(
            "MaximumClosedTradeDrawdown",
            "money",
            "Deepest fall of the summed profits below their high.",
        ),
        _closed_drawdown,
    ),
    (
        *("MaximumIntraTradeDrawdown", "money", "The same with MAE below and MFE above."),
        _open_drawdown,
    ),
    ("ProfitLossStandardDeviation", "money", "std(profit, ddof 1).", lambda t: _spread(t.profit)),
    (
        *("ProfitLossDownsideDeviation", "money", "std(profit of the losers, ddof 1)."),
        lambda t: _spread(t.profit[~t.won]),
    ),
    (
        *("ProfitFactor", "ratio", "TotalProfit / abs(TotalLoss); 10 without a loss."),
        lambda t: _or_cap(_sum(t.profit[t.won]), _sum(t.profit[~t.won])),
    ),
    (
        *("SharpeRatio", "ratio", "AverageProfitLoss / ProfitLossStandardDeviation."),
        lambda t: _ratio(_mean(t.profit), _spread(t.profit)),
    ),
    (
        *("SortinoRatio", "ratio", "AverageProfitLoss / ProfitLossDownsideDeviation."),
        lambda t: _ratio(_mean(t.profit), _spread(t.profit[~t.won])),
    ),
    (
        *(
            "ProfitToMaxDrawdownRatio",
            "ratio",
            "TotalProfitLoss / abs(MaximumClosedTradeDrawdown).",
        ),
        lambda t: _or_cap(_sum(t.profit), _closed_drawdown(t)),
    ),
    (
        *("MaximumEndTradeDrawdown", "money", "Least of profit - MFE."),
        lambda t: _least(t.profit - t.mfe),
    ),
    (
        *("AverageEndTradeDrawdown", "money", "AverageProfitLoss - AverageMFE."),
        lambda t: _mean(t.profit) - _mean(t.mfe),
    ),
    ("MaximumDrawdownDuration", "days", "Longest time between highs.", _drawdown_days),
    ("TotalFees", "money", "Sum of the fees.", lambda t: _sum(t.fees)),
)


def closed_of(sample: Sample) -> Closed:
    """Return the run's closed trades, made once."""
    found: Closed | None = sample.memory.get("lean_trades")
    if found is None:
        found = sample.memory["lean_trades"] = Closed(sample)
    return found


def _define(name: str, unit: str, words: str, figure: Callable[[Closed], float]) -> Definition:
    def read(sample: Sample) -> float:
        return float(figure(closed_of(sample)))

    read.__doc__ = words
    return Definition(f"Trade.{name}", unit, SOURCE, read)


DEFINITIONS = tuple(_define(*row) for row in _TABLE)
