"""A task of backtest: record the failure of a run that could not record it itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.backtests import end_backtest
from quantumzero.contracts.backtest_tasks import BacktestAnswer, read_end_backtest

if TYPE_CHECKING:
    from quantumzero.usecases.end_backtest import EndBacktest

logger = Logger()
metrics = Metrics(namespace="QuantumZero")


@metrics.log_metrics
def handler(
    event: dict[str, Any], _context: Any, use_case: EndBacktest | None = None
) -> dict[str, Any]:
    """Answer where the run stands now; one that is over stays as it is. Tests give their own use case."""
    request = read_end_backtest(event)
    logger.append_keys(correlation_id=request.id)
    run = (use_case or end_backtest()).end(
        request.id, request.attempt, error=request.error, cause=request.cause
    )
    metrics.add_metric("BacktestsBroken", MetricUnit.Count, 1)
    logger.error("backtest broke", error=request.error, cause=request.cause[:2000])
    answered: dict[str, Any] = msgspec.to_builtins(
        BacktestAnswer(run.id, run.status.value, run.key)
    )
    return answered
