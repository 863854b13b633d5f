"""Record what became of a backtest whose function could not say it itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain import errors
from quantumzero.domain.backtests import BacktestRun, RunStatus
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.backtests import BacktestRuns
    from quantumzero.ports.clocks import MachineClock

_TOO_LONG = ("Sandbox.Timedout", "States.Timeout")
_DIED = ("Runtime.ExitError", "Lambda.Unknown")
_LESS = "use fewer symbols or a shorter range, or run it with qz backtest on a larger machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBacktest:
    """Called by the state machine when every attempt of run_backtest has failed."""

    runs: BacktestRuns
    clock: MachineClock
    backoff: Backoff

    def end(self, run_id: str, attempt: int, *, error: str, cause: str) -> BacktestRun:
        """Mark the run failed with a sentence; one that is over, or was started again, stays as it is.

        error and cause are Step Functions' words: the class of the error and Lambda's answer.
        """
        code, message = in_words(error, cause)
        return decide_until_committed(
            lambda: self._ended(run_id, attempt, code, message), self.backoff
        )

    def _ended(self, run_id: str, attempt: int, code: str, message: str) -> BacktestRun:
        run = self.runs.run(run_id)
        if run.status.is_over or run.attempt != attempt:
            return run
        now = self.clock.now()
        if run.status is RunStatus.CANCELLING:
            return self.runs.save(run.moved(RunStatus.CANCELLED, now))
        failed = run.moved(RunStatus.FAILED, now, stage="failed", code=code, message=message)
        return self.runs.save(failed)


def in_words(error: str, cause: str) -> tuple[str, str]:
    """Return the code and the sentence of a failure; nothing of the inside is shown."""
    if error in _TOO_LONG:
        return "timed_out", f"the backtest took longer than 15 minutes; {_LESS}"
    if error in _DIED:
        return "died", f"the process of the backtest died, most likely of too much data; {_LESS}"
    known = getattr(errors, error, None)
    if isinstance(known, type) and issubclass(known, errors.QuantumZeroError):
        return "failed", _said(cause) or f"the backtest failed with {error}; start it again"
    return (
        "internal_error",
        "something failed on our side; start it again, and name the backtest's id if it stays",
    )


def _said(cause: str) -> str:
    """Lambda's cause is JSON text with errorMessage."""
    try:
        answer = json.loads(cause)
    except ValueError:
        return ""
    return str(answer.get("errorMessage", "")) if isinstance(answer, dict) else ""
