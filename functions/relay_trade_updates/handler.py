"""A schedule: hold the broker's stream of order news under a lease and apply each word of it."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.trade_updates import prepare_relay, relay_trade_updates

logger = Logger()
metrics = Metrics()
prepare_relay()

# The stream is given back before the function's time ends; never held longer than 14 minutes.
MARGIN_SECONDS = 20.0
LONGEST_SECONDS = 14 * 60.0


@metrics.log_metrics
def handler(_event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Relay until shortly before the function's time ends; at once done when another one does it."""
    left = context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS
    applied = relay_trade_updates().relay(
        owner=context.aws_request_id, seconds=max(0.0, min(left, LONGEST_SECONDS))
    )
    metrics.add_metric("TradeUpdatesApplied", MetricUnit.Count, applied or 0)
    logger.info("relayed", held=applied is not None, applied=applied or 0)
    return {"held": applied is not None, "applied": applied or 0}
