"""The benchmark of a run: one instrument, all in at its first open, on the run's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.grid import Grid
    from quantumzero.research.history import MarketHistory

    Doubles = NDArray[np.float64]


def benchmark_equity(history: MarketHistory, symbol: str, grid: Grid, cash: float) -> Doubles:
    """Return the equity of cash put into the symbol at the open of its first bar in the range.

    Fractional, without costs; before that bar it is the cash. Splits multiply the shares, dividends
    are kept in cash. A row without a bar of the symbol has the value of its bar before.
    """
    series = history.series[symbol]
    scale = 10.0**history.price_decimals
    first = int(np.searchsorted(series.opens_at, grid.opens[0]))
    if first == len(series):
        return np.full(len(grid.time), cash)
    closes = series.closes_at[first:]
    shares = np.full(len(closes), cash / (series.open[first] / scale))
    paid = np.zeros(len(closes))
    days = series.opens_at[first:] // 86_400_000_000
    for action in sorted(history.actions, key=lambda each: each.ex_date):
        day = int(np.datetime64(action.ex_date, "D").astype(np.int64))
        if action.symbol != symbol or day <= days[0]:
            continue
        row = int(np.searchsorted(days, day))
        if action.kind == "split":
            shares[row:] *= action.new / action.old
        elif action.kind == "dividend" and row < len(shares):
            paid[row:] += shares[row] * action.amount / scale
    equity = shares * (series.close[first:] / scale) + paid
    newest = np.searchsorted(closes, grid.time, side="right") - 1
    return np.where(newest >= 0, equity[np.maximum(newest, 0)], cash)
