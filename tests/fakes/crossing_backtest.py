"""A backtest of real bars made by a dozen lines of NumPy: long while a fast average is above a slow.

For the report and the command line's views: every field is filled, nothing here is the engine.
"""

from __future__ import annotations

import numpy as np

from quantumzero.research.result import (
    BacktestResult,
    Charges,
    Curves,
    Fills,
    Metric,
    Orders,
    Refusal,
    Trades,
)
from tests.fakes.named_run import NamedRun

DAY_US = 86_400_000_000
CASH = 100_000.0


def crossing_backtest(
    times: np.ndarray, closes: np.ndarray, *, symbol: str = "GOOG", fast: int = 10, slow: int = 30
) -> BacktestResult:
    """Return the run over those closes (int64 microseconds, float64), all in, 10 bps a side."""
    held = np.zeros(len(closes), dtype=bool)
    held[slow:] = (_average(closes, fast) > _average(closes, slow))[slow - 1 : -1]
    held[-1] = False
    moves = np.diff(held.astype(np.int8), prepend=0)
    entries, exits = np.flatnonzero(moves == 1), np.flatnonzero(moves == -1)
    returns = np.zeros(len(closes))
    returns[1:] = np.where(held[:-1], closes[1:] / closes[:-1] - 1.0, 0.0)
    equity = CASH * np.cumprod(1.0 + returns) * 0.998 ** np.cumsum(moves == -1)
    gross = np.where(held, equity, 0.0)
    trades = _trades(times, closes, equity, entries, exits)
    return BacktestResult(
        identity=NamedRun(
            "3f" * 32, {"preset": "default", "fill": "next_open", "costs": {"commission_bps": "10"}}
        ),
        strategy="sma-cross",
        version=3,
        parameters={"fast": str(fast), "slow": str(slow)},
        symbols=(symbol,),
        cash=CASH,
        curves=Curves(times, equity, equity - gross, gross, gross, np.ones(len(times), bool)),
        trades=trades,
        orders=_no_orders(),
        fills=Fills(*(np.zeros(0, kind) for kind in (np.int32, np.int64, float, float, float))),
        refusals=(Refusal(int(times[40]), symbol, "buy", 12.0, "BUYING_POWER", "12 < 13 & <b>"),),
        charges=Charges(commission=float(trades.fees.sum()), slippage=12.5, traded_value=4e6),
        sessions_per_year=251.6,
        metrics={
            "cagr": Metric(0.1234, "fraction"),
            "sharpe": Metric(0.87, "ratio"),
            "win_rate": Metric(0.41, "fraction"),
            "skew": Metric(None, "ratio", "fewer than 3 returns"),
        },
        ambiguous_trades=2,
        ambiguity_bounds=(float(trades.profit.sum()) - 900.0, float(trades.profit.sum()) + 300.0),
        benchmark=CASH * closes / closes[0],
        notes=("GOOG: 3 bars outside the sessions of XNYS were left out",),
        bars={symbol: {"time": times, **dict.fromkeys(("open", "high", "low", "close"), closes)}},
    )


def _average(values: np.ndarray, bars: int) -> np.ndarray:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    averages = np.full(len(values), np.inf)
    averages[bars - 1 :] = (sums[bars:] - sums[:-bars]) / bars
    return averages


def _trades(
    times: np.ndarray,
    closes: np.ndarray,
    equity: np.ndarray,
    entries: np.ndarray,
    exits: np.ndarray,
) -> Trades:
    count = len(entries)
    profit = equity[exits] - equity[entries - 1]
    return Trades(
        symbol=np.zeros(count, np.int32),
        side=np.ones(count, np.int32),
        entry_time=times[entries],
        entry_price=closes[entries],
        exit_time=times[exits],
        exit_price=closes[exits],
        quantity=equity[entries] / closes[entries],
        profit=profit,
        fees=equity[entries] * 0.002,
        mae=np.minimum(profit, 0.0),
        mfe=np.maximum(profit, 0.0),
        best_profit=profit,
        worst_profit=profit,
        reason=np.zeros(count, np.int32),
        ambiguous=(np.arange(count) % 20 == 1).astype(np.int32),
        entry_bar=entries.astype(np.int32),
        exit_bar=exits.astype(np.int32),
    )


def _no_orders() -> Orders:
    codes, doubles = np.zeros(0, np.int32), np.zeros(0)
    return Orders(
        symbol=codes,
        side=codes,
        quantity=doubles,
        decided_at=np.zeros(0, np.int64),
        state=codes,
        purpose=codes,
        limit_price=doubles,
        stop_price=doubles,
        filled_quantity=doubles,
        filled_price=doubles,
    )
