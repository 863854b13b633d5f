"""`qz halt` on the deployed stacks while the functions are broken: nothing can be sent from the write on."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from cli.halt_command import halt
from local.clients import client
from local.cloud import LocalCloud
from local.exchange.control import ExchangeControl
from local.ports import HOST
from local.replay.supervisor import FunctionFailedError, Replay
from local.settings import LocalSettings, Ports
from quantumzero.adapters.aws.ledger import DynamoLedger
from quantumzero.domain import order_lifecycle
from quantumzero.domain.ledger_changes import change_of
from quantumzero.domain.orders import OrderTerms, Side
from quantumzero.domain.portfolio import Position
from quantumzero.domain.risk.account_risk import TradingState
from quantumzero.ports.ledger import LedgerAlert
from tests.local_cloud.emulator.cloud import until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(300)
# Whatever an operator would ask for help; place_order stays whole, so that something could still send.
BROKEN = ("serve_api", "sweep_orders", "reconcile_account", "check_risk")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    home = tmp_path_factory.mktemp("halt")
    cloud = LocalCloud.create(LocalSettings(home=home, ports=Ports(0, 0, 0, 0)), print)
    try:
        cloud.start(fresh=True)
        yield cloud
    finally:
        cloud.stop()


def ledger_of(cloud: LocalCloud) -> DynamoLedger:
    table = cloud.outputs["LedgerTableName"]
    return DynamoLedger(client("dynamodb", cloud.endpoint), table=table, account="main")


def intend(ledger: DynamoLedger, name: str, at: datetime) -> str:
    """Approve an order as check_risk does, and leave it for whoever sends."""
    terms = OrderTerms(name, "decision", "by-hand", "AAPL", Side.BUY, Decimal(1))
    step = order_lifecycle.intend(
        terms, at=at, recorded_at=datetime.now(UTC), reference_price=Decimal(10)
    )
    ledger.commit(change_of(step, Position("AAPL"), at=at))
    return name


def place(cloud: LocalCloud, name: str) -> str:
    return str(cloud.invoke("place_order", {"client_order_id": name})["state"])


def qz_halt(*words: str) -> str:
    """Type the command; return what it said on one line."""
    app = typer.Typer()
    app.command()(halt)
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def silent_sweep(cloud: LocalCloud) -> str:
    """Return the name of the alarm on a silent sweep."""
    pages = client("cloudwatch", cloud.endpoint).get_paginator("describe_alarms").paginate()
    [name] = [
        alarm["AlarmName"]
        for page in pages
        for alarm in page["MetricAlarms"]
        if cloud.outputs["DeadManTopicArn"] in alarm["AlarmActions"]
    ]
    return str(name)


def test_a_silent_sweep_halts_and_a_person_is_told_of_what_the_ledger_raises(
    cloud: LocalCloud,
) -> None:
    replay = Replay(cloud, barrier_every=20)
    replay.stop_after = 1
    replay.run()
    ledger, sqs = ledger_of(cloud), client("sqs", cloud.endpoint)
    url = sqs.create_queue(QueueName="mail")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    client("sns", cloud.endpoint).subscribe(
        TopicArn=cloud.outputs["AlarmTopicArn"],
        Protocol="sqs",
        Endpoint=attributes["Attributes"]["QueueArn"],
    )
    text = "for 5 minutes nobody could tell whether qz1-x was sent"
    ledger.raise_alert(LedgerAlert("unresolved-qz1-x", datetime.now(UTC), "critical", text))

    def told() -> bool:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return any(text in message["Body"] for message in found)

    until(told, 30)
    client("cloudwatch", cloud.endpoint).set_alarm_state(
        AlarmName=silent_sweep(cloud), StateValue="ALARM", StateReason="no datapoints"
    )
    until(lambda: ledger.risk().state is TradingState.HALTED, 30)
    risk = ledger.risk()
    assert risk.changed_by == "dead man's switch"
    assert "sweep_orders has not succeeded for 3 minutes" in str(risk.reason)
    assert cloud.invoke("reconcile_account", {})["clean"]
    qz_halt("looked at it", "--resume", "--home", str(cloud.settings.home))
    assert ledger.risk().state is TradingState.ACTIVE


@contextmanager
def broken(cloud: LocalCloud) -> Iterator[None]:
    """Break the functions for a while: their handlers are not where they are looked for."""
    functions = client("lambda", cloud.endpoint)

    def name_handlers(handler: str) -> None:
        for name in BROKEN:
            functions.update_function_configuration(
                FunctionName=cloud.function_name(name), Handler=handler
            )

    name_handlers("handler.gone")
    try:
        yield
    finally:
        name_handlers("handler.handler")


def test_with_the_api_and_the_sweep_broken_one_write_stops_every_send(cloud: LocalCloud) -> None:
    replay = Replay(cloud, barrier_every=20)
    replay.stop_after = 1
    replay.run()
    ledger, home = ledger_of(cloud), str(cloud.settings.home)
    exchange = ExchangeControl(f"http://{HOST}:{cloud.ports['exchange-admin']}")
    at = datetime.fromisoformat(exchange.clock()["now"])
    before = intend(ledger, "qz1-before-the-halt", at)
    assert place(cloud, before) == "ACCEPTED"
    with broken(cloud):
        for name in ("sweep_orders", "reconcile_account"):
            with pytest.raises(FunctionFailedError):
                cloud.invoke(name, {})
        after = intend(ledger, "qz1-after-the-halt", at)
        assert "it is HALTED by" in qz_halt("the sweep is broken", "--home", home)
        assert ledger.risk().state is TradingState.HALTED
        assert place(cloud, after) == "INTENT"
        orders = {each["client_order_id"] for each in exchange.books()["orders"]}
        assert before in orders
        assert after not in orders
        # The same by the address and the table's name alone, as for a table on AWS.
        options = ["--table", cloud.outputs["LedgerTableName"], "--endpoint", cloud.endpoint]
        assert "it was HALTED by" in qz_halt("again", "--region", "us-east-1", *options)
    cloud.invoke("sweep_orders", {"settled": True})
    assert exchange.summary()["open_order_count"] == 0
    assert cloud.invoke("reconcile_account", {})["clean"]
    qz_halt("mended", "--resume", "--home", home)
    assert ledger.risk().state is TradingState.ACTIVE
