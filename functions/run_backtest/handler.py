"""A task of backtest: read the bars, compute, keep result and report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.research import run_backtest
from quantumzero.contracts.backtest_tasks import BacktestAnswer, read_run_backtest

if TYPE_CHECKING:
    from quantumzero.usecases.run_backtest import RunBacktest

logger = Logger()
metrics = Metrics(namespace="QuantumZero")


@metrics.log_metrics
def handler(
    event: dict[str, Any], _context: Any, use_case: RunBacktest | None = None
) -> dict[str, Any]:
    """Answer where the run stands: finished, or failed for a reason that whoever asked can mend.

    Tests give their own use case.
    """
    request = read_run_backtest(event)
    logger.append_keys(correlation_id=request.id)
    run = (use_case or run_backtest()).run(request.id, request.attempt)
    metrics.add_metric(f"Backtests{run.status.value.capitalize()}", MetricUnit.Count, 1)
    logger.info(
        "backtest ended",
        status=run.status.value,
        seconds=run.summary.get("seconds"),
        bars=run.summary.get("bars"),
    )
    answered: dict[str, Any] = msgspec.to_builtins(
        BacktestAnswer(run.id, run.status.value, run.key)
    )
    return answered
