"""Metrics from logs and services, and alarms that look at their own dimensions and at missing
data.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

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


def test_errors_of_a_function_trip_its_own_alarm(cloud: Cloud) -> None:
    function = cloud.function("def handler(event, context):\n    raise ValueError\n")
    well = cloud.function("def handler(event, context):\n    return 1\n")
    for name in (function, well):
        _alarm(cloud, name, "AWS/Lambda", "Errors", {"FunctionName": name})
        cloud.invoke(name)
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
