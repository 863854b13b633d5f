"""Run an execution's first state at once.

AWS: StartExecution enters the first state within milliseconds.
ministack: sleeps 150 ms at the start of every execution, most of the time that a replayed session
would take.
"""

from __future__ import annotations

from ministack.services import stepfunctions

from local.emulator.sources import rewrite


def apply() -> None:
    """Take the sleep out."""
    rewrite(stepfunctions, "_run_execution", "    time.sleep(0.15)\n", "")
