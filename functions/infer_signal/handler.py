"""First step of trade_cycle: the champion's score of the decision, or why there is none."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.inference import infer_signal
from quantumzero.contracts.formats import utc_time

logger = Logger()
metrics = Metrics()
infer = infer_signal()


@metrics.log_metrics
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer {"score": number or null, "model": text}."""
    logger.set_correlation_id(event["decision_id"])
    verdict = infer(event["strategy"], event["symbol"], utc_time(event["closes_at"]))
    metrics.add_metric("SignalsScored", MetricUnit.Count, int(verdict.score is not None))
    logger.info("signal inferred", model=verdict.model, score=str(verdict.score))
    score = None if verdict.score is None else float(verdict.score)
    return {"score": score, "model": verdict.model}
