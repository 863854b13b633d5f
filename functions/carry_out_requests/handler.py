"""Requests of people in the ledger's change stream (halts, orders and cancels by hand) -> the broker, at once."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.ledger import prepare_order_path
from quantumzero.bootstrap.requests import carry_out_requests, requests_of
from quantumzero.domain.errors import QuantumZeroError

logger = Logger()
metrics = Metrics()
prepare_order_path()
# Left for the answer, the log and a slow last request.
_RESERVED_SECONDS = 15.0


@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Carry out in their order; from the first that fails on, ask for them again."""
    done = 0
    for record in event["Records"]:
        image = record["dynamodb"]
        for request in requests_of(image):
            seconds = context.get_remaining_time_in_millis() / 1000 - _RESERVED_SECONDS
            try:
                said = carry_out_requests().carry_out(
                    request, invocation=context.aws_request_id, seconds=max(seconds, 0.0)
                )
            except QuantumZeroError as error:
                logger.exception("request not carried out, asked for again", cause=str(error))
                return {"batchItemFailures": [{"itemIdentifier": image["SequenceNumber"]}]}
            logger.info(said, asked=request.asked, subject=request.subject)
            done += 1
    metrics.add_metric("RequestsCarriedOut", MetricUnit.Count, done)
    return {"batchItemFailures": []}
