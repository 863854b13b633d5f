"""Small runs whose metrics can be worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.research.metrics.sample import DAY, Sample
from quantumzero.research.result import Charges, Curves, Trades

if TYPE_CHECKING:
    from quantumzero.research.metrics.definition import Definition

START = 1_700_000_000_000_000
PROFITS = (50.0, -20.0, 30.0, 0.0, -10.0)


def curves_of(
    equity: list[float],
    *,
    gross: list[float] | None = None,
    net: list[float] | None = None,
    ends: list[bool] | None = None,
) -> Curves:
    """One instant a day; every instant ends a session unless ends says otherwise."""
    values = np.array(equity)
    held = np.array(gross) if gross else values * 0.0
    return Curves(
        time=START + np.arange(len(values), dtype=np.int64) * DAY,
        equity=values,
        cash=values - held,
        gross=held,
        net=np.array(net) if net else held,
        session_end=np.array(ends) if ends else np.ones(len(values), np.bool_),
    )


def trades_of(profits: tuple[float, ...] = PROFITS, **columns: Any) -> Trades:
    """Long trades of 10 shares at 10, each from day k to day k + 2, fee 1, MAE -5, MFE 60."""
    count = len(profits)
    codes = np.zeros(count, np.int32)
    profit = np.array(profits, np.float64)
    entry = np.arange(count, dtype=np.int32)
    given = {
        "symbol": codes,
        "side": codes + 1,
        "entry_time": START + entry.astype(np.int64) * DAY,
        "entry_price": np.full(count, 10.0),
        "exit_time": START + (entry.astype(np.int64) + 2) * DAY,
        "exit_price": 10.0 + (profit + 1.0) / 10.0,
        "quantity": np.full(count, 10.0),
        "profit": profit,
        "fees": np.full(count, 1.0),
        "mae": np.full(count, -5.0),
        "mfe": np.full(count, 60.0),
        "best_profit": profit,
        "worst_profit": profit,
        "reason": codes,
        "ambiguous": codes,
        "entry_bar": entry,
        "exit_bar": entry + 2,
    }
    return Trades(**{**given, **columns})


def sample_of(equity: list[float], **changes: Any) -> Sample:
    """A run of 1,000 cash over the equity given, four sessions a year, no trades, no charges."""
    given: dict[str, Any] = {
        "curves": curves_of(equity),
        "trades": trades_of(()),
        "charges": Charges(),
        "cash": 1000.0,
        "sessions_per_year": 4.0,
    }
    return Sample(**{**given, **changes})


# r = 10 %, -10 %, 10 %, 0 %; b = 5 %, -2 %, 10 %, -10 %
EQUITY = [1100.0, 990.0, 1089.0, 1089.0]
BENCHMARK = np.array([1050.0, 1029.0, 1131.9, 1018.71])


def four(**changes: Any) -> Sample:
    """The run of EQUITY against BENCHMARK."""
    return sample_of(EQUITY, **{"benchmark": BENCHMARK, **changes})


def reason(definition: Definition, sample: Sample) -> str:
    """Return why the metric is undefined for the run; it must be."""
    measured = definition.measure(sample)
    assert measured.value is None
    assert measured.unit == definition.unit
    assert measured.reason
    return measured.reason
