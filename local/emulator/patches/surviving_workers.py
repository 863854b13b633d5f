"""Keep an execution environment whose handler raised, and replace one that died while idle.

AWS: an exception ends the invocation, not the environment; an environment that died while idle is
replaced before the next event is handed over, so the event is not lost with it.
ministack: kills the process after every exception (a retry pays a cold start), fails an event
written to a dead process as a broken pipe, and when one environment cannot start kills all others
of the function in the middle of their calls.
"""

from __future__ import annotations

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.emulator.sources import rewrite, rewrite_text

_BROKEN_PIPE = "Broken pipe"


def apply() -> None:
    """Keep a process that answered, and hand an undelivered event to a new one."""
    rewrite_text(
        lambda_runtime,
        "_PYTHON_WORKER_SCRIPT",
        'traceback.format_exc(), "type_name": type(e).__name__}',
        'traceback.format_exc(), "type_name": type(e).__name__, "alive": True}',
    )
    rewrite(
        lambda_runtime.Worker,
        "invoke",
        'if response.get("status") == "error":',
        'if response.get("status") == "error" and not response.get("alive"):',
    )
    invoke = lambda_runtime.Worker.invoke

    def invoke_again_when_undelivered(worker: Any, *given: Any, **named: Any) -> Any:
        result = invoke(worker, *given, **named)
        if result.get("status") == "error" and _BROKEN_PIPE in str(result.get("error")):
            result = invoke(worker, *given, **named)
        return result

    lambda_runtime.Worker.invoke = invoke_again_when_undelivered
    rewrite(
        lambda_svc,
        "_execute_function_warm",
        "invalidate_worker(func_name, qualifier=qualifier, account=get_account_id(), "
        "region=get_region())",
        "qz_drop(worker)",
        drop=_drop,
    )


def _drop(worker: Any) -> None:
    """Take one environment out of its pool and end it."""
    with lambda_runtime._lock:
        for pool in lambda_runtime._workers.values():
            if worker in pool:
                pool.remove(worker)
    lambda_runtime.kill_workers([worker])
