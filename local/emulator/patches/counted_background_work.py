"""Count invocations that nobody waits for, so that "quiet" can include them.

AWS: asynchronous invocations and event bus deliveries run after their call has returned.
ministack: runs them on detached threads that nothing can see. The threads stay; each is counted
from before it starts until it ends. A function marked QZ_LONG_RUNNING=1 (it holds a connection
for minutes) is not counted.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ministack.services import eventbridge, lambda_svc

from local.emulator.lifecycle import ACTIVITY
from local.emulator.sources import rewrite

if TYPE_CHECKING:
    from collections.abc import Callable

LONG_RUNNING_VARIABLE = "QZ_LONG_RUNNING"


class BackgroundWork:
    """The number of detached invocations that have been asked for and have not ended."""

    def __init__(self) -> None:
        """Start with none."""
        self._lock = threading.Lock()
        self.pending = 0

    def start(self, function: dict[str, Any], work: Callable[..., Any], *given: Any) -> None:
        """Run the work on a thread of its own and count it until it ends."""
        weight = 0 if is_long_running(function.get("config") or function) else 1

        def run() -> None:
            try:
                work(*given)
            finally:
                self._add(-weight)

        self._add(weight)
        threading.Thread(target=run, daemon=True, name="background-invocation").start()

    def _add(self, number: int) -> None:
        with self._lock:
            self.pending += number
        ACTIVITY.note()


BACKGROUND_WORK = BackgroundWork()


def is_long_running(config: dict[str, Any]) -> bool:
    """Tell whether a function's environment marks it as one that runs for minutes by design."""
    variables = (config.get("Environment") or {}).get("Variables") or {}
    return bool(variables.get(LONG_RUNNING_VARIABLE) == "1")


def apply() -> None:
    """Start detached invocations through the counter."""
    rewrite(
        lambda_svc,
        "invoke_async_with_retry",
        "    threading.Thread(target=ctx_snapshot.run, args=(_run,), daemon=True).start()\n",
        "    qz_background.start(func, ctx_snapshot.run, _run)\n",
        background=BACKGROUND_WORK,
    )
    rewrite(
        eventbridge,
        "_dispatch_to_lambda",
        _EVENT_BUS_THREAD,
        _EVENT_BUS_COUNTED,
        background=BACKGROUND_WORK,
    )


_EVENT_BUS_THREAD = """\
    threading.Thread(
        target=lambda_svc._execute_function_with_config_scope, args=(exec_record, event), daemon=True
    ).start()
"""
_EVENT_BUS_COUNTED = """\
    qz_background.start(
        exec_record, lambda_svc._execute_function_with_config_scope, exec_record, event
    )
"""
