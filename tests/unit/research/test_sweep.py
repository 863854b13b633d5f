"""A sweep's rows are what single backtests give."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research import backtest, sweep
from quantumzero.research.kernel import force_fallback
from tests.unit.research.markets import daily_history

if TYPE_CHECKING:
    from quantumzero.research.history import MarketHistory

CROSS = """
strategy: cross
version: 1
universe: [GOOG]
timeframe: 1d
parameters:
  fast: {default: 3, range: [2, 10, 1]}
  slow: {default: 8, range: [5, 60, 1]}
entry: {long: "cross_above(sma(close, fast), sma(close, slow))"}
exit: {long: "cross_below(sma(close, fast), sma(close, slow))"}
sizing: {percent_of_equity: 90}
costs: {commission: {bps: 5}}
"""
GRID = {"fast": [2, 3, 5], "slow": [8, 13, 21, 34]}


@pytest.fixture(scope="module")
def walk() -> MarketHistory:
    steps = np.random.default_rng(3).normal(0, 0.5, 400)
    return daily_history({"GOOG": np.round(100 + np.cumsum(steps), 2).tolist()})


def test_every_row_equals_its_backtest(walk: MarketHistory) -> None:
    rows = sweep(CROSS, walk, GRID, cash=10_000)
    assert list(rows.columns) == [
        "fast",
        "slow",
        "final_equity",
        "max_drawdown",
        "sharpe",
        "trades",
    ]
    assert len(rows) == 12
    for row in rows.to_dict("records"):
        single = backtest(
            CROSS, walk, cash=10_000, parameters={"fast": row["fast"], "slow": row["slow"]}
        )
        assert row["final_equity"] == single.final_equity
        assert row["trades"] == len(single.trades)
        assert row["max_drawdown"] == single.metrics["max_drawdown"].value
        assert math.isclose(
            row["sharpe"], single.metrics["sharpe"].value or math.nan, rel_tol=1e-12
        )


GUARDED = (
    CROSS
    + 'execution: {order: limit, limit: "close * (1 - fast / 1000)"}\n'
    + "protect: {stop_loss: {atr: 14, multiple: 2}, time_stop: {bars: 9}}\n"
)


def test_prices_and_distances_that_depend_on_parameters_are_made_for_each(
    walk: MarketHistory,
) -> None:
    rows = sweep(GUARDED, walk, {"fast": [2, 5], "slow": [8, 21]})
    for row in rows.to_dict("records"):
        chosen = {"fast": row["fast"], "slow": row["slow"]}
        single = backtest(GUARDED, walk, parameters=chosen)
        assert row["final_equity"] == single.final_equity
        assert row["trades"] == len(single.trades)


def test_threads_change_nothing(walk: MarketHistory) -> None:
    one = sweep(CROSS, walk, GRID)
    two = sweep(CROSS, walk, GRID, threads=2)
    assert one.equals(two)


def test_without_the_kernel_everything_is_the_same(walk: MarketHistory) -> None:
    rows, single = sweep(CROSS, walk, {"fast": [3], "slow": [8, 13]}), backtest(CROSS, walk)
    with force_fallback():
        assert sweep(CROSS, walk, {"fast": [3], "slow": [8, 13]}).equals(rows)
        again = backtest(CROSS, walk)
    assert again.key == single.key
    assert again.curves.equity.tolist() == single.curves.equity.tolist()
    assert again.metrics == single.metrics


def test_progress_reaches_the_end_and_may_stop_the_sweep(walk: MarketHistory) -> None:
    heard: list[float] = []
    sweep(CROSS, walk, GRID, progress=heard.append)
    assert len(heard) == 12
    assert heard[-1] == 1.0


@pytest.mark.parametrize(
    ("grid", "text"),
    [
        ({}, "named no parameter"),
        ({"quick": [1]}, "the parameter quick does not exist"),
        ({"fast": []}, "give a list of numbers"),
        ({"fast": [2, 11]}, "the grid's fast was 11; its range is 2 to 10"),
        ({"fast": [2] * 400, "slow": [8] * 400}, "had 160000 combinations"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(
    walk: MarketHistory, grid: dict[str, list[int]], text: str
) -> None:
    with pytest.raises(InvalidInputError, match=text):
        sweep(CROSS, walk, grid)
