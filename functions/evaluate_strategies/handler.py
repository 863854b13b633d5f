"""Outbox items of the bars table -> stored bars, decisions and trade cycles."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.strategies import evaluate_strategies
from quantumzero.bootstrap.ticks import project_bars
from quantumzero.contracts.ticks import bars_from_outbox
from quantumzero.domain.errors import QuantumZeroError

logger = Logger()
metrics = Metrics()
project = project_bars()
evaluate = evaluate_strategies()


@metrics.log_metrics
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the records in their order; from the first that fails on, ask for them again."""
    for record in event["Records"]:
        image = record["dynamodb"]
        try:
            _decide(image["NewImage"])
        except QuantumZeroError as error:
            logger.exception("outbox item not finished, asked for again", cause=str(error))
            return {"batchItemFailures": [{"itemIdentifier": image["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def _decide(outbox_item: dict[str, Any]) -> None:
    bars = bars_from_outbox(outbox_item)
    project(bars)
    outcome = evaluate(bars)
    actionable = [decision for decision in outcome.decisions if decision.actionable]
    for decision in actionable:
        logger.info(decision.reason, correlation_id=decision.id, action=decision.action.value)
    for broken in outcome.broken:
        logger.error(
            "strategy left out: its document cannot be used",
            strategy=broken.name,
            version=broken.version,
            cause=broken.message,
        )
    metrics.add_metric("BarsProjected", MetricUnit.Count, len(bars))
    metrics.add_metric("DecisionsMade", MetricUnit.Count, len(outcome.decisions))
    metrics.add_metric("TradeCyclesStarted", MetricUnit.Count, len(actionable))
    metrics.add_metric("StrategiesLeftOut", MetricUnit.Count, len(outcome.broken))
