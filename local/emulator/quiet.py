"""Tell whether anything in the emulator still has work to do."""

from __future__ import annotations

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, sqs, stepfunctions

from local.emulator.lifecycle import ACTIVITY
from local.emulator.mappings.sources import Scope, source_of
from local.emulator.patches.counted_background_work import BACKGROUND_WORK, is_long_running


def reading() -> dict[str, Any]:
    """Return what is under way and whether that is nothing.

    Every hop registers its output before its input is acknowledged, so the sum is never zero
    while work is between two hops; `activity` lets a caller see that nothing happened between two
    readings.
    """
    behind = _behind()
    executions = _running_executions()
    busy = [worker["function"] for worker in workers() if worker["busy"]]
    pending = BACKGROUND_WORK.pending
    return {
        "behind": behind,
        "running_executions": executions,
        "busy_workers": busy,
        "pending_async_invokes": pending,
        "activity": ACTIVITY.count,
        "quiet": not (any(behind.values()) or executions or busy or pending),
    }


def settled() -> bool:
    """Tell whether nothing is under way; the cheap questions come first, and end the answer."""
    return not (
        BACKGROUND_WORK.pending
        or any(worker["busy"] for worker in workers())
        or any(_behind().values())
        or _running_executions()
    )


def workers() -> list[dict[str, Any]]:
    """Return every execution environment: its function, process, and whether it is in a call."""
    with lambda_runtime._lock:
        known = [worker for pool in lambda_runtime._workers.values() for worker in pool]
    return [
        {
            "function": worker.func_name,
            "pid": process.pid if (process := worker._proc) is not None else None,
            "busy": worker.in_use and not is_long_running(worker.config),
            "long_running": is_long_running(worker.config),
        }
        for worker in known
    ]


def _behind() -> dict[str, int]:
    return {
        f"{mapping['FunctionName']} from {_source_name(mapping)}": _records_behind(
            Scope(account, region), mapping
        )
        for account, region, mapping in list(lambda_svc._iter_all_esms())
        if mapping.get("Enabled", True)
    }


def _records_behind(scope: Scope, mapping: dict[str, Any]) -> int:
    source = source_of(scope, mapping)
    if source is not None:
        return source.behind()
    queue = sqs._queue_by_arn(mapping["EventSourceArn"])
    in_flight = int(lambda_svc._esm_inflight.get(mapping["UUID"], 0))
    return in_flight + (len(queue["messages"]) if queue else 0)


def _source_name(mapping: dict[str, Any]) -> str:
    arn = str(mapping.get("EventSourceArn", ""))
    return arn.split("/stream/", maxsplit=1)[0].replace("/", ":").rsplit(":", 1)[-1]


def _running_executions() -> int:
    executions = list(stepfunctions._executions._data.values())
    return sum(execution["status"] == "RUNNING" for execution in executions)
