"""A schedule (or the replay's clock) -> the vendor's new trades on the tick stream."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.polling import poll_market
from quantumzero.contracts.formats import utc_text

logger = Logger()
metrics = Metrics()
poll = poll_market()


@metrics.log_metrics
def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Send what traded since the last poll; answers counts and the market times reached."""
    outcome = poll()
    metrics.add_metric("TradesPolled", MetricUnit.Count, outcome.trades)
    metrics.add_metric("TradesUnread", MetricUnit.Count, outcome.unread)
    return {
        "trades": outcome.trades,
        "unread": outcome.unread,
        "watermark": utc_text(outcome.watermark) if outcome.watermark else None,
        "vendor_time": utc_text(outcome.vendor_time),
    }
