"""New alerts of the ledger's change stream -> the owner's alarm topic."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.alerts import alert_mail
from quantumzero.domain.errors import QuantumZeroError

logger = Logger()
metrics = Metrics()
mail = alert_mail()


@metrics.log_metrics
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Send in their order; from the first that fails on, ask for them again."""
    for record in event["Records"]:
        image = record["dynamodb"]
        try:
            alert = mail.send(image["NewImage"])
        except QuantumZeroError as error:
            logger.exception("alert not sent, asked for again", cause=str(error))
            return {"batchItemFailures": [{"itemIdentifier": image["SequenceNumber"]}]}
        logger.warning(alert.message, alert=alert.id, severity=alert.severity)
        metrics.add_metric("AlertsSent", MetricUnit.Count, 1)
    return {"batchItemFailures": []}
