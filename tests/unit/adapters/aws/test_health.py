"""Heartbeats as they are written are read back, and what the table left out is asked for again."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber

from quantumzero.adapters.aws.health import DynamoHeartbeatReader
from quantumzero.adapters.aws.leases import DynamoHeartbeats
from quantumzero.domain.errors import UnavailableError
from quantumzero.ports.health import Heartbeat
from tests.fakes.manual_clock import ManualClock, NoBackoff


def key(service: str) -> dict[str, Any]:
    return {"pk": {"S": f"HEALTH#{service}"}, "sk": {"S": "-"}}


def test_a_beat_is_read_back_and_an_unprocessed_key_is_asked_for_again() -> None:
    dynamodb = botocore.session.get_session().create_client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  # no secret: the stub answers
    )
    clock = ManualClock()
    written = {**key("sweep_orders"), "succeeded_at": {"S": "2005-03-01T21:00:00Z"}}
    written["detail"] = {"S": "3 orders"}
    both = {"leases": {"Keys": [key("poll_market"), key("sweep_orders")]}}
    rest = {"leases": {"Keys": [key("sweep_orders")]}}
    with Stubber(dynamodb) as stub:
        stub.add_response("put_item", {}, {"TableName": "leases", "Item": written})
        stub.add_response(
            "batch_get_item",
            {"Responses": {"leases": []}, "UnprocessedKeys": rest},
            {"RequestItems": both},
        )
        stub.add_response(
            "batch_get_item", {"Responses": {"leases": [written]}}, {"RequestItems": rest}
        )
        DynamoHeartbeats(dynamodb, "leases", clock).beat("sweep_orders", detail="3 orders")
        found = DynamoHeartbeatReader(dynamodb, "leases", NoBackoff()).heartbeats(
            ["poll_market", "sweep_orders"]
        )
    assert found == [Heartbeat("sweep_orders", clock.now(), "3 orders")]


def test_heartbeats_that_stay_unread_are_an_answer_that_did_not_come() -> None:
    class Overloaded:
        def batch_get_item(self, **request: Any) -> dict[str, Any]:
            return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}

    backoff = NoBackoff()
    with pytest.raises(UnavailableError, match="1 heartbeats"):
        DynamoHeartbeatReader(Overloaded(), "leases", backoff).heartbeats(["poll_market"])
    assert backoff.waits == 5
