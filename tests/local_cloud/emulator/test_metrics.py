"""Metrics from logs and services, and alarms that look at their own dimensions and at missing
data.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local_cloud.emulator.cloud import until

if TYPE_CHECKING:
    from tests.local_cloud.emulator.cloud import Cloud

WRITES_METRIC = """
import json
def handler(event, context):
    print(json.dumps({
        "_aws": {"Timestamp": 1, "CloudWatchMetrics": [{
            "Namespace": "QuantumZero", "Dimensions": [["service"]],
            "Metrics": [{"Name": "Quarantined", "Unit": "Count"}]}]},
        "service": event["service"], "Quarantined": event["values"],
    }))
"""


def test_a_metric_in_a_log_trips_the_alarm_of_its_dimension_only(cloud: Cloud) -> None:
    function = cloud.function(WRITES_METRIC)
    one, other = uuid.uuid4().hex, uuid.uuid4().hex
    queue, queue_arn = cloud.queue()
    topic = cloud.client("sns").create_topic(Name=one)["TopicArn"]
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    for service in (one, other):
        _alarm(
            cloud,
            service,
            "QuantumZero",
            "Quarantined",
            {"service": service},
            TreatMissingData="notBreaching",
            AlarmActions=[topic],
        )
    cloud.invoke(function, {"service": one, "values": [2, 3]})
    until(lambda: _state(cloud, one) == "ALARM")
    assert _state(cloud, other) == "OK"
    (message,) = until(lambda: cloud.messages(queue))
    assert json.loads(message["Message"])["AlarmName"] == one


def test_missing_data_is_treated_as_the_alarm_says(cloud: Cloud) -> None:
    names = {treatment: uuid.uuid4().hex for treatment in ("breaching", "notBreaching", "missing")}
    for treatment, name in names.items():
        _alarm(cloud, name, "Nothing", "Ever", {"n": name}, TreatMissingData=treatment)
    until(lambda: _state(cloud, names["breaching"]) == "ALARM")
    assert _state(cloud, names["notBreaching"]) == "OK"
    assert _state(cloud, names["missing"]) == "INSUFFICIENT_DATA"


def test_errors_of_a_mapped_function_trip_its_own_alarm(cloud: Cloud) -> None:
    function = cloud.function("def handler(event, context):\n    raise ValueError\n")
    well = cloud.function("def handler(event, context):\n    return 1\n")
    for name in (function, well):
        _alarm(cloud, name, "AWS/Lambda", "Errors", {"FunctionName": name})
        stream, arn = cloud.stream()
        cloud.put(stream, "record")
        cloud.map(arn, name, MaximumRetryAttempts=0)
    until(lambda: _state(cloud, function) == "ALARM")
    until(lambda: _state(cloud, well) == "OK")


def test_a_message_in_a_dead_letter_queue_and_a_failed_execution_trip_alarms(cloud: Cloud) -> None:
    queue, queue_arn = cloud.queue()
    machine = cloud.machine({"Fail": {"Type": "Fail", "Error": "No"}})
    depth, failed = uuid.uuid4().hex, uuid.uuid4().hex
    queue_name = queue_arn.rsplit(":", 1)[-1]
    metric = "ApproximateNumberOfMessagesVisible"
    _alarm(cloud, depth, "AWS/SQS", metric, {"QueueName": queue_name}, Statistic="Maximum")
    _alarm(cloud, failed, "AWS/States", "ExecutionsFailed", {"StateMachineArn": machine})
    cloud.client("sqs").send_message(QueueUrl=queue, MessageBody="dead")
    cloud.start(machine, "one")
    until(lambda: _state(cloud, depth) == "ALARM")
    until(lambda: _state(cloud, failed) == "ALARM")


def _alarm(
    cloud: Cloud,
    name: str,
    namespace: str,
    metric: str,
    dimensions: dict[str, str],
    **settings: Any,
) -> None:
    given: dict[str, Any] = {"Statistic": "Sum", **settings}
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        **given,
    )


def _state(cloud: Cloud, name: str) -> str:
    (found,) = cloud.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(found["StateValue"])


def test_an_invocation_is_counted_once(cloud: Cloud) -> None:
    function = cloud.function("def handler(event, context):\n    return 1\n")
    for _ in range(3):
        cloud.invoke(function)
    now = datetime.now(UTC)
    found = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=1),
        Period=600,
        Statistics=["Sum"],
    )
    assert sum(point["Sum"] for point in found["Datapoints"]) == 3


def test_only_the_newest_histories_are_kept_but_names_stay_taken(cloud: Cloud) -> None:
    machine = cloud.machine({"Only": {"Type": "Pass", "End": True}})
    executions = [cloud.start(machine, f"e{number}") for number in range(502)]
    cloud.control.wait_quiet(20)
    states = cloud.client("stepfunctions")
    kept = states.get_execution_history(executionArn=executions[-1])["events"]
    trimmed = states.get_execution_history(executionArn=executions[0])["events"]
    assert [event["type"] for event in trimmed] == ["ExecutionStarted", "ExecutionSucceeded"]
    assert len(kept) == 4
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        cloud.start(machine, "e0")


def test_the_logs_of_the_newest_invocations_are_kept(cloud: Cloud) -> None:
    function = cloud.function("def handler(event, context):\n    print('call', event)\n")
    for number in range(503):
        cloud.invoke(function, number)
    pages = cloud.client("logs").get_paginator("describe_log_streams")
    found = pages.paginate(logGroupName=f"/aws/lambda/{function}")
    assert sum(len(page["logStreams"]) for page in found) == 500
