"""A task of trade_cycle: size, check and reserve the order of one decision."""

from __future__ import annotations

from typing import Any

import msgspec
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.risk import check_risk
from quantumzero.contracts.trade_cycle import CheckRiskAnswer, read_check_risk

logger = Logger()
metrics = Metrics()
checking = check_risk()


@metrics.log_metrics
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer whether the decision's order was approved, and why not; a repetition answers the same."""
    request = read_check_risk(event)
    logger.append_keys(correlation_id=request.decision_id)
    verdict = checking.check(
        strategy=request.strategy,
        symbol=request.symbol,
        closes_at=request.closes_at,
        inference=request.inference.to_domain(),
    )
    name = "OrdersApproved" if verdict.approved else "OrdersDenied"
    metrics.add_metric(name, MetricUnit.Count, 1)
    logger.info("checked", approved=verdict.approved, code=verdict.code, reason=verdict.reason)
    answer = CheckRiskAnswer(
        verdict.approved, verdict.client_order_id, verdict.code, verdict.reason
    )
    answered: dict[str, Any] = msgspec.to_builtins(answer)
    return answered
