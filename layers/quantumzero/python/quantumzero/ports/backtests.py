"""Where backtests that were asked for are kept, where their results go, and what carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from quantumzero.domain.backtests import BacktestRun


@dataclass(frozen=True, slots=True)
class Trial:
    """One result that a strategy was tried with; sharpe is the Sharpe ratio per session, None where
    it is undefined.
    """

    strategy: str
    key: str
    sharpe: float | None


class BacktestRuns(Protocol):
    """Runs by id. Errors: UnavailableError when the table does not answer."""

    def create(self, run: BacktestRun) -> BacktestRun:
        """Store the run unless one of its id is stored; return what is stored then."""

    def run(self, run_id: str) -> BacktestRun:
        """Return the run as stored now; NotFoundError when there is none."""

    def save(self, run: BacktestRun, *, trial: Trial | None = None) -> BacktestRun:
        """Store the change of a run that was read, and the trial with it; return it as stored.

        Raises ConflictError, changing nothing, when somebody else changed it since it was read.
        A trial of a key that is known already counts once.
        """

    def runs(self, *, limit: int, cursor: str | None) -> tuple[Sequence[BacktestRun], str | None]:
        """Return runs newest first and a cursor for the next page."""

    def trials(self, strategy: str) -> Sequence[Trial]:
        """Return every distinct result of the strategy, by key."""


class BacktestResults(Protocol):
    """Results by run. Writing one again replaces it by the same content."""

    def put(self, run_id: str, result: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """Keep the whole result and the part of it that a page shows."""

    def put_report(self, run_id: str, html: str) -> None:
        """Keep the report that a browser opens."""

    def view(self, run_id: str) -> Mapping[str, Any]:
        """Return the part that a page shows; NotFoundError when there is none."""

    def links(self, run_id: str, *, report: bool) -> tuple[str, str | None]:
        """Return addresses of the whole result and of the report, open to whoever holds them for
        five minutes; the second is None when no report is asked for.
        """


class BacktestExecutions(Protocol):
    """What carries runs out."""

    def start(self, run: BacktestRun) -> None:
        """Start the attempt; one that was started already counts as success."""

    def stop(self, run: BacktestRun) -> None:
        """Stop the attempt; one that is not running counts as success."""
