"""Both handlers behind the exchange simulator: real prints become the source's own daily bars."""

from __future__ import annotations

import base64
import importlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from bokeh_sampledata import stocks

from local.exchange.control import ExchangeSettings, start_exchange
from quantumzero.adapters.aws import secrets
from quantumzero.bootstrap import aws, polling, ticks
from quantumzero.contracts.ticks import bars_from_outbox
from quantumzero.domain.prices import price_units
from tests.contract.market.conftest import REGION, Cloud, cloud

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["cloud"]

FIRST, SESSIONS = "2005-02-24", 4  # AAPL splits 2:1 before the third
SYMBOLS = ("AAPL", "GOOG", "IBM", "MSFT")
SHARD = "shardId-000000000000"


class Deployment:
    """The exchange, and the two functions on its prints."""

    def __init__(self, cloud: Cloud, exchange: Any) -> None:
        self.cloud = cloud
        self.exchange = exchange
        self.poll = self._fresh("functions.poll_market.handler")
        self.process = self._fresh("functions.process_ticks.handler")
        self._iterator = cloud.kinesis.get_shard_iterator(
            StreamName=cloud.stream, ShardId=SHARD, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    @staticmethod
    def _fresh(name: str) -> Any:
        return importlib.reload(importlib.import_module(name)).handler

    def deliver(self) -> int:
        """Hand the stream's new records to process_ticks; return how many there were."""
        answer = self.cloud.kinesis.get_records(ShardIterator=self._iterator)
        self._iterator = answer["NextShardIterator"]
        records = [
            {
                "eventID": f"{SHARD}:{one['SequenceNumber']}",
                "kinesis": {
                    "sequenceNumber": one["SequenceNumber"],
                    "data": base64.b64encode(one["Data"]).decode(),
                    "approximateArrivalTimestamp": 1_700_000_000.5,
                },
            }
            for one in answer["Records"]
        ]
        if records:
            assert self.process({"Records": records}, None) == {"batchItemFailures": []}
        return len(records)

    def project(self) -> None:
        """Do what the outbox's stream starts."""
        for item in self.cloud.dynamodb.scan(TableName=self.cloud.bars)["Items"]:
            if item["pk"]["S"].startswith("OUTBOX#"):
                ticks.project_bars()(bars_from_outbox(item))


def forget() -> None:
    for made_once in (
        aws.client,
        aws._session,
        polling.poll_market,
        secrets.read_secret,
        ticks.bar_store,
        ticks.process_ticks,
        ticks.project_bars,
    ):
        made_once.cache_clear()


@pytest.fixture
def deployment(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployment]:
    exchange = start_exchange(
        ExchangeSettings(state_dir=tmp_path / "exchange", from_date=FIRST, sessions=SESSIONS)
    )
    for name, value in {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "POWERTOOLS_SERVICE_NAME": "test",
        "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
        "TABLE_BARS": cloud.bars,
        "TABLE_LEASES": cloud.leases,
        "STREAM_TICKS": cloud.stream,
        "BUCKET_LAKE": cloud.bucket,
        "SECRET_BROKER": "broker",
        "BROKER_URL": exchange.url,
        "MARKET_DATA_URL": exchange.url,
        "SYMBOLS": ",".join(SYMBOLS),
        "MARKET_CLOCK": "data",
    }.items():
        monkeypatch.setenv(name, value)
    forget()
    aws.client("secretsmanager").create_secret(
        Name="broker",
        SecretString=json.dumps({"key_id": "local-key", "secret_key": "local-secret"}),
    )
    yield Deployment(cloud, exchange)
    exchange.stop()
    forget()


def source_bars(symbol: str) -> list[tuple[int, ...]]:
    """Return (open, high, low, close, volume) of the sessions, straight from the data package."""
    table = getattr(stocks, symbol)
    first = table["date"].index(FIRST)
    return [
        (
            *(price_units(Decimal(str(table[name][row]))) for name in ("open", "high", "low", "close")),
            table["volume"][row],
        )
        for row in range(first, first + SESSIONS)
    ]  # fmt: skip


def test_replayed_sessions_become_the_daily_bars_they_were_made_from(
    deployment: Deployment,
) -> None:
    for _ in range(SESSIONS):
        session = deployment.exchange.control.advance()["session"]
        answer = deployment.poll({}, None)
        assert answer["trades"] == 24
        assert answer["watermark"] == answer["vendor_time"]
        assert deployment.deliver() == 1
        reached = ticks.bar_store().market_time()
        assert reached == datetime.fromisoformat(answer["vendor_time"]), session
    deployment.project()
    far = datetime(2006, 1, 1, tzinfo=UTC)
    for symbol in SYMBOLS:
        bars = ticks.bar_store().bars(symbol, "1d", until=far, limit=100)
        found = [(bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in bars]
        assert found == source_bars(symbol)
    assert "Contents" not in deployment.cloud.s3.list_objects_v2(Bucket=deployment.cloud.bucket)


def test_a_poll_whose_cursor_was_lost_sends_the_same_trades_and_they_are_dropped(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.exchange.control.advance()
    deployment.poll({}, None)
    deployment.deliver()
    deployment.cloud.dynamodb.delete_item(
        TableName=deployment.cloud.leases,
        Key={"pk": {"S": "CURSOR#poll_market#alpaca"}, "sk": {"S": "-"}},
    )
    capsys.readouterr()
    assert deployment.poll({}, None)["trades"] == 24
    deployment.deliver()
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert metrics[-1]["TicksRepeated"] == [24]
    assert metrics[-1]["TicksQuarantined"] == [0]


def test_polling_again_before_the_exchange_moves_sends_nothing(deployment: Deployment) -> None:
    deployment.exchange.control.advance()
    deployment.poll({}, None)
    assert deployment.poll({}, None)["trades"] == 0
    assert deployment.deliver() == 1
