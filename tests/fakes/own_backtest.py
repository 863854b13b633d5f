"""A small finished backtest made by hand: two round trips, one of them short, and one refusal."""

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

DAY = 86_400_000_000
FIRST = 1_093_032_000_000_000  # 2004-08-20T20:00:00Z


def _doubles(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def _codes(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def _times(*days: int) -> np.ndarray:
    return np.array([FIRST + day * DAY for day in days], dtype=np.int64)


def own_backtest(*, key: str = "k" * 64, points: int = 4) -> BacktestResult:
    """Return the result; its equity has that many points, one a day."""
    rising = np.linspace(100_000.0, 100_010.1, points)
    return BacktestResult(
        identity=NamedRun(key, {"fill": "next_open", "engine_version": "1"}),
        strategy="sma-cross",
        version=1,
        parameters={"fast": "10"},
        symbols=("AAPL", "IBM"),
        cash=100_000.0,
        curves=Curves(
            time=_times(*range(points)),
            equity=rising,
            cash=rising,
            gross=np.zeros(points),
            net=np.zeros(points),
            session_end=np.ones(points, dtype=bool),
        ),
        trades=_trades(),
        orders=_orders(),
        fills=Fills(
            order=_codes(0),
            time=_times(1),
            quantity=_doubles(1.5),
            price=_doubles(10.1),
            fees=_doubles(0.0),
        ),
        refusals=(
            Refusal(
                FIRST,
                "IBM",
                "buy",
                3.0,
                "BUYING_POWER",
                "the order came to 31.00; 1.00 left",
                1.0,
                31.0,
            ),
        ),
        charges=Charges(commission=0.1),
        sessions_per_year=251.0,
        metrics={
            "final_equity": Metric(100_010.1, "money"),
            "sharpe": Metric(1.25, "ratio"),
            "sortino": Metric(None, "ratio", "no return is below zero"),
        },
        ambiguous_trades=1,
        ambiguity_bounds=(100_009.0, 100_010.1),
        notes=("one trade is ambiguous",),
    )


def _trades() -> Trades:
    return Trades(
        symbol=_codes(0, 1),
        side=_codes(1, -1),
        entry_time=_times(0, 1),
        entry_price=_doubles(10.1, 1e-5),
        exit_time=_times(1, 2),
        exit_price=_doubles(11.0, 2.0),
        quantity=_doubles(1.5, -3.0),
        profit=_doubles(1.3499999999999996, -6.0),
        fees=_doubles(0.05, 0.05),
        mae=_doubles(-0.1, -6.0),
        mfe=_doubles(2.0, 0.0),
        best_profit=_doubles(1.3499999999999996, -5.0),
        worst_profit=_doubles(1.3499999999999996, -6.0),
        reason=_codes(0, 1),
        ambiguous=_codes(0, 1),
        entry_bar=_codes(0, 1),
        exit_bar=_codes(1, 2),
    )


def _orders() -> Orders:
    return Orders(
        symbol=_codes(0),
        side=_codes(0),
        quantity=_doubles(1.5),
        decided_at=_times(0),
        state=_codes(1),
        purpose=_codes(0),
        limit_price=_doubles(np.nan),
        stop_price=_doubles(np.nan),
        filled_quantity=_doubles(1.5),
        filled_price=_doubles(10.1),
    )
