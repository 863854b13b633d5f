"""Backtests as the API and the state machine meet them: settings, stores and ready use cases.

What computes is in bootstrap/research.py: it needs NumPy, and the API does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import msgspec

from quantumzero.adapters.aws.backtest_executions import StepFunctionsBacktests
from quantumzero.adapters.aws.backtest_results import BucketBacktestResults
from quantumzero.adapters.aws.backtests import DynamoBacktestRuns
from quantumzero.adapters.backoff import JitteredBackoff
from quantumzero.adapters.clocks import SystemClock
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.inference import model_registry
from quantumzero.bootstrap.settings import read_settings
from quantumzero.bootstrap.strategies import strategy_repository
from quantumzero.bootstrap.ticks import bar_store
from quantumzero.domain.backtests import RunStatus
from quantumzero.usecases.cancel_backtest import CancelBacktest
from quantumzero.usecases.end_backtest import EndBacktest
from quantumzero.usecases.read_backtests import list_backtests, read_backtest, summary_view
from quantumzero.usecases.start_backtest import StartBacktest

if TYPE_CHECKING:
    from quantumzero.contracts import backtests as shapes
    from quantumzero.ports.backtests import BacktestResults, BacktestRuns


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtests:
    """Every operation of the API on backtests; tests make it of fakes."""

    starting: StartBacktest
    cancelling: CancelBacktest
    runs: BacktestRuns
    results: BacktestResults

    def start(
        self, request: shapes.BacktestRequest, *, by: str
    ) -> tuple[shapes.BacktestSummary, bool]:
        """Return the run, and whether its result is there already."""
        run = self.starting.start(request, by=by)
        return summary_view(run), run.status is RunStatus.FINISHED

    def page(self, *, limit: int, cursor: str | None) -> shapes.BacktestList:
        return list_backtests(runs=self.runs, limit=limit, cursor=cursor)

    def read(self, run_id: str) -> shapes.BacktestDetail:
        return read_backtest(run_id, runs=self.runs, results=self.results)

    def cancel(self, run_id: str) -> shapes.BacktestSummary:
        return summary_view(self.cancelling.cancel(run_id))


class BacktestSettings(msgspec.Struct, frozen=True):
    """Environment of whoever reads or changes runs."""

    table_backtests: str


class ResultSettings(msgspec.Struct, frozen=True):
    """Environment of whoever reads or keeps results."""

    bucket_lake: str


class ExecutionSettings(msgspec.Struct, frozen=True):
    """Environment of whoever starts and stops runs."""

    state_machine_backtest: str


@cache
def backtest_runs() -> DynamoBacktestRuns:
    """Return the process's view of the runs."""
    return DynamoBacktestRuns(client("dynamodb"), read_settings(BacktestSettings).table_backtests)


@cache
def backtest_results() -> BucketBacktestResults:
    """Return the process's view of the results."""
    return BucketBacktestResults(partial(client, "s3"), read_settings(ResultSettings).bucket_lake)


@cache
def ready_backtests() -> Backtests:
    """Return the operations of the API."""
    executions = StepFunctionsBacktests(
        partial(client, "stepfunctions"), read_settings(ExecutionSettings).state_machine_backtest
    )
    runs, clock, backoff = backtest_runs(), SystemClock(), JitteredBackoff()
    return Backtests(
        starting=StartBacktest(
            strategies=strategy_repository(),
            bars=bar_store(),
            runs=runs,
            executions=executions,
            models=model_registry(),
            clock=clock,
            backoff=backoff,
        ),
        cancelling=CancelBacktest(runs=runs, executions=executions, clock=clock, backoff=backoff),
        runs=runs,
        results=backtest_results(),
    )


@cache
def end_backtest() -> EndBacktest:
    """Return the use case of end_backtest."""
    return EndBacktest(runs=backtest_runs(), clock=SystemClock(), backoff=JitteredBackoff())
