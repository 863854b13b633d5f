"""The handler on Kinesis events: commits, repeats, poison, stores out of reach."""

from __future__ import annotations

import base64
import importlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.bootstrap import aws, ticks
from quantumzero.contracts.ticks import bars_from_outbox, pack_ticks
from quantumzero.domain.calendars import session_on, to_us
from quantumzero.domain.errors import UnavailableError
from quantumzero.domain.ticks import Trade
from tests.contract.market.conftest import REGION, Cloud, cloud

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["cloud"]

DAY = session_on(date(2005, 3, 1))
assert DAY is not None
OPEN, CLOSE = to_us(DAY.opens_at), to_us(DAY.closes_at)
SHARD = "shardId-000000000000"


def forget() -> None:
    for made_once in (aws.client, aws._session, ticks.process_ticks):
        made_once.cache_clear()


@pytest.fixture
def handler(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[dict[str, Any], object], dict[str, Any]]]:
    """The deployed handler in a fresh process's state."""
    for name, value in {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "POWERTOOLS_SERVICE_NAME": "process_ticks",
        "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
        "TABLE_BARS": cloud.bars,
        "BUCKET_LAKE": cloud.bucket,
        "SYMBOLS": "AAPL, IBM",
        "TIMEFRAMES": "1d",
    }.items():
        monkeypatch.setenv(name, value)
    forget()
    module = importlib.import_module("functions.process_ticks.handler")
    yield importlib.reload(module).handler
    forget()


def event(*payloads: bytes, first: int = 1) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventID": f"{SHARD}:{first + position:056}",
                "kinesis": {
                    "sequenceNumber": f"{first + position:056}",
                    "data": base64.b64encode(data).decode(),
                    "approximateArrivalTimestamp": 1_109_700_000.123,
                },
            }
            for position, data in enumerate(payloads)
        ]
    }


def outbox(cloud: Cloud) -> list[Any]:
    items = cloud.dynamodb.scan(TableName=cloud.bars)["Items"]
    found = [one for one in items if one["pk"]["S"].startswith("OUTBOX#")]
    return [bar for item in found for bar in bars_from_outbox(item)]


def metrics_of(text: str) -> dict[str, Any]:
    (line,) = [one for one in text.splitlines() if '"_aws"' in one]
    found: dict[str, Any] = json.loads(line)
    return found


SESSION = pack_ticks(
    "vendor",
    [Trade("AAPL", OPEN, 450_000, 10, 1), Trade("AAPL", CLOSE - 1, 451_000, 5, 2)],
    watermark=CLOSE,
)


def test_a_session_becomes_a_bar_once_however_often_it_is_delivered(
    handler: Any, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handler(event(*SESSION), None) == {"batchItemFailures": []}
    metrics = metrics_of(capsys.readouterr().out)
    assert metrics["TicksProcessed"] == [2]
    assert metrics["TicksQuarantined"] == [0]
    assert metrics["BarsClosed"] == [1]
    assert handler(event(*SESSION), None) == {"batchItemFailures": []}
    (bar,) = outbox(cloud)
    assert (bar.open, bar.close, bar.volume) == (450_000, 451_000, 15)


def test_poison_goes_to_quarantine_and_is_not_asked_for_again(
    handler: Any, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = event(b"\x00poison", *SESSION)
    batch["Records"][0]["kinesis"]["data"] = "not base64!"
    assert handler(batch, None) == {"batchItemFailures": []}
    assert metrics_of(capsys.readouterr().out)["TicksQuarantined"] == [1]
    (found,) = cloud.s3.list_objects_v2(Bucket=cloud.bucket)["Contents"]
    assert found["Key"] == f"quarantine/dt=2005-03-01/{SHARD}-1.json"
    content = json.loads(cloud.s3.get_object(Bucket=cloud.bucket, Key=found["Key"])["Body"].read())
    assert base64.b64decode(content["raw_base64"]) == b"not base64!"
    assert len(outbox(cloud)) == 1


def test_a_store_out_of_reach_asks_for_the_whole_batch_again(
    handler: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_arguments: object, **_named: object) -> None:
        raise UnavailableError("the table does not answer")

    module = importlib.import_module("functions.process_ticks.handler")
    checkpoints = module.process._checkpoints
    with monkeypatch.context() as broken:
        broken.setattr(checkpoints, "commit", unreachable)
        assert handler(event(*SESSION), None) == {
            "batchItemFailures": [{"itemIdentifier": f"{1:056}"}]
        }
    assert outbox(cloud) == []
    assert handler(event(*SESSION), None) == {"batchItemFailures": []}
    assert len(outbox(cloud)) == 1
