"""Publish the metrics of services that alarms usually watch.

AWS: Lambda counts every invocation and error, whoever invoked, and reports how old the oldest
record of a stream mapping is; Step Functions counts executions by outcome; SQS reports the depth
and age of each queue.
ministack: counts only invocations by a call, not those by mappings, state machines and rules, and
publishes none of the others. Queue and stream metrics are taken when alarms are evaluated.
"""

from __future__ import annotations

import time
from typing import Any

from ministack.services import cloudwatch, lambda_svc, sqs, stepfunctions

from local.emulator.mappings.sources import Scope, source_of
from local.emulator.sources import expect

_OUTCOMES = {
    "RUNNING": "ExecutionsStarted",
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "ABORTED": "ExecutionsAborted",
    "TIMED_OUT": "ExecutionsTimedOut",
}


def apply() -> None:
    """Count where every invocation passes, and whenever an execution's status is announced."""
    _count_invocations()
    _count_executions()


def _count_invocations() -> None:
    dispatch, publish = lambda_svc._execute_function_dispatch, lambda_svc._emit_lambda_metrics
    expect(
        lambda_svc._execute_function,
        "return _execute_function_dispatch(func, config, event, request_id, started)",
    )

    def dispatch_and_count(
        func: Any, config: dict[str, Any], event: Any, request_id: str, started: float
    ) -> Any:
        result = dispatch(func, config, event, request_id, started)
        milliseconds = (time.time() - started) * 1000
        publish(config.get("FunctionName", ""), milliseconds, bool(result.get("error")), False)
        return result

    def publish_throttles(
        function_name: str, duration_ms: float, error: bool, throttle: bool
    ) -> None:
        if throttle:
            publish(function_name, duration_ms, error, throttle)

    lambda_svc._execute_function_dispatch = dispatch_and_count
    lambda_svc._emit_lambda_metrics = publish_throttles


def _count_executions() -> None:
    announce = stepfunctions._emit_execution_status_event
    for place in ("_start_execution", "_fail_execution", "_stop_execution"):
        expect(getattr(stepfunctions, place), "_emit_execution_status_event(")

    def announce_and_count(execution: dict[str, Any]) -> None:
        announce(execution)
        name = _OUTCOMES.get(execution["status"])
        if name:
            dimensions = {"StateMachineArn": execution["stateMachineArn"]}
            cloudwatch.record_metric("AWS/States", name, 1, "Count", dimensions)

    stepfunctions._emit_execution_status_event = announce_and_count


def publish_levels(scope: Scope) -> None:
    """Record the depth of every queue and the age of every stream mapping of a scope, now."""
    for queue in sqs._queues.values_scoped(scope.account, scope.region):
        _publish_queue(queue)
    for account, region, mapping in list(lambda_svc._iter_all_esms()):
        source = source_of(scope, mapping) if Scope(account, region) == scope else None
        if source is not None:
            oldest = source.oldest_waiting_at()
            age = 0.0 if oldest is None else max(0.0, time.time() - oldest) * 1000
            dimensions = {"FunctionName": mapping["FunctionName"]}
            cloudwatch.record_metric("AWS/Lambda", "IteratorAge", age, "Milliseconds", dimensions)


def _publish_queue(queue: dict[str, Any]) -> None:
    now = time.time()
    messages = list(queue["messages"])
    visible = [message for message in messages if message["visible_at"] <= now]
    age = max((now - message["sent_at"] for message in messages), default=0.0)
    arn = str(queue.get("attributes", {}).get("QueueArn", ""))
    levels = {
        "ApproximateNumberOfMessagesVisible": (float(len(visible)), "Count"),
        "ApproximateNumberOfMessagesNotVisible": (float(len(messages) - len(visible)), "Count"),
        "ApproximateAgeOfOldestMessage": (age, "Seconds"),
    }
    for name, (value, unit) in levels.items():
        dimensions = {"QueueName": arn.rsplit(":", 1)[-1]}
        cloudwatch.record_metric("AWS/SQS", name, value, unit, dimensions)
