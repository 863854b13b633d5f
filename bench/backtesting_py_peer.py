"""Runs of ours under preset backtesting_py beside backtesting.py's own: every equity, every trade, to 1e-8.

Long only and always in the market (long and short), all in and half, whole units, 10 bps, next open, on GOOG daily and
EURUSD hourly; and the fractional figures that several engines agree on. metrics_peers compares the 32 statistics.

Run: PYTHONPATH=layers/quantumzero/python .venv-bench/bin/python -m bench.backtesting_py_peer
Exit code 1: something differs by more than 1e-8 (relative, above 1; else absolute).
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np

from quantumzero.research import backtest

TOLERANCE = 1e-8
CASH = 100_000.0
FAST, SLOW = 10, 30
AGREED = {"GOOG": 5.461123708225, "EURUSD": 0.90018355702}
"""Final equity in times of the cash: sma 10/30, long only, next open, 10 bps, all in, fractional."""
DOCUMENT = """
strategy: sma-cross
version: 1
universe: [SERIES]
timeframe: TIMEFRAME
calendar: CALENDAR
entry: {long: "cross_above(sma(close, 10), sma(close, 30))"SHORT_ENTRY}
exit: {long: "cross_below(sma(close, 10), sma(close, 30))"SHORT_EXIT}
sizing: {percent_of_equity: PERCENT, lot: LOT}
costs: {commission: {bps: 10}}
"""


def document(name: str, percent: int, lot: str, short: bool) -> str:
    """Return the strategy for one series."""
    intraday = name == "EURUSD"
    words = {
        "SERIES": name,
        "TIMEFRAME": "1h" if intraday else "1d",
        "CALENDAR": "none" if intraday else "XNYS",
        "SHORT_ENTRY": ', short: "cross_below(sma(close, 10), sma(close, 30))"' if short else "",
        "SHORT_EXIT": ', short: "cross_above(sma(close, 10), sma(close, 30))"' if short else "",
        "PERCENT": str(percent),
        "LOT": lot,
    }
    text = DOCUMENT
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def averages(closes: Any, bars: int) -> Any:
    """Return the moving averages of prices of five decimals, exact sums divided once."""
    units = np.rint(np.asarray(closes) * 1e5).astype(np.int64)
    sums = np.cumsum(units)
    found = np.full(len(units), np.nan)
    found[bars - 1 :] = (sums[bars - 1 :] - np.concatenate([[0], sums[:-bars]])) / bars
    return found


def theirs(bars: Any, percent: int, short: bool) -> Any:
    """Run backtesting.py; its crossover() wants strict inequality before, ours <= (so does TA-Lib)."""
    from backtesting import Backtest
    from backtesting import Strategy as Peer

    size = {} if percent == 100 else {"size": percent / 100}

    class Cross(Peer):  # type: ignore[misc]
        def init(self) -> None:
            self.fast = self.I(averages, self.data.Close, FAST)
            self.slow = self.I(averages, self.data.Close, SLOW)

        def next(self) -> None:
            now, before = self.fast[-1] - self.slow[-1], self.fast[-2] - self.slow[-2]
            if now > 0 >= before:
                self.position.close()
                self.buy(**size)
            elif now < 0 <= before:
                self.position.close()
                if short:
                    self.sell(**size)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Backtest(bars, Cross, cash=CASH, commission=0.001).run()


def compare(name: str, bars: Any, percent: int, short: bool) -> float:
    """Return the largest difference of any equity and any column of the trade list."""
    peer = theirs(bars, percent, short)
    text = document(name, percent, "1", short)
    ours = backtest(text, bars, cash=CASH, symbol=name, preset="backtesting_py")
    list_of_theirs, trades = peer["_trades"], ours.trades
    if len(trades) != len(list_of_theirs):
        print(f"{name}: {len(trades)} trades of ours, {len(list_of_theirs)} of theirs")
        return float("inf")
    pairs = [
        (ours.curves.equity, peer["_equity_curve"]["Equity"]),
        (trades.quantity * trades.side, list_of_theirs["Size"]),
        (trades.entry_bar, list_of_theirs["EntryBar"]),
        (trades.exit_bar, list_of_theirs["ExitBar"]),
        (trades.entry_price, list_of_theirs["EntryPrice"]),
        (trades.exit_price, list_of_theirs["ExitPrice"]),
        (trades.profit, list_of_theirs["PnL"]),
        (trades.fees, list_of_theirs["Commission"]),
    ]
    return max(apart(mine, other.to_numpy(dtype=np.float64)) for mine, other in pairs)


def apart(ours: Any, others: Any) -> float:
    """Return the largest difference, relative above 1."""
    return float((np.abs(ours - others) / np.maximum(1.0, np.abs(others))).max(initial=0.0))


def main() -> int:
    """Print every comparison and return 1 when one fails."""
    from backtesting.test import EURUSD, GOOG

    series = {"GOOG": GOOG, "EURUSD": EURUSD}
    failed = False
    for name, bars in series.items():
        for percent in (100, 50):
            for short in (False, True):
                difference = compare(name, bars, percent, short)
                failed |= difference > TOLERANCE
                sides = "long and short" if short else "long only"
                print(f"{name:7} {percent:4} %  {sides:15} largest difference {difference:.1e}")
    for name, agreed in AGREED.items():
        text = document(name, 100, "fractional", False)
        found = backtest(text, series[name], cash=10_000, symbol=name).final_equity / 10_000
        failed |= abs(found - agreed) > 1e-9
        print(f"{name:7} fractional, default preset: {found!r} times the cash, agreed {agreed}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
