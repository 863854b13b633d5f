"""The dead-man alarm (or an operator): halt, then cancel at the broker until nothing of ours is open there."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from quantumzero.bootstrap.ledger import empty_book, halt_trading, prepare_order_path
from quantumzero.domain.errors import StoppedError

logger = Logger()
metrics = Metrics()
prepare_order_path()
# Left for the answer, the log and a slow last request.
_RESERVED_SECONDS = 15.0


@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Halt with one write; raise when orders are still open at the end, so that the call is repeated."""
    reason, by = _cause(event or {})
    try:
        risk = halt_trading(cancelling=False).halt(reason=reason, by=by)
    except StoppedError as stopped:
        logger.info("nothing to halt", reason=str(stopped))
        return {"halted": False, "reason": str(stopped)}
    seconds = context.get_remaining_time_in_millis() / 1000 - _RESERVED_SECONDS
    report = empty_book().run(seconds=seconds)
    metrics.add_metric("Halts", MetricUnit.Count, 1)
    answer: dict[str, Any] = {
        "halted": True,
        "by": risk.changed_by,
        "reason": risk.reason,
        "open": report.open,
        "rounds": report.rounds,
        "resumed": report.resumed,
    }
    logger.warning("halted", extra=answer)
    report.require_complete()
    return answer


def _cause(event: dict[str, Any]) -> tuple[str, str]:
    """Read why and who: an alarm through a topic, or an operator's own words."""
    records = event.get("Records")
    if not records:
        return str(event.get("reason") or "called by hand"), str(event.get("by") or "operator")
    alarm = json.loads(records[0]["Sns"]["Message"])
    return f"{alarm['AlarmDescription']} ({alarm['NewStateReason']})"[:500], "dead man's switch"
