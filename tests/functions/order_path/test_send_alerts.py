"""functions/send_alerts: what the ledger raises becomes a message on the alarm topic."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from quantumzero.bootstrap import alerts
from quantumzero.bootstrap import ledger as order_path
from quantumzero.ports.ledger import LedgerAlert
from tests.functions.order_path.conftest import REGION

if TYPE_CHECKING:
    from tests.functions.order_path.conftest import Deployment

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def queue(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A queue that hears what the topic sends."""
    session = botocore.session.get_session()
    sns = session.create_client("sns", region_name=REGION)
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sqs = session.create_client("sqs", region_name=REGION)
    url = sqs.create_queue(QueueName="mail")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
    )
    monkeypatch.setenv("TOPIC_ALARMS", topic)
    alerts.alert_mail.cache_clear()
    yield lambda: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    alerts.alert_mail.cache_clear()


def record(deployment: Deployment, alert: LedgerAlert, number: str) -> dict[str, Any]:
    """Raise the alert and return what the table's stream says of it."""
    order_path.ledger().raise_alert(alert)
    key = {"pk": {"S": "A#main"}, "sk": {"S": f"AL#2026-11-23T15:00:00.000000Z#{alert.id}"}}
    image = deployment.client.get_item(TableName="ledger", Key=key)["Item"]
    return {"dynamodb": {"SequenceNumber": number, "NewImage": image}}


def send(records: list[dict[str, Any]]) -> Any:
    module = importlib.import_module("functions.send_alerts.handler")
    module.mail = alerts.alert_mail()
    return module.handler({"Records": records}, None)


def test_every_new_alert_becomes_one_message(deployment: Deployment, queue: Any) -> None:
    alert = LedgerAlert("unresolved-qz1-x", NOW, "critical", "for 5 minutes nobody could\ntell")
    answer = send([record(deployment, alert, "1")])
    assert answer == {"batchItemFailures": []}
    [message] = queue()
    assert message["Body"].startswith("for 5 minutes nobody could\ntell\n\ncritical, account main")
    assert "alert unresolved-qz1-x" in message["Body"]


def test_what_the_topic_does_not_take_is_asked_for_again(
    deployment: Deployment, queue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOPIC_ALARMS", f"arn:aws:sns:{REGION}:123456789012:gone")
    alerts.alert_mail.cache_clear()
    records = [
        record(deployment, LedgerAlert(f"a-{number}", NOW, "warning", "one"), str(number))
        for number in range(2)
    ]
    assert send(records) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert queue() == []
