"""A schedule (or the replay's clock): bring every order that is not settled closer to the truth."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.guarantees import sweep_orders
from quantumzero.bootstrap.ledger import prepare_order_path

logger = Logger()
metrics = Metrics()
prepare_order_path()


@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sweep once; `settled` in the event says that no execution is under way."""
    report = sweep_orders().sweep(
        request=context.aws_request_id, settled=bool((event or {}).get("settled"))
    )
    metrics.add_metric("Succeeded", MetricUnit.Count, 1)
    metrics.add_metric("OrdersUnresolved", MetricUnit.Count, report.unresolved)
    metrics.add_metric("DecisionsCarried", MetricUnit.Count, report.carried)
    answer: dict[str, Any] = {
        "orders": report.orders,
        "changed": report.changed,
        "unresolved": report.unresolved,
        "carried": report.carried,
    }
    logger.info("swept", extra=answer)
    return answer
