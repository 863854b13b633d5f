"""A task of trading_day: the account's equity at the session's close."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.guarantees import close_session
from quantumzero.contracts.formats import decimal_text, utc_text, utc_time

logger = Logger()
metrics = Metrics()
closing = close_session()


@metrics.log_metrics
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Store the equity at `closes_at` of the event (ISO 8601), else at the market's time."""
    given = (event or {}).get("closes_at")
    snapshot = closing.close(utc_time(given) if given else None)
    metrics.add_metric("SessionsClosed", MetricUnit.Count, 1)
    answer: dict[str, Any] = {
        "time": utc_text(snapshot.time),
        "equity": decimal_text(snapshot.equity),
        "cash": decimal_text(snapshot.cash),
    }
    logger.info("closed", extra=answer)
    return answer
