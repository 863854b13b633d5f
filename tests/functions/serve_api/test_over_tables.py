"""The handler over the real adapters: tables in moto, settings from the environment, nothing faked between."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from quantumzero.adapters.aws.checkpoint import checkpoint_key
from quantumzero.bootstrap import api as bootstrap
from quantumzero.bootstrap import (
    aws,
    backtests,
    inference,
    ledger,
    lots,
    manual,
    risk,
    strategies,
    ticks,
)
from quantumzero.domain.bars import Bar, Split
from quantumzero.domain.calendars import to_us
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import default_limits
from quantumzero.ports.ledger import AccountPicture, EquitySnapshot, LedgerAlert
from tests.fakes.ledger_table import create_ledger_table
from tests.functions.serve_api.requests import DOCUMENT, HANDLER, Answer, Context, event

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSE = datetime(2005, 3, 1, 21, 0, tzinfo=UTC)
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "STAGE": "local",
    "ACCOUNT": "main",
    "MARKET_CLOCK": "data",
    "SYMBOLS": "AAPL,IBM,MSFT",
    "TABLE_LEDGER": "ledger",
    "TABLE_BARS": "bars",
    "TABLE_STRATEGIES": "strategies",
    "TABLE_DECISIONS": "decisions",
    "TABLE_LEASES": "leases",
    "API_CLIENT_IDS": "page",
    "TABLE_BACKTESTS": "backtests",
    "BUCKET_LAKE": "lake",
    "STATE_MACHINE_BACKTEST": "arn:aws:states:us-east-1:123456789012:stateMachine:backtest",
}
CACHED = (
    aws.client,
    aws._session,
    bootstrap.ready_api,
    ledger.bars,
    ledger.ledger,
    ledger.market_clock,
    ledger.halt_trading,
    lots.ready_lots,
    manual.ready_manual_orders,
    risk.decide_order,
    strategies.strategy_repository,
    strategies.decision_store,
    ticks.bar_store,
    inference.model_registry,
    backtests.backtest_runs,
    backtests.backtest_results,
    backtests.ready_backtests,
)


def forget() -> None:
    for made_once in CACHED:
        made_once.cache_clear()


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "SECRET_BROKER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    forget()
    with mock_aws():
        dynamodb = aws.client("dynamodb")
        create_ledger_table(dynamodb, "ledger")
        create_table(dynamodb, "bars")
        create_table(dynamodb, "leases")
        create_table(dynamodb, "strategies", "by_kind", "kind", "pk")
        create_table(dynamodb, "decisions", "by_time", "bucket", "sort")
        create_table(dynamodb, "backtests", "by_time", "bucket", "sort")
        yield dynamodb
    forget()


def create_table(dynamodb: Any, table: str, *index: str) -> None:
    """Create a table as the stacks describe it; index is its name, partition and sort key."""
    indexes: dict[str, Any] = {}
    if index:
        name, partition, sort = index
        indexes["GlobalSecondaryIndexes"] = [
            {
                "IndexName": name,
                "KeySchema": schema(partition, sort),
                "Projection": {"ProjectionType": "ALL"},
            }
        ]
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in sorted({"pk", "sk", *index[1:]})
        ],
        KeySchema=schema("pk", "sk"),
        **indexes,
    )


def schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def call(method: str, path: str, **parts: Any) -> Answer:
    answer = HANDLER(event(method, path, **parts), Context())
    return Answer(answer["statusCode"], answer["headers"], json.loads(answer["body"]))


def open_the_books() -> None:
    picture = AccountPicture(
        Decimal(60000), 1, [Position("AAPL", Decimal(1000), Decimal(40000), Decimal(40000), 1)]
    )
    books = ledger.ledger()
    books.initialise(picture, default_limits(Decimal(100000)), session=date(2005, 3, 1))
    books.put_equity(EquitySnapshot(CLOSE, Decimal(99000), Decimal(60000)))
    books.raise_alert(LedgerAlert("a1", CLOSE, "warning", "a stream had a gap"))
    closes_at = CLOSE + timedelta(days=1)
    bar = Bar("AAPL", "1d", closes_at - timedelta(hours=6.5), closes_at, *([425000] * 4), 1000, 4)
    ticks.bar_store().put_bars([bar])
    ticks.bar_store().put_splits([Split("AAPL", "2005-02-28", 2, 1)])


def test_an_empty_deployment_answers_every_read() -> None:
    for path in (
        "service-health",
        "portfolio",
        "positions",
        "orders",
        "lots",
        "decisions",
        "strategies",
    ):
        assert call("GET", f"/v1/{path}").status == 200
    assert call("GET", "/v1/risk").body["state"] == "HALTED"
    assert call("GET", "/v1/bars", query={"symbol": "IBM"}).body["bars"] == []


def test_the_account_is_read_from_its_tables(tables: Any) -> None:
    open_the_books()
    tables.put_item(
        TableName="leases",
        Item={
            "pk": {"S": "HEALTH#sweep_orders"},
            "sk": {"S": "-"},
            "succeeded_at": {"S": "2024-05-01T10:00:00Z"},
            "detail": {"S": "3 orders"},
        },
    )
    portfolio = call("GET", "/v1/portfolio").body
    assert (portfolio["equity"], portfolio["cash"]) == ("102500.00", "60000.00")
    assert [point["equity"] for point in portfolio["equity_curve"]] == ["99000.00"]
    assert call("GET", "/v1/positions").body["positions"][0]["unrealised_profit"] == "2500.00"
    listed = call("GET", "/v1/lots").body
    [opened] = listed["lots"]
    assert (opened["id"], opened["strategy"], opened["profit"]) == ("opening#AAPL", None, "2500")
    assert (listed["account"]["basis"], listed["differences"]) == ("40000", [])
    bars = call("GET", "/v1/bars", query={"symbol": "AAPL"}).body
    assert (bars["bars"][0]["close"], bars["splits"][0]["ex_date"]) == ("42.5000", "2005-02-28")
    health = call("GET", "/v1/service-health").body
    services = {service["service"]: service for service in health["services"]}
    assert services["sweep_orders"]["last_success"] == "2024-05-01T10:00:00Z"
    assert [alert["message"] for alert in health["alerts"]] == ["a stream had a gap"]


def test_a_document_is_stored_enabled_refused_while_halted_and_disabled() -> None:
    open_the_books()
    assert call("POST", "/v1/strategies", body={"document": DOCUMENT}).status == 201
    assert call("POST", "/v1/strategies", body={"document": DOCUMENT}).status == 200
    assert call("POST", "/v1/strategies/sma-cross/enable").body["enabled_version"] == 1
    listed = call("GET", "/v1/strategies").body["strategies"]
    assert [(each["name"], each["universe"]) for each in listed] == [
        ("sma-cross", ["AAPL", "MSFT"])
    ]
    halted = call("POST", "/v1/risk/halt", body={"reason": "odd fills"})
    assert (halted.body["state"], halted.body["halted_by"]) == ("HALTED", "ada")
    assert call("POST", "/v1/strategies/sma-cross/enable").status == 409
    assert call("POST", "/v1/risk/resume").status == 409
    ledger.ledger().record_reconcile(
        clean=True, at=datetime(2024, 5, 1, tzinfo=UTC), market_time=CLOSE
    )
    assert call("POST", "/v1/risk/resume").body["state"] == "ACTIVE"
    assert call("POST", "/v1/strategies/sma-cross/disable").body["enabled"] is False


def test_cursors_of_the_tables_are_checked() -> None:
    for path in ("/v1/orders", "/v1/lots", "/v1/decisions"):
        answer = call("GET", path, query={"cursor": "bm9uc2Vuc2U"})
        assert (answer.status, answer.body["field"]) == (422, "query.cursor")


def test_an_order_by_hand_is_written_repeated_told_and_cancelled(tables: Any) -> None:
    open_the_books()
    reached = {"N": str(to_us(CLOSE + timedelta(days=1)))}
    key = checkpoint_key("shardId-000000000000")
    tables.put_item(TableName="bars", Item={**key, "market_time": reached})
    closes_at = CLOSE + timedelta(days=1)
    bar = Bar("IBM", "1d", closes_at - timedelta(hours=6.5), closes_at, *([900000] * 4), 1000, 4)
    ticks.bar_store().put_bars([bar])
    body = {"symbol": "IBM", "side": "buy", "quantity": "10"}
    named = {"idempotency-key": "the-first-one"}
    written = call("POST", "/v1/orders", body=body, headers=named)
    assert (written.status, written.body["order"]["state"]) == (201, "INTENT")
    again = call("POST", "/v1/orders", body=body, headers=named)
    assert (again.status, again.body) == (200, written.body)
    name = written.body["order"]["client_order_id"]
    assert call("POST", f"/v1/orders/{name}/cancel").body["order"]["code"] == "CANCELED"
    told = call("GET", f"/v1/orders/{name}").body["events"]
    assert [each["event"] for each in told] == ["intended", "abandoned"]


@pytest.mark.filterwarnings("ignore:No application metrics")  # it failed before it could count
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLE_LEASES")
    with pytest.raises(Exception, match="TABLE_LEASES"):
        call("GET", "/v1/portfolio")
