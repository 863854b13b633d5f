"""Keep an execution environment whose handler raised, and replace one that died while idle.

AWS: an exception ends the invocation, not the environment; an environment that died while idle is
replaced before the next event is handed over, so the event is not lost with it.
ministack: kills the process after every exception (a retry pays a cold start), and an event
written to a dead process fails as a broken pipe.
"""

from __future__ import annotations

from typing import Any

from ministack.core import lambda_runtime

from local.emulator.sources import rewrite, rewrite_text

_BROKEN_PIPE = "Broken pipe"


def apply() -> None:
    """Keep a process that answered, and hand an undelivered event to a new one."""
    rewrite_text(
        lambda_runtime,
        "_PYTHON_WORKER_SCRIPT",
        '"type_name": type(e).__name__}',
        '"type_name": type(e).__name__, "alive": True}',
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
