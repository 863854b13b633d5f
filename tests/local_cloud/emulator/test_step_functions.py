"""Executions begin at once, are matched by exception names, and can be started twice by the same
name.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.local_cloud.emulator.cloud import Cloud

PASS = {"Only": {"Type": "Pass", "End": True}}


def test_an_execution_begins_without_a_pause(cloud: Cloud) -> None:
    machine = cloud.machine(PASS)
    cloud.ended(cloud.start(machine, "warm"))
    begun = time.monotonic()
    for number in range(5):
        cloud.start(machine, f"x{number}")
    cloud.control.wait_quiet(10)
    assert time.monotonic() - begun < 0.15


def test_retry_and_catch_match_the_class_name_of_the_exception(cloud: Cloud) -> None:
    function = cloud.function(
        """
class RetryableError(Exception): pass
class RefusedError(Exception): pass
calls = 0
def handler(event, context):
    global calls
    calls += 1
    if event["kind"] == "refused":
        raise RefusedError("no")
    if calls < 3:
        raise RetryableError("again")
    return {"calls": calls}
"""
    )
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:lambda:us-east-1:000000000000:function:{function}",
        "Retry": [{"ErrorEquals": ["RetryableError"], "IntervalSeconds": 1, "MaxAttempts": 3}],
        "Catch": [{"ErrorEquals": ["RefusedError"], "Next": "Refused"}],
        "End": True,
    }
    refused = {"Type": "Pass", "Result": "refused", "End": True}
    machine = cloud.machine({"Work": task, "Refused": refused})
    assert cloud.ended(cloud.start(machine, "no", {"kind": "refused"}))["output"] == '"refused"'
    again = cloud.ended(cloud.start(machine, "again", {"kind": "again"}))
    assert again["output"] == '{"calls": 3}'


def test_the_same_start_while_running_answers_with_the_running_execution(cloud: Cloud) -> None:
    machine = cloud.machine({"Rest": {"Type": "Wait", "Seconds": 1, "End": True}})
    first = cloud.start(machine, "one", {"a": 1})
    assert cloud.start(machine, "one", {"a": 1}) == first
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        cloud.start(machine, "one", {"a": 2})
    cloud.ended(first)
    with pytest.raises(ClientError, match="ExecutionAlreadyExists"):
        cloud.start(machine, "one", {"a": 1})
