"""Stop a backtest that somebody no longer wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.backtests import BacktestRun, RunStatus
from quantumzero.domain.errors import RefusedError
from quantumzero.usecases.conflicts import decide_until_committed

if TYPE_CHECKING:
    from quantumzero.ports.backoff import Backoff
    from quantumzero.ports.backtests import BacktestExecutions, BacktestRuns
    from quantumzero.ports.clocks import MachineClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBacktest:
    """Mark first, stop then: a function that is under way sees the mark and ends by itself."""

    runs: BacktestRuns
    executions: BacktestExecutions
    clock: MachineClock
    backoff: Backoff

    def cancel(self, run_id: str) -> BacktestRun:
        """Return the cancelled run; cancelling it again is success.

        Raises NotFoundError, and RefusedError for a run that has ended otherwise.
        """
        marked = decide_until_committed(lambda: self._marked(run_id), self.backoff)
        if marked.status is RunStatus.CANCELLED:
            return marked
        self.executions.stop(marked)
        return decide_until_committed(lambda: self._cancelled(run_id), self.backoff)

    def _marked(self, run_id: str) -> BacktestRun:
        run = self.runs.run(run_id)
        if run.status in (RunStatus.CANCELLING, RunStatus.CANCELLED):
            return run
        if run.status.is_over:
            raise RefusedError(
                f"backtest {run_id} has {run.status.value}; only one that is queued or running can "
                "be cancelled"
            )
        return self.runs.save(run.moved(RunStatus.CANCELLING, self.clock.now()))

    def _cancelled(self, run_id: str) -> BacktestRun:
        run = self.runs.run(run_id)
        if run.status is not RunStatus.CANCELLING:
            return run
        return self.runs.save(run.moved(RunStatus.CANCELLED, self.clock.now()))
