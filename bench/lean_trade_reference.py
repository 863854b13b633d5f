"""LEAN's TradeStatistics constructor (TradeStatistics.cs, commit f17b6778), transcribed loop and all.

decimal becomes float, TimeSpan days; a trade is (entry, exit, profit before fees, MAE, MFE, fees).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = 86_400_000_000


class Trade(NamedTuple):
    """What the constructor reads of a trade; times in microseconds."""

    entry: int
    exit: int
    profit: float
    mae: float
    mfe: float
    fees: float


class Running:
    """The running mean and variance that the constructor keeps."""

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self._squares = 0.0
        self.values: list[float] = []

    def add(self, value: float) -> None:
        """Take one more value."""
        self.count += 1
        before = self.mean
        self.mean += (value - self.mean) / self.count
        self._squares += (value - before) * (value - self.mean)
        self.values.append(value)

    @property
    def deviation(self) -> float:
        """Standard deviation, 0 for one value."""
        return math.sqrt(self._squares / (self.count - 1)) if self.count > 1 else 0.0

    @property
    def median(self) -> float:
        """LinqExtensions.Median: the upper middle value."""
        return sorted(self.values)[self.count // 2] if self.values else 0.0


class TradeStatistics:
    """The loop over the trades; figures() reads what it left."""

    def __init__(self, trades: Iterable[Trade]) -> None:
        self.all, self.wins, self.losses = Running(), Running(), Running()
        self.days, self.win_days, self.loss_days = Running(), Running(), Running()
        self.mae, self.mfe = Running(), Running()
        self.total = self.gained = self.lost = self.fees = 0.0
        self.largest_profit = self.largest_loss = self.largest_mae = self.largest_mfe = 0.0
        self.closed_fall = self.open_fall = self.end_fall = 0.0
        self.high = self.open_high = self.longest = 0.0
        self.win_run = self.loss_run = self.longest_win_run = self.longest_loss_run = 0
        self.peak_time: int | None = None
        self.fallen = False
        for trade in trades:
            self._take(trade)

    def _take(self, trade: Trade) -> None:
        if self.peak_time is None:
            self.peak_time = trade.entry
        self.open_high = max(self.open_high, self.total + trade.mfe)
        self.open_fall = min(self.open_fall, self.total + trade.mae - self.open_high)
        self.total += trade.profit
        if trade.profit > 0:
            self._win(trade)
        else:
            self._lose(trade)
        self.all.add(trade.profit)
        self.days.add((trade.exit - trade.entry) / DAY)
        self.mae.add(trade.mae)
        self.mfe.add(trade.mfe)
        self.largest_mae = min(self.largest_mae, trade.mae)
        self.largest_mfe = max(self.largest_mfe, trade.mfe)
        self.end_fall = min(self.end_fall, trade.profit - trade.mfe)
        self.fees += trade.fees

    def _win(self, trade: Trade) -> None:
        self.gained += trade.profit
        self.wins.add(trade.profit)
        self.win_days.add((trade.exit - trade.entry) / DAY)
        self.largest_profit = max(self.largest_profit, trade.profit)
        self.win_run, self.loss_run = self.win_run + 1, 0
        self.longest_win_run = max(self.longest_win_run, self.win_run)
        if self.total > self.high:
            self.high = self.total
            if self.fallen:
                self.longest = max(self.longest, (trade.exit - (self.peak_time or 0)) / DAY)
            self.peak_time, self.fallen = trade.exit, False

    def _lose(self, trade: Trade) -> None:
        self.lost += trade.profit
        self.losses.add(trade.profit)
        self.loss_days.add((trade.exit - trade.entry) / DAY)
        self.largest_loss = min(self.largest_loss, trade.profit)
        self.win_run, self.loss_run = 0, self.loss_run + 1
        self.longest_loss_run = max(self.longest_loss_run, self.loss_run)
        self.closed_fall = min(self.closed_fall, self.total - self.high)
        self.fallen = True

    def figures(self) -> dict[str, float]:
        """Return the properties by their C# names."""
        count, wins, losses = self.all.count, self.wins.count, self.losses.count
        win_rate = wins / count if count else 0.0
        return {
            "TotalNumberOfTrades": count,
            "NumberOfWinningTrades": wins,
            "NumberOfLosingTrades": losses,
            "TotalProfitLoss": self.total,
            "TotalProfit": self.gained,
            "TotalLoss": self.lost,
            "LargestProfit": self.largest_profit,
            "LargestLoss": self.largest_loss,
            "AverageProfitLoss": self.all.mean,
            "AverageProfit": self.wins.mean,
            "AverageLoss": self.losses.mean,
            "MaxConsecutiveWinningTrades": self.longest_win_run,
            "MaxConsecutiveLosingTrades": self.longest_loss_run,
            "ProfitLossRatio": self.wins.mean / abs(self.losses.mean) if self.losses.mean else 0,
            "WinLossRatio": (wins / losses if losses else 10) if count else 0,
            "WinRate": win_rate,
            "LossRate": 1 - win_rate if count else 0,
            "ProfitFactor": (self.gained / abs(self.lost) if self.lost < 0 else 10)
            if self.gained
            else 0,
            **self._durations(),
            **self._excursions(),
            **self._risks(),
            "TotalFees": self.fees,
        }

    def _durations(self) -> dict[str, float]:
        return {
            "AverageTradeDuration": self.days.mean,
            "AverageWinningTradeDuration": self.win_days.mean,
            "AverageLosingTradeDuration": self.loss_days.mean,
            "MedianTradeDuration": self.days.median,
            "MedianWinningTradeDuration": self.win_days.median,
            "MedianLosingTradeDuration": self.loss_days.median,
            "MaximumDrawdownDuration": self.longest,
        }

    def _excursions(self) -> dict[str, float]:
        return {
            "AverageMAE": self.mae.mean,
            "AverageMFE": self.mfe.mean,
            "LargestMAE": self.largest_mae,
            "LargestMFE": self.largest_mfe,
            "MaximumEndTradeDrawdown": self.end_fall,
            "AverageEndTradeDrawdown": self.all.mean - self.mfe.mean,
        }

    def _risks(self) -> dict[str, float]:
        spread, downside = self.all.deviation, self.losses.deviation
        fall = self.closed_fall
        return {
            "MaximumClosedTradeDrawdown": fall,
            "MaximumIntraTradeDrawdown": self.open_fall,
            "ProfitLossStandardDeviation": spread,
            "ProfitLossDownsideDeviation": downside,
            "SharpeRatio": self.all.mean / spread if spread > 0 else 0,
            "SortinoRatio": self.all.mean / downside if downside > 0 else 0,
            "ProfitToMaxDrawdownRatio": (self.total / abs(fall) if fall < 0 else 10)
            if self.total
            else 0,
        }
