"""The workflows name real functions and real errors, and can be read from start to end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from quantumzero.domain import errors

if TYPE_CHECKING:
    from tests.stacks.assembly import Assembly

FOLDER = Path(__file__).resolve().parents[2] / "statemachines"
FILES = sorted(FOLDER.glob("*.asl.json"))
# How Lambda and Step Functions name a call that was refused or a process that died.
PLATFORM = {
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Sandbox.Timedout",
}


def states(file: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(file.read_text())["States"]
    return found


def following(state: dict[str, Any]) -> set[str]:
    branches = [*state.get("Choices", []), *state.get("Catch", []), state]
    return {branch[key] for branch in branches for key in ("Next", "Default") if key in branch}


@pytest.fixture(params=FILES, ids=lambda file: file.name.split(".")[0])
def file(request: pytest.FixtureRequest) -> Path:
    chosen: Path = request.param
    return chosen


def test_all_workflows_are_there() -> None:
    assert [file.name for file in FILES] == [
        "backtest.asl.json",
        "trade_cycle.asl.json",
        "trading_day.asl.json",
    ]


def test_every_placeholder_is_replaced_by_a_function(any_stage: Assembly) -> None:
    machines = any_stage.every("AWS::StepFunctions::StateMachine")
    assert len(machines) == len(FILES)
    for machine in machines:
        placeholders = set(re.findall(r"\$\{(\w+)\}", machine.properties["DefinitionString"]))
        replaced = machine.properties["DefinitionSubstitutions"]
        assert placeholders == set(replaced)
        for placeholder, value in replaced.items():
            logical_id = value["Fn::GetAtt"][0]
            assert logical_id.startswith(placeholder.removesuffix("Arn") + "Function")


def test_every_error_named_is_a_class_of_the_product(file: Path) -> None:
    for name, state in states(file).items():
        for error in (error for one in state.get("Retry", []) for error in one["ErrorEquals"]):
            assert error in PLATFORM or hasattr(errors, error), f"{name}: {error}"
        for error in (error for one in state.get("Catch", []) for error in one["ErrorEquals"]):
            # Whatever else goes wrong may be caught, but only to be recorded.
            assert error == "States.ALL" or hasattr(errors, error), f"{name}: {error}"


def test_every_task_is_tried_again_by_name_and_in_time(file: Path) -> None:
    tasks = {name: one for name, one in states(file).items() if one["Type"] == "Task"}
    assert tasks
    for name, task in tasks.items():
        retried = {error for one in task["Retry"] for error in one["ErrorEquals"]}
        assert retried >= {"RetryableError", "ConflictError", "UnavailableError"}, name
        assert not retried & {"States.ALL", "States.TaskFailed", "UnknownOutcomeError"}, name
        assert task["TimeoutSeconds"] > 0, name


def test_every_state_is_reached_and_leads_to_an_end(file: Path) -> None:
    all_states = states(file)
    start = json.loads(file.read_text())["StartAt"]
    reached, waiting = set(), {start}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= following(all_states[name]) - reached
    assert reached == set(all_states)
    for name, state in all_states.items():
        is_end = state["Type"] in ("Succeed", "Fail") or state.get("End")
        assert bool(is_end) != bool(following(state)), name


def test_an_execution_never_waits_for_a_fill() -> None:
    text = (FOLDER / "trade_cycle.asl.json").read_text()
    assert "waitForTaskToken" not in text
    assert '"Wait"' not in text


def test_an_order_of_unknown_outcome_is_left_to_the_sweep() -> None:
    place = states(FOLDER / "trade_cycle.asl.json")["PlaceOrder"]
    caught = {error: one["Next"] for one in place["Catch"] for error in one["ErrorEquals"]}
    assert caught == {"UnknownOutcomeError": "LeftToSweep", "StoppedError": "Stopped"}


def test_a_backtest_that_breaks_is_recorded_and_its_execution_fails() -> None:
    run, end = (
        states(FOLDER / "backtest.asl.json")[name] for name in ("RunBacktest", "EndBacktest")
    )
    caught = {error: one["Next"] for one in run["Catch"] for error in one["ErrorEquals"]}
    assert caught == {"StoppedError": "Cancelled", "States.ALL": "EndBacktest"}
    assert run["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    retried = {error for one in run["Retry"] for error in one["ErrorEquals"]}
    assert "Sandbox.Timedout" not in retried, "what took its whole time would take it again"
    assert run["TimeoutSeconds"] > 15 * 60, "the function ends before the task does"
    assert states(FOLDER / "backtest.asl.json")[end["Next"]]["Type"] == "Fail"


def test_workflows_that_order_are_standard_logged_and_traced(deployed: Assembly) -> None:
    for machine in deployed.every("AWS::StepFunctions::StateMachine"):
        assert machine.properties["StateMachineType"] == "STANDARD"
        assert machine.properties["TracingConfiguration"] == {"Enabled": True}
        logging = machine.properties["LoggingConfiguration"]
        assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)


def test_a_workflow_may_call_its_own_functions_only(any_stage: Assembly) -> None:
    for machine in any_stage.every("AWS::StepFunctions::StateMachine"):
        owner = machine.logical_id.split("Machine")[0]
        (policy,) = [
            one
            for one in any_stage.every("AWS::IAM::Policy")
            if one.logical_id.startswith(f"{owner}RoleDefaultPolicy")
        ]
        called = [
            resource
            for statement in policy.properties["PolicyDocument"]["Statement"]
            if statement["Action"] == "lambda:InvokeFunction"
            for resource in statement["Resource"]
        ]
        assert sorted(map(str, called)) == sorted(
            map(str, machine.properties["DefinitionSubstitutions"].values())
        )
