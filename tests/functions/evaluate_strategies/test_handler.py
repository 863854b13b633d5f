"""The handler on table-stream events over every real adapter, with AWS as moto answers it."""

from __future__ import annotations

import base64
import importlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from quantumzero.bootstrap import aws, inference, strategies, ticks
from quantumzero.contracts.ticks import encode_bars
from quantumzero.domain.bars import Bar
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.strategy_tables import create_strategy_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2005, 2, 1, 21, tzinfo=UTC)
REGION = "eu-central-1"
DOCUMENT = """
strategy: cross
version: 1
universe: [AAPL]
timeframe: 1d
entry: {long: "cross_above(close, sma(close, 2))"}
exit: {long: "cross_below(close, sma(close, 2))"}
sizing: {percent_of_equity: 20}
"""


class Deployment:
    """The handlers with their environment, and clients to look at what they did."""

    def __init__(self) -> None:
        session = botocore.session.get_session()
        self.dynamodb: Any = session.create_client("dynamodb", region_name=REGION)
        self.stepfunctions: Any = session.create_client("stepfunctions", region_name=REGION)
        create_strategy_tables(self.dynamodb)
        create_ledger_table(self.dynamodb, "ledger")
        self.dynamodb.create_table(
            TableName="bars",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
            ],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        )
        machine = self.stepfunctions.create_state_machine(
            name="trade_cycle",
            roleArn="arn:aws:iam::123456789012:role/any",
            definition=json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}),
        )
        self.machine = machine["stateMachineArn"]

    def load(self) -> None:
        self.evaluate = importlib.reload(
            importlib.import_module("functions.evaluate_strategies.handler")
        ).handler
        self.infer = importlib.reload(
            importlib.import_module("functions.infer_signal.handler")
        ).handler

    def executions(self) -> list[str]:
        found = self.stepfunctions.list_executions(stateMachineArn=self.machine)["executions"]
        return [execution["name"] for execution in found]


def record(sequence: int, *bars: Bar, data: str | None = None) -> dict[str, Any]:
    text = data if data is not None else base64.b64encode(encode_bars(bars)).decode()
    return {
        "eventName": "INSERT",
        "dynamodb": {"SequenceNumber": str(sequence), "NewImage": {"bars": {"B": text}}},
    }


def bar(day: int, close: int) -> Bar:
    closes_at, price = START + timedelta(days=day), close * 10_000
    opens_at = closes_at - timedelta(hours=6, minutes=30)
    return Bar("AAPL", "1d", opens_at, closes_at, price, price, price, price, 100, 4)


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in {
        "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "ACCOUNT": "main",
        "TABLE_BARS": "bars", "TABLE_STRATEGIES": "strategies", "TABLE_DECISIONS": "decisions",
        "TABLE_LEDGER": "ledger", "POWERTOOLS_SERVICE_NAME": "evaluate_strategies",
        "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with mock_aws():
        made = Deployment()
        monkeypatch.setenv("STATE_MACHINE_TRADE_CYCLE", made.machine)
        caches = [
            aws._session, aws.client, ticks.bar_store, ticks.project_bars,
            strategies.strategy_repository, strategies.decision_store,
            strategies.evaluate_strategies, inference.decision_reader, inference.infer_signal,
        ]  # fmt: skip
        for cached in caches:
            cached.cache_clear()
        made.load()
        store = strategies.strategy_repository()
        store.create("cross", DOCUMENT, now=START)
        store.set_enabled("cross", 1, now=START)
        yield made
        for cached in caches:
            cached.cache_clear()


def test_an_outbox_item_becomes_bars_decisions_and_one_execution(deployment):
    event = {"Records": [record(day, bar(day, close)) for day, close in enumerate((10, 9, 11))]}
    assert deployment.evaluate(event, None) == {"batchItemFailures": []}
    assert deployment.executions() == ["cross-v1-AAPL-20050203T210000Z"]
    stored = ticks.bar_store().bars("AAPL", "1d", until=START + timedelta(days=9), limit=9)
    assert [each.close for each in stored] == [100_000, 90_000, 110_000]
    answer = deployment.infer(
        {"decision_id": "cross-v1-AAPL-20050203T210000Z", "strategy": "cross", "symbol": "AAPL",
         "closes_at": "2005-02-03T21:00:00Z"}, None,
    )  # fmt: skip
    assert answer == {"score": None, "model": "no model"}


def test_a_batch_delivered_again_starts_nothing_twice(deployment):
    event = {"Records": [record(day, bar(day, close)) for day, close in enumerate((10, 9, 11))]}
    for _ in range(3):
        assert deployment.evaluate(event, None) == {"batchItemFailures": []}
    assert len(deployment.executions()) == 1
    decisions, _ = strategies.decision_store().decisions(
        strategy="cross", symbol=None, limit=50, cursor=None
    )
    assert len(decisions) == 3


def test_what_cannot_be_read_is_asked_for_again_and_the_records_before_it_stay_done(deployment):
    event = {
        "Records": [record(1, bar(0, 10)), record(2, data="bm9uc2Vuc2U="), record(3, bar(1, 9))]
    }
    assert deployment.evaluate(event, None) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    decisions, _ = strategies.decision_store().decisions(
        strategy="cross", symbol=None, limit=50, cursor=None
    )
    assert [decision.closes_at for decision in decisions] == [START]
