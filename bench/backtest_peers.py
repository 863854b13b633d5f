"""The same work in each peer engine: sma cross, long only, next open, 10 bps, all in, no exit on the last bar.

Each function takes the bars and returns the outputs that all engines must give. Needs .venv-bench.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.backtest_data import CASH, COMMISSION, FAST, SLOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bench.backtest_data import Bars

Outputs = dict[str, Any]
Signals = tuple["NDArray[np.bool_]", "NDArray[np.bool_]"]


def averages(close: NDArray[np.float64], periods: set[int]) -> dict[int, NDArray[np.float64]]:
    """Return each period's moving average once, as pandas gives it."""
    pandas = import_module("pandas")
    series = pandas.Series(close)
    return {period: series.rolling(period).mean().to_numpy() for period in periods}


def rust_averages(close: NDArray[np.float64], periods: set[int]) -> dict[int, NDArray[np.float64]]:
    """Return each period's moving average once, by raptorbt's own function: it is faster than pandas."""
    rust = import_module("raptorbt")
    return {period: rust.sma(close, period) for period in periods}


def signals(fast: NDArray[np.float64], slow: NDArray[np.float64]) -> Signals:
    """Return entries where fast crosses above slow, exits where it crosses below."""
    above, below = fast > slow, fast < slow
    up, down = np.zeros(len(fast), np.bool_), np.zeros(len(fast), np.bool_)
    up[1:] = above[1:] & (fast[:-1] <= slow[:-1])
    down[1:] = below[1:] & (fast[:-1] >= slow[:-1])
    return up, down


def _rust_config(cash: float) -> Any:
    rust = import_module("raptorbt")
    return rust.BacktestConfig(initial_capital=cash, fees=COMMISSION, fill_timing="next_bar_open")


def raptorbt_single(bars: Bars) -> Outputs:
    """One run by raptorbt with its metrics, trades and curves read."""
    rust = import_module("raptorbt")
    close = bars.close[0]
    means = rust_averages(close, {FAST, SLOW})
    entries, exits = signals(means[FAST], means[SLOW])
    result = rust.run_single_backtest(
        bars.time * 1000, bars.open[0], bars.high[0], bars.low[0], close, bars.volume[0],
        entries, exits, config=_rust_config(CASH),
    )  # fmt: skip
    metrics = result.metrics
    full = (metrics.to_dict(), result.equity_curve(), result.drawdown_curve(), result.trades())
    return {
        "final": float(full[1][-1]) / CASH,
        "max_drawdown": metrics.max_drawdown_pct / 100.0,
        "sharpe": metrics.sharpe_ratio,
        "trades": metrics.total_closed_trades,
    }


def raptorbt_sweep(bars: Bars, combinations: list[tuple[int, int]]) -> Outputs:
    """All pairs by raptorbt in one batch: each average once, its own threads."""
    rust = import_module("raptorbt")
    means = rust_averages(bars.close[0], {period for pair in combinations for period in pair})
    items = [
        rust.BatchSingleItem(f"{fast}-{slow}", *signals(means[fast], means[slow]))
        for fast, slow in combinations
    ]
    results = rust.batch_single_backtest(
        bars.time * 1000, bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0],
        items, _rust_config(CASH),
    )  # fmt: skip
    found = dict(results)
    metrics = [found[f"{fast}-{slow}"].metrics for fast, slow in combinations]
    return {
        "final": [one.end_value / CASH for one in metrics],
        "max_drawdown": [one.max_drawdown_pct / 100.0 for one in metrics],
        "sharpe": [one.sharpe_ratio for one in metrics],
        "trades": [one.total_closed_trades for one in metrics],
    }


def raptorbt_panel(bars: Bars) -> Outputs:
    """Every instrument on its own account of an equal part of the cash, by raptorbt."""
    rust = import_module("raptorbt")
    cash, stamps = CASH / len(bars.close), bars.time * 1000
    config, final, trades = _rust_config(cash), 0.0, 0
    for row, close in enumerate(bars.close):
        means = rust_averages(close, {FAST, SLOW})
        entries, exits = signals(means[FAST], means[SLOW])
        result = rust.run_single_backtest(
            stamps, bars.open[row], bars.high[row], bars.low[row], close, bars.volume[row],
            entries, exits, config=config,
        )  # fmt: skip
        final += float(result.equity_curve()[-1])
        trades += result.metrics.total_closed_trades
    return {"final": final / CASH, "trades": trades}


