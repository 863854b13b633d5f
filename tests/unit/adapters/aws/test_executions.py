"""Executions are named by their decision: starting one again is success, anything else is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from quantumzero.adapters.aws.executions import StepFunctionsTradeCycles
from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

DECISION = Decision(
    id="sma-cross-v1-AAPL-20050301T210000Z",
    strategy="sma-cross",
    version=1,
    symbol="AAPL",
    timeframe="1d",
    closes_at=datetime(2005, 3, 1, 21, 0, tzinfo=UTC),
    action=Action.ENTER_LONG,
    reason="crossed",
    price=400000,
    position=Decimal(0),
    bar_revision=0,
    percent_of_equity=Decimal(20),
)
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:trade-cycle"


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        session = botocore.session.get_session()
        yield session.create_client("stepfunctions", region_name="us-east-1")


def test_a_decision_starts_one_execution_however_often_it_is_told(states: Any) -> None:
    machine = states.create_state_machine(
        name="trade-cycle",
        definition=json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}),
        roleArn="arn:aws:iam::123456789012:role/trade-cycle",
    )["stateMachineArn"]
    cycles = StepFunctionsTradeCycles(lambda: states, machine)
    cycles.start(DECISION)
    cycles.start(DECISION)
    executions = states.list_executions(stateMachineArn=machine)["executions"]
    assert [execution["name"] for execution in executions] == [DECISION.id]
    described = states.describe_execution(executionArn=executions[0]["executionArn"])
    assert json.loads(described["input"]) == {
        "decision_id": DECISION.id,
        "strategy": "sma-cross",
        "symbol": "AAPL",
        "closes_at": "2005-03-01T21:00:00Z",
    }


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("ThrottlingException", UnavailableError),
        ("StateMachineDoesNotExist", ClientError),
    ],
)
def test_what_did_not_start_is_told(states: Any, code: str, raised: type[Exception]) -> None:
    with Stubber(states) as stub:
        stub.add_client_error("start_execution", service_error_code=code)
        with pytest.raises(raised):
            StepFunctionsTradeCycles(lambda: states, MACHINE).start(DECISION)
