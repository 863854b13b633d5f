"""Kinesis and table stream mappings fail as on AWS, each on a thread of its own."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.local_cloud.emulator.cloud import NOTING, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local_cloud.emulator.cloud import Cloud

READING = (
    NOTING
    + """
import base64
def texts(event):
    return [
        (base64.b64decode(r["kinesis"]["data"]).decode(), r["kinesis"]["sequenceNumber"])
        if "kinesis" in r else (r["dynamodb"]["Keys"]["pk"]["S"], r["dynamodb"]["SequenceNumber"])
        for r in event["Records"]
    ]
"""
)
RAISES_ON_POISON = (
    READING
    + """
def handler(event, context):
    if any(text.startswith("poison") for text, _ in texts(event)):
        raise ValueError("poison")
    for text, _ in texts(event):
        note(text)
"""
)
REPORTS_POISON = (
    READING
    + """
def handler(event, context):
    for text, sequence in texts(event):
        if text.startswith("poison"):
            return {"batchItemFailures": [{"itemIdentifier": sequence}]}
        note(text)
"""
)


@pytest.mark.parametrize("source", ["kinesis", "table"])
@pytest.mark.parametrize("handler", [RAISES_ON_POISON, REPORTS_POISON], ids=["raises", "reports"])
def test_one_poison_record_is_given_up_alone_and_in_order(
    cloud: Cloud, source: str, handler: str
) -> None:
    function = cloud.function(handler)
    queue, queue_arn = cloud.queue()
    arn, send = _source(cloud, source)
    send("a", "b", "poison", "c", "d", "e", "f")
    cloud.map(
        arn,
        function,
        BatchSize=10,
        MaximumRetryAttempts=2,
        BisectBatchOnFunctionError=True,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": queue_arn}},
    )
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == ["a", "b", "c", "d", "e", "f"]
    (failure,) = cloud.messages(queue)
    info = failure["KinesisBatchInfo" if source == "kinesis" else "DDBStreamBatchInfo"]
    assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert failure["requestContext"]["approximateInvokeCount"] == 3
    assert info["batchSize"] == 1
    assert info["startSequenceNumber"] == info["endSequenceNumber"]
    assert info["streamArn"] == arn


@pytest.mark.parametrize("source", ["kinesis", "table"])
def test_records_older_than_allowed_are_given_up_without_a_call(cloud: Cloud, source: str) -> None:
    function = cloud.function(RAISES_ON_POISON)
    queue, queue_arn = cloud.queue()
    arn, send = _source(cloud, source)
    send("old")
    time.sleep(2.1)
    send("new")
    cloud.map(
        arn,
        function,
        MaximumRecordAgeInSeconds=1,
        DestinationConfig={"OnFailure": {"Destination": queue_arn}},
    )
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == ["new"]
    (failure,) = cloud.messages(queue)
    assert failure["requestContext"]["condition"] == "MaxRecordAgeExceeded"


def test_without_a_retry_limit_a_failing_batch_holds_the_shard_until_it_succeeds(
    cloud: Cloud,
) -> None:
    function = cloud.function(
        READING
        + """
def handler(event, context):
    if not os.path.exists(os.environ["LOG"] + ".open"):
        raise RuntimeError("closed")
    for text, _ in texts(event):
        note(text)
"""
    )
    name, arn = cloud.stream()
    mapping = cloud.map(arn, function)
    cloud.put(name, "first", "second")
    time.sleep(0.5)
    reading = cloud.control.quiet()
    assert reading["behind"][f"{function} from {name}"] == 2
    assert not reading["quiet"]
    cloud.log_of(function).with_suffix(".jsonl.open").touch()
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == ["first", "second"]
    cloud.client("lambda").delete_event_source_mapping(UUID=mapping)


def test_a_slow_consumer_delays_no_other_mapping(cloud: Cloud) -> None:
    slow = cloud.function("import time\ndef handler(event, context):\n    time.sleep(1.5)\n")
    quick = cloud.function(RAISES_ON_POISON)
    slow_name, slow_arn = cloud.stream()
    quick_name, quick_arn = cloud.stream()
    cloud.map(slow_arn, slow)
    cloud.map(quick_arn, quick)
    cloud.put(quick_name, "warm")
    until(lambda: cloud.noted(quick) == ["warm"])
    cloud.put(slow_name, "slow")
    begun = time.monotonic()
    cloud.put(quick_name, "quick")
    until(lambda: cloud.noted(quick) == ["warm", "quick"])
    assert time.monotonic() - begun < 1.0
    cloud.control.wait_quiet(10)


def test_a_mapping_that_starts_at_latest_sees_what_is_written_after_it_was_made(
    cloud: Cloud,
) -> None:
    function = cloud.function(RAISES_ON_POISON)
    name, arn = cloud.stream()
    cloud.put(name, "before")
    cloud.map(arn, function, StartingPosition="LATEST")
    cloud.put(name, "after")
    until(lambda: cloud.noted(function) == ["after"])


def test_filtered_records_are_passed_over(cloud: Cloud) -> None:
    function = cloud.function(RAISES_ON_POISON)
    table, arn = cloud.table()
    pattern = '{"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "wanted"}]}}}}'
    cloud.map(arn, function, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    cloud.write(table, "other", "wanted-1", "other-2", "wanted-2", "other-3")
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == ["wanted-1", "wanted-2"]


def test_every_shard_keeps_its_own_position(cloud: Cloud) -> None:
    function = cloud.function(RAISES_ON_POISON)
    name, arn = cloud.stream(shards=2)
    cloud.map(arn, function, BatchSize=3)
    sent = [f"{key}{number}" for number in range(5) for key in ("a", "b", "c")]
    for text in sent:
        cloud.put(name, text, key=text[0])
    cloud.control.wait_quiet(10)
    noted = cloud.noted(function)
    assert sorted(noted) == sorted(sent)
    for key in ("a", "b", "c"):
        assert [text for text in noted if text[0] == key] == [f"{key}{n}" for n in range(5)]


def _source(cloud: Cloud, kind: str) -> tuple[str, Callable[..., Any]]:
    if kind == "kinesis":
        name, arn = cloud.stream()
        return arn, lambda *texts: cloud.put(name, *texts)
    table, arn = cloud.table()
    return arn, lambda *keys: cloud.write(table, *keys)


def test_the_data_arrives_as_it_was_sent(cloud: Cloud) -> None:
    function = cloud.function(
        NOTING
        + """
def handler(event, context):
    note([r["kinesis"]["data"] for r in event["Records"]])
"""
    )
    name, arn = cloud.stream()
    cloud.map(arn, function)
    raw = bytes(range(256))
    cloud.client("kinesis").put_record(StreamName=name, Data=raw, PartitionKey="k")
    cloud.control.wait_quiet(10)
    assert cloud.noted(function) == [[base64.b64encode(raw).decode()]]