def _vectorbt(bars: Bars, rows: Any, entries: Any, exits: Any, cash: float) -> Any:
    vectorbt = import_module("vectorbt")
    pandas = import_module("pandas")
    opened = pandas.DataFrame(bars.open[rows].T)
    close = pandas.DataFrame(bars.close[rows].T)
    return vectorbt.Portfolio.from_signals(
        close, entries, exits, price=opened, fees=COMMISSION, init_cash=cash, freq="1min"
    )


def _shifted(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Move signals [T, N] to the bar after, whose open fills them."""
    moved = np.zeros_like(flags)
    moved[1:] = flags[:-1]
    return moved


def vectorbt_single(bars: Bars) -> Outputs:
    """One run by vectorbt with its value, trades and figures read."""
    close = bars.close[0]
    means = averages(close, {FAST, SLOW})
    entries, exits = signals(means[FAST], means[SLOW])
    done = _vectorbt(bars, [0], _shifted(entries[:, None]), _shifted(exits[:, None]), CASH)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value, records = done.value(), done.trades.closed.records
        return {
            "final": float(value.iloc[-1, 0]) / CASH,
            "max_drawdown": -float(done.max_drawdown().iloc[0]),
            "sharpe": float(done.sharpe_ratio().iloc[0]),
            "trades": len(records),
        }


def vectorbt_sweep(bars: Bars, combinations: list[tuple[int, int]]) -> Outputs:
    """All pairs by vectorbt as the columns of one portfolio."""
    means = averages(bars.close[0], {period for pair in combinations for period in pair})
    both = [signals(means[fast], means[slow]) for fast, slow in combinations]
    entries = np.column_stack([entry for entry, _ in both])
    exits = np.column_stack([leave for _, leave in both])
    rows = [0] * len(combinations)
    done = _vectorbt(bars, rows, _shifted(entries), _shifted(exits), CASH)
    return {
        "final": (done.final_value() / CASH).tolist(),
        "max_drawdown": (-done.max_drawdown()).tolist(),
        "sharpe": done.sharpe_ratio().tolist(),
        "trades": done.trades.closed.count().tolist(),
    }


def vectorbt_panel(bars: Bars) -> Outputs:
    """Every instrument on its own account of an equal part of the cash, by vectorbt."""
    pandas = import_module("pandas")
    close = pandas.DataFrame(bars.close.T)
    fast, slow = close.rolling(FAST).mean(), close.rolling(SLOW).mean()
    above, under = (fast > slow).to_numpy(), (fast < slow).to_numpy()
    not_above, not_under = (fast <= slow).to_numpy(), (fast >= slow).to_numpy()
    entries = above & _shifted(not_above)
    exits = under & _shifted(not_under)
    rows = list(range(len(bars.close)))
    done = _vectorbt(bars, rows, _shifted(entries), _shifted(exits), CASH / len(rows))
    return {
        "final": float(done.final_value().sum()) / CASH,
        "trades": int(done.trades.closed.count().sum()),
    }


def _backtesting(frame: Any, fast_period: int, slow_period: int) -> Outputs:
    package, library = import_module("backtesting"), import_module("backtesting.lib")
    tools = import_module("backtesting.test")

    class Cross(package.Strategy):  # type: ignore[misc, name-defined]
        def init(self) -> None:
            self.fast = self.I(tools.SMA, self.data.Close, fast_period)
            self.slow = self.I(tools.SMA, self.data.Close, slow_period)

        def next(self) -> None:
            if library.crossover(self.fast, self.slow):
                self.buy()
            elif library.crossover(self.slow, self.fast):
                self.position.close()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stats = package.Backtest(frame, Cross, cash=CASH, commission=COMMISSION).run()
    return {
        "final": stats["Equity Final [$]"] / CASH,
        "max_drawdown": -stats["Max. Drawdown [%]"] / 100.0,
        "sharpe": stats["Sharpe Ratio"],
        "trades": int(stats["# Trades"]),
    }


def backtesting_single(frame: Any) -> Outputs:
    """One run by backtesting.py (whole units: its final equity differs a little)."""
    return _backtesting(frame, FAST, SLOW)


def backtesting_sweep(frame: Any, combinations: list[tuple[int, int]]) -> Outputs:
    """All pairs by backtesting.py, one run each."""
    found = [_backtesting(frame, fast, slow) for fast, slow in combinations]
    return {name: [one[name] for one in found] for name in found[0]}
