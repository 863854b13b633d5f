"""Turn metrics that functions write into their logs into CloudWatch metrics.

AWS: a log line in the embedded metric format becomes a data point of every metric it names.
ministack: keeps the line and makes no metric of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.services import cloudwatch, lambda_svc

from local.emulator.sources import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = '"_aws"'


def apply() -> None:
    """Read the metrics out of every invocation's log text."""
    write_logs = lambda_svc._emit_lambda_logs
    expect(write_logs, "lines = [start, *(log_text.splitlines() if log_text else []), end,")

    def write_logs_and_metrics(
        func: Any, request_id: str, log_text: str, *given: Any, **named: Any
    ) -> None:
        write_logs(func, request_id, log_text, *given, **named)
        if log_text and _MARK in log_text:
            for line in log_text.splitlines():
                for metric in metrics_of(line):
                    cloudwatch.record_metric(*metric)

    lambda_svc._emit_lambda_logs = write_logs_and_metrics


Metric = tuple[str, str, float, str, dict[str, str]]


def metrics_of(line: str) -> Iterator[Metric]:
    """Yield namespace, name, value, unit and dimensions of each data point in a log line."""
    if _MARK not in line:
        return
    try:
        document = json.loads(line)
        directives = document["_aws"]["CloudWatchMetrics"]
    except (ValueError, KeyError, TypeError):
        # A line that only mentions the mark is a log line like any other.
        return
    for directive in directives:
        for names in directive.get("Dimensions") or [[]]:
            dimensions = {name: str(document.get(name, "")) for name in names}
            yield from _points(document, directive, dimensions)


def _points(
    document: dict[str, Any], directive: dict[str, Any], dimensions: dict[str, str]
) -> Iterator[Metric]:
    for metric in directive.get("Metrics", []):
        found = document.get(metric["Name"])
        for value in found if isinstance(found, list) else [found]:
            if isinstance(value, int | float):
                unit = metric.get("Unit", "None")
                yield directive["Namespace"], metric["Name"], float(value), unit, dimensions
