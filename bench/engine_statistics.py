"""A whole run of ours under preset and convention backtesting_py, beside backtesting.py's own of the same strategy.

sma 10/30 long only, 10 bps, whole units, filled at the next open, on the three series: all 32 statistics, and every
column of the trade list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bench.peer_series import CASH, FAST, SLOW, Series
from quantumzero.research import backtest

if TYPE_CHECKING:
    from quantumzero.research.result import BacktestResult

DOCUMENT = f"""
strategy: sma-cross
version: 1
universe: [SERIES]
timeframe: TIMEFRAME
parameters: {{fast: {{default: {FAST}}}, slow: {{default: {SLOW}}}}}
entry: {{long: "cross_above(sma(close, fast), sma(close, slow))"}}
exit: {{long: "cross_below(sma(close, fast), sma(close, slow))"}}
sizing: {{percent_of_equity: 100, lot: 1}}
costs: {{commission: {{bps: 10}}}}
calendar: none
"""


def run(series: Series) -> BacktestResult:
    """Run our engine on the series as backtesting.py would."""
    bars = series.bars.reset_index()
    bars.columns = ["timestamp", *map(str.lower, bars.columns[1:])]
    hourly = "hourly" in series.name
    return backtest(
        DOCUMENT.replace("TIMEFRAME", "1h" if hourly else "1d"),
        bars,
        cash=CASH,
        symbol="SERIES",
        benchmark="SERIES",
        preset="backtesting_py",
        convention="backtesting_py",
        risk_free=series.risk_free,
    )


def trade_differences(result: BacktestResult, stats: Any) -> dict[str, float]:
    """Return by column the largest difference of the trade lists, relative above 1; infinite for unequal lengths."""
    ours, theirs = result.trades, stats["_trades"]
    value = ours.entry_price * np.abs(ours.quantity)
    columns = {
        "Size": ours.quantity,
        "EntryBar": ours.entry_bar,
        "ExitBar": ours.exit_bar,
        "EntryPrice": ours.entry_price,
        "ExitPrice": ours.exit_price,
        "PnL": ours.profit,
        "Commission": ours.fees,
        "ReturnPct": ours.profit / value,
    }
    if len(ours) != len(theirs):
        return dict.fromkeys(columns, float("inf"))
    found = {}
    for name, column in columns.items():
        other = theirs[name].to_numpy().astype(np.float64)
        apart = np.abs(column - other) / np.maximum(1.0, np.abs(other))
        found[name] = float(apart.max(initial=0.0))
    return found
