"""Executions: started once by name, stopped whether they run or not."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto import mock_aws

from quantumzero.adapters.aws.backtest_executions import StepFunctionsBacktests
from tests.contract.backtests.conftest import asked
from tests.fakes.held_backtests import HeldBacktestExecutions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEFINITION = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
ROLE = "arn:aws:iam::123456789012:role/any"


@dataclass
class Executions:
    """Executions of one kind, and the names of those that were started and stopped."""

    port: Any
    started: Callable[[], list[str]]
    stopped: Callable[[], list[str]]


@pytest.fixture(params=["memory", "aws"])
def executions(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Executions]:
    if request.param == "memory":
        held = HeldBacktestExecutions()
        yield Executions(held, lambda: held.started, lambda: held.stopped)
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        session = botocore.session.get_session()
        states = session.create_client("stepfunctions", region_name="eu-central-1")
        machine = states.create_state_machine(
            name="backtest", definition=json.dumps(DEFINITION), roleArn=ROLE
        )["stateMachineArn"]

        def named(*status: str) -> list[str]:
            found = states.list_executions(stateMachineArn=machine)["executions"]
            return sorted(one["name"] for one in found if not status or one["status"] in status)

        port = StepFunctionsBacktests(lambda: states, machine)
        yield Executions(port, named, lambda: named("ABORTED"))


def test_an_attempt_is_started_once_under_its_own_name(executions: Executions) -> None:
    for run in (asked("a"), asked("a"), replace(asked("a"), attempt=2)):
        executions.port.start(run)
    assert executions.started() == ["a", "a-2"]
    assert executions.stopped() == []


def test_a_started_attempt_is_stopped_and_stopping_it_again_is_success(
    executions: Executions,
) -> None:
    executions.port.start(asked("a"))
    executions.port.stop(asked("a"))
    assert executions.stopped() == ["a"]
    executions.port.stop(asked("a"))


def test_stopping_what_never_started_is_success(executions: Executions) -> None:
    executions.port.stop(asked("b"))


def test_a_stopped_attempt_is_not_started_again_under_its_name(executions: Executions) -> None:
    executions.port.start(asked("a"))
    executions.port.stop(asked("a"))
    executions.port.start(asked("a"))
    assert executions.started() == ["a"]
