"""A task of trading_day: splits of the day, open orders and the comparison with the broker, before the open."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.guarantees import prepare_session
from quantumzero.bootstrap.ledger import prepare_order_path

logger = Logger()
metrics = Metrics()
prepare_order_path()


@metrics.log_metrics
def handler(_event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Prepare the session of the broker's date; `session` is null when the exchange is closed all day."""
    report = prepare_session().prepare(request=context.aws_request_id)
    if report is None:
        return {"session": None}
    metrics.add_metric("SessionsPrepared", MetricUnit.Count, 1)
    answer: dict[str, Any] = {
        "session": report.session.isoformat(),
        "splits": [
            {"symbol": each.symbol, "ex_date": each.ex_date, "new": each.new, "old": each.old}
            for each in report.splits
        ],
        "unresolved": report.unresolved,
        "clean": report.clean,
        "differences": list(report.differences),
    }
    logger.info("prepared", extra=answer)
    return answer
