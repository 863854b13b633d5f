"""Start executions again that were running when the emulator stopped.

AWS: an execution outlives every process.
ministack: fails it with States.ServiceRestart, and its name can never be used again, so the
decision it stands for would never be traded. It now starts again from its first state, which is
safe because every step of ours may run twice. Parts of another execution (children of a map, and
synchronous executions, whose caller is gone) stay failed.
"""

from __future__ import annotations

from typing import Any

from ministack.core import responses
from ministack.services import stepfunctions

from local.emulator.lifecycle import when_ready
from local.emulator.sources import expect


def apply() -> None:
    """Note the running executions before the restore fails them, and start them when ready."""
    restore = stepfunctions.load_persisted_state
    expect(stepfunctions._restore_state, 'exc["error"] = "States.ServiceRestart"')

    def restore_and_resume(data: dict[str, Any] | None) -> None:
        running = _running(data)
        restore(data)
        for account, region, arn in running:
            _resume(account, region, arn)

    stepfunctions.load_persisted_state = restore_and_resume


def _running(data: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    executions = (data or {}).get("executions")
    stored = getattr(executions, "_data", {})
    return [
        (account, region, arn)
        for (account, region, arn), execution in stored.items()
        if execution.get("status") == "RUNNING"
        and not execution.get("sync")
        and not execution.get("mapRunArn")
    ]


def _resume(account: str, region: str, arn: str) -> None:
    execution = stepfunctions._executions.get_scoped(account, region, arn)
    execution.update(status="RUNNING", stopDate=None, events=execution["events"][:1])
    execution.pop("error", None)
    execution.pop("cause", None)

    def run() -> None:
        responses._request_account_id.set(account)
        responses._request_region.set(region)
        stepfunctions._run_execution(arn)

    when_ready(run, f"resumed-{execution['name']}")
