"""The words of a backtest, what a person may ask of one, and how far one that was asked for has come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

# research/conventions.py says what it counts; here for who may not import NumPy. A test compares them.
ENGINE_VERSION = "2"
SIDES = ("buy", "sell")
ORDER_STATES = ("open", "filled", "cancelled", "expired", "rejected")
EXIT_REASONS = (
    "signal", "stop_loss", "take_profit", "trailing_stop", "time_stop", "rebalance", "delisting",
    "margin_call", "end",
)  # fmt: skip
PURPOSES = ("entry", "exit", "rebalance", *EXIT_REASONS[1:])


class RunStatus(StrEnum):
    """How far a run has come; CANCELLING is a wish that the running function has not seen yet."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more happens to the run by itself."""
        return self in (RunStatus.FINISHED, RunStatus.FAILED, RunStatus.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestSettings:
    """Everything that was asked for.

    version is the stored version of the strategy, None for a document that came with the request.
    first and last are dates of the exchange, both included; None is the end of the stored bars.
    calendar None is the document's; limits is none or account, None is the preset's.
    """

    strategy: str
    version: int | None
    document: str
    symbols: tuple[str, ...]
    first: date | None
    last: date | None
    parameters: Mapping[str, str]
    cash: Decimal
    preset: str = "default"
    convention: str = "default"
    calendar: str | None = None
    limits: str | None = None
    accept_gaps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRun:
    """One run as stored.

    id names the request and the bars that were stored when it came; attempt counts how often it was
    started; revision grows with every change, so that of two writers one is told to read again.
    progress is 0 to 1 within stage. key names the result (equal keys, equal results); summary holds
    its headline figures as JSON. code and message say why a run failed.
    """

    id: str
    settings: BacktestSettings
    status: RunStatus
    requested_at: datetime
    requested_by: str
    changed_at: datetime
    attempt: int = 1
    revision: int = 0
    progress: float = 0.0
    stage: str = ""
    key: str | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    message: str | None = None

    @property
    def execution(self) -> str:
        """Name the execution of this attempt; the first bears the run's own name."""
        return self.id if self.attempt == 1 else f"{self.id}-{self.attempt}"

    def moved(self, status: RunStatus, now: datetime, **changes: Any) -> BacktestRun:
        """Return the run in another state."""
        return replace(self, status=status, changed_at=now, **changes)
