"""What computes backtests: the ready use case of run_backtest, which alone needs NumPy and the kernel."""

from __future__ import annotations

from functools import cache

from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.backtests import backtest_results, backtest_runs
from quantumzero.bootstrap.inference import model_registry
from quantumzero.bootstrap.ticks import bar_store
from quantumzero.usecases.compute_backtest import ResearchEngine
from quantumzero.usecases.run_backtest import RunBacktest


@cache
def run_backtest() -> RunBacktest:
    """Return the process's use case; its first call reads the settings and names what is missing."""
    return RunBacktest(
        runs=backtest_runs(),
        results=backtest_results(),
        bars=bar_store(),
        models=model_registry(),
        engine=ResearchEngine(),
        clock=SystemClock(),
        backoff=JitteredBackoff(),
    )
