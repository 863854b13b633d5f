"""The tick stream and the quarantine on AWS's own semantics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from quantumzero.adapters.aws.quarantine import BucketQuarantine
from quantumzero.adapters.aws.tick_stream import KinesisTickStream
from quantumzero.domain.errors import UnavailableError
from tests.fakes.manual_clock import NoBackoff

if TYPE_CHECKING:
    from tests.contract.market.conftest import Cloud


def stored_records(cloud: Cloud) -> list[bytes]:
    (shard,) = cloud.kinesis.list_shards(StreamName=cloud.stream)["Shards"]
    iterator = cloud.kinesis.get_shard_iterator(
        StreamName=cloud.stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    return [one["Data"] for one in cloud.kinesis.get_records(ShardIterator=iterator)["Records"]]


def test_records_reach_the_stream_in_order(cloud: Cloud) -> None:
    records = [f"{number}".encode() for number in range(200)]
    KinesisTickStream(cloud.kinesis, cloud.stream, NoBackoff()).put(records)
    assert stored_records(cloud) == records


class _Throttled:
    """A client that refuses the given positions of each call, call by call."""

    def __init__(self, client: Any, refused: list[set[int]]) -> None:
        self._client = client
        self._refused = refused

    def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:
        refused = self._refused.pop(0) if self._refused else set()
        taken = [one for position, one in enumerate(Records) if position not in refused]
        if taken:
            self._client.put_records(StreamName=StreamName, Records=taken)
        results = [
            {"ErrorCode": "ProvisionedThroughputExceededException"} if position in refused else {}
            for position in range(len(Records))
        ]
        return {"FailedRecordCount": len(refused), "Records": results}


def test_only_the_refused_records_are_sent_again(cloud: Cloud) -> None:
    backoff = NoBackoff()
    client = _Throttled(cloud.kinesis, [{1, 2}, {0}])
    KinesisTickStream(client, cloud.stream, backoff).put([b"a", b"b", b"c"])
    assert sorted(stored_records(cloud)) == [b"a", b"b", b"c"]
    assert backoff.waits == 2


def test_records_refused_for_ever_are_an_error(cloud: Cloud) -> None:
    client = _Throttled(cloud.kinesis, [{0} for _ in range(99)])
    with pytest.raises(UnavailableError, match="refused 1 records after 6 attempts"):
        KinesisTickStream(client, cloud.stream, NoBackoff()).put([b"a"])


def test_the_same_record_leaves_one_object(cloud: Cloud) -> None:
    quarantine = BucketQuarantine(lambda: cloud.s3, cloud.bucket)
    for _ in range(2):
        quarantine.put(day="2005-03-01", name="shard-7", content={"rejections": []})
    (found,) = cloud.s3.list_objects_v2(Bucket=cloud.bucket)["Contents"]
    assert found["Key"] == "quarantine/dt=2005-03-01/shard-7.json"
    body = cloud.s3.get_object(Bucket=cloud.bucket, Key=found["Key"])["Body"].read()
    assert json.loads(body) == {"rejections": []}


def test_a_bucket_out_of_reach_is_an_error_of_its_own(cloud: Cloud) -> None:
    class Unreachable:
        def put_object(self, **_named: object) -> None:
            raise ConnectTimeoutError(endpoint_url="https://s3")

    with pytest.raises(UnavailableError, match=r"writing quarantine/dt=d/n\.json: no answer"):
        BucketQuarantine(Unreachable, cloud.bucket).put(day="d", name="n", content={})
