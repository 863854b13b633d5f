"""Answer a repeated StartExecution with the running execution.

AWS: for a standard state machine, the same name and input while the execution runs return its ARN
with status 200; after its end, or with another input, ExecutionAlreadyExists.
ministack: ExecutionAlreadyExists always.
"""

from __future__ import annotations

from typing import Any

from ministack.services import stepfunctions

from local.emulator.sources import rewrite


def running_twin(executions: Any, arn: str, given: str) -> Any | None:
    """Return the running execution of that name and input, or None."""
    execution = executions.get(arn)
    if execution and execution["status"] == "RUNNING" and execution["input"] == given:
        return execution
    return None


def apply() -> None:
    """Look for the running twin before refusing the name."""
    rewrite(
        stepfunctions,
        "_start_execution",
        "    if exec_arn in _executions:\n",
        '    twin = qz_running_twin(_executions, exec_arn, data.get("input", "{}"))\n'
        "    if twin is not None:\n"
        '        return json_response({"executionArn": exec_arn, "startDate": twin["startDate"]})\n'
        "    if exec_arn in _executions:\n",
        running_twin=running_twin,
    )
