"""The handlers of the order path over their real adapters: tables on moto, the exchange simulator as the broker."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from local.exchange.control import ExchangeSettings, start_exchange
from quantumzero.adapters.aws.decision_items import decision_item, unordered_item
from quantumzero.adapters.aws.strategies import DynamoStrategies
from quantumzero.bootstrap import aws, guarantees, inference, risk, trade_updates
from quantumzero.bootstrap import ledger as order_path
from quantumzero.contracts.formats import utc_text
from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import to_us
from quantumzero.domain.decisions import Action, Decision, decision_id
from tests.fakes.ledger_table import create_ledger_table
from tests.fakes.strategy_tables import create_strategy_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.exchange.control import Exchange

REGION = "eu-central-1"
SPLIT_SESSION = "2005-02-28"


@dataclass
class Invocation:
    """What a handler sees of its invocation."""

    aws_request_id: str
    seconds: float = 60.0

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


class Deployment:
    """The functions of the order path, the broker behind them, and the market's data."""

    def __init__(self, exchange: Exchange, client: Any) -> None:
        self.exchange = exchange
        self.client = client
        self._requests = 0

    def invoke(self, function: str, event: dict[str, Any] | None = None, **named: Any) -> Any:
        """Call the function as Lambda would, a new request each time."""
        self._requests += 1
        module = importlib.import_module(f"functions.{function}.handler")
        answer = module.handler(event or {}, Invocation(f"request-{self._requests}", **named))
        return json.loads(json.dumps(answer))

    def close_bars(self) -> datetime:
        """Put the newest prices of the simulator into the bars table as daily bars; return the close."""
        clock = self.exchange.control.clock()
        closes_at = datetime.fromisoformat(clock["now"])
        prices = self.exchange.control.books(summary=True)["last_prices"]
        for symbol, price in prices.items():
            units = int(Decimal(price) * 10000)
            opens_at = closes_at - timedelta(hours=6, minutes=30)
            bar = Bar(symbol, "1d", opens_at, closes_at, units, units, units, units, 100, 4)
            order_path.bars().put_bars([bar])
        market_time = {"N": str(to_us(closes_at))}
        key = {"pk": {"S": "CHECKPOINT#shardId-000000000000"}, "sk": {"S": "-"}}
        self.client.put_item(TableName="bars", Item={**key, "market_time": market_time})
        return closes_at

    def decide(
        self, symbol: str, action: Action, *, unordered: bool = False, **changes: Any
    ) -> dict[str, Any]:
        """Store a decision on the newest bar and return the input of the execution after infer_signal."""
        closes_at = order_path.market_clock().now()
        bar = order_path.bars().bars(symbol, "1d", until=closes_at, limit=1)[-1]
        values = {
            "id": decision_id("sma-cross", 1, symbol, bar.closes_at),
            "strategy": "sma-cross",
            "version": 1,
            "symbol": symbol,
            "timeframe": "1d",
            "closes_at": bar.closes_at,
            "action": action,
            "reason": "test",
            "price": bar.close,
            "position": Decimal(0),
            "bar_revision": 0,
            "percent_of_equity": Decimal(20),
            **changes,
        }
        decision = Decision(**values)
        self.client.put_item(TableName="decisions", Item=decision_item(decision))
        if unordered:
            note = unordered_item(decision, bar.closes_at)
            self.client.put_item(TableName="decisions", Item=note)
        return {
            "decision_id": decision.id,
            "strategy": "sma-cross",
            "symbol": symbol,
            "closes_at": utc_text(bar.closes_at),
            "inference": {"score": None, "model": "no model"},
        }

    def enable(self, *, enabled: bool) -> None:
        """Let the strategy of `decide` trade, or not."""
        stored = DynamoStrategies(self.client, "strategies")
        now = datetime(2005, 1, 3, tzinfo=UTC)
        stored.create("sma-cross", "name: sma-cross", now=now)
        stored.set_enabled("sma-cross", 1 if enabled else None, now=now)

    def trade_cycle(self, symbol: str, action: Action) -> dict[str, Any]:
        """Run the two order steps of one execution; return the answer of the last that ran."""
        risk_answer = self.invoke("check_risk", self.decide(symbol, action))
        if not risk_answer["approved"]:
            return risk_answer
        return self.invoke("place_order", {"client_order_id": risk_answer["client_order_id"]})

    def run_session(self) -> None:
        """Trade one session as a replay does, fills into the ledger and bars closed."""
        self.exchange.control.open_session()
        self.invoke("prepare_session")
        self.exchange.control.run_session()
        self.invoke("sweep_orders", {"settled": True})
        self.close_bars()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    """A simulator a few sessions before a split of AAPL."""
    folder: Path = tmp_path_factory.mktemp("exchange")
    exchange = start_exchange(
        ExchangeSettings(state_dir=folder, from_date="2005-02-18", sessions=20)
    )
    exchange.control.snapshot("start")
    yield exchange
    exchange.stop()


@pytest.fixture
def deployment(running: Exchange, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Fresh tables, the simulator at its start, every cached adapter forgotten."""
    running.control.rewind("start")
    running.control.clear_faults()
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    environment = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "ACCOUNT": "main",
        "MARKET_CLOCK": "data",
        "TABLE_LEDGER": "ledger",
        "TABLE_BARS": "bars",
        "TABLE_DECISIONS": "decisions",
        "TABLE_STRATEGIES": "strategies",
        "TABLE_LEASES": "leases",
        "SYMBOLS": "AAPL,IBM,MSFT,GOOG",
        "BROKER_URL": running.url,
        "MARKET_DATA_URL": running.url,
        "TRADE_UPDATES_URL": running.trade_updates_url,
        "POWERTOOLS_SERVICE_NAME": "order_path",
        "POWERTOOLS_METRICS_NAMESPACE": "QuantumZero",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        session = botocore.session.get_session()
        client = session.create_client("dynamodb", region_name=REGION)
        create_ledger_table(client, "ledger")
        create_strategy_tables(client)
        for table in ("bars", "leases"):
            create_plain_table(client, table)
        secrets = session.create_client("secretsmanager", region_name=REGION)
        keys = json.dumps({"key_id": "local-key", "secret_key": "local-secret"})
        secret = secrets.create_secret(Name="broker", SecretString=keys)
        monkeypatch.setenv("SECRET_BROKER", secret["ARN"])
        forget()
        made = Deployment(running, client)
        made.enable(enabled=True)
        yield made
    forget()


def create_plain_table(client: Any, name: str) -> None:
    """Create a table of pk and sk without indexes."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )


def forget() -> None:
    """Forget every client, adapter and use case that a process keeps."""
    for module in (aws, order_path, inference, risk, guarantees, trade_updates):
        for each in vars(module).values():
            if hasattr(each, "cache_clear"):
                each.cache_clear()
