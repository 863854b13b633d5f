"""A schedule: compare the ledger with the broker; a difference stops entries and raises an alert."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.guarantees import reconcile_account
from quantumzero.bootstrap.ledger import prepare_order_path

logger = Logger()
metrics = Metrics()
prepare_order_path()


@metrics.log_metrics
def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Compare once; a broker that cannot be read whole is an error, never a verdict."""
    report = reconcile_account().reconcile()
    metrics.add_metric("Succeeded", MetricUnit.Count, 1)
    metrics.add_metric("AccountDifferences", MetricUnit.Count, len(report.differences))
    if not report.clean:
        logger.error("ledger and broker differ", differences=list(report.differences))
    return {
        "clean": report.clean,
        "differences": list(report.differences),
        "orders": report.orders,
        "external": report.external,
        "reconciliation": report.id,
    }
