"""Forget old logs, event histories and data points, which every snapshot would write again.

AWS: logs expire by their group's retention, executions after 90 days, fine data points after hours.
ministack: keeps everything for ever and in memory; after 4000 executions the logs and histories are
25 MB of every snapshot. What is kept: the logs of the newest 500 invocations of a function, the
full history of the newest 500 executions (first and last event of the others, whose names stay
taken), and the newest 5000 points of a metric.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from ministack.services import cloudwatch, cloudwatch_logs, lambda_svc, stepfunctions

from local.emulator.sources import expect

KEPT_INVOCATIONS = 500
KEPT_HISTORIES = 500
KEPT_POINTS = 5000


def apply() -> None:
    """Trim where each of the three grows."""
    _bound_logs()
    _bound_histories()
    _bound_points()


def _bound_logs() -> None:
    write = lambda_svc._emit_lambda_logs
    expect(cloudwatch_logs.get_state, '"log_groups": copy.deepcopy(_log_groups),')

    def write_and_trim(func: Any, *given: Any, **named: Any) -> None:
        write(func, *given, **named)
        config = func.get("config") or func
        name = f"/aws/lambda/{config.get('FunctionName')}"
        name = (config.get("LoggingConfig") or {}).get("LogGroup") or name
        streams = (cloudwatch_logs._log_groups.get(name) or {}).get("streams", {})
        while len(streams) > KEPT_INVOCATIONS:
            streams.pop(next(iter(streams)), None)

    lambda_svc._emit_lambda_logs = write_and_trim


def _bound_histories() -> None:
    announce = stepfunctions._emit_execution_status_event
    expect(stepfunctions._run_execution, "_emit_execution_status_event(execution)")
    complete: deque[dict[str, Any]] = deque()

    def announce_and_trim(execution: dict[str, Any]) -> None:
        announce(execution)
        if execution["status"] == "RUNNING":
            return
        complete.append(execution)
        while len(complete) > KEPT_HISTORIES:
            events = complete.popleft()["events"]
            del events[1:-1]

    stepfunctions._emit_execution_status_event = announce_and_trim


def _bound_points() -> None:
    bucket_of = cloudwatch._metric_bucket
    expect(bucket_of, "_metrics[key] = pts")

    def bounded_bucket(key: tuple[str, str, str]) -> Any:
        points = bucket_of(key)
        if len(points) > KEPT_POINTS:
            del points[: KEPT_POINTS // 10]
        return points

    cloudwatch._metric_bucket = bounded_bucket
