"""Where strategies, their running state and their decisions are kept, and who is told of an actionable decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.decisions import Decision


@dataclass(frozen=True, slots=True)
class EnabledStrategy:
    """A stored version of a document that trades now."""

    name: str
    version: int
    document: str


@dataclass(frozen=True, slots=True)
class StrategyState:
    """A strategy's incremental state for one symbol; last_closes_at is the close of the last bar it
    has seen.

    splits_applied counts the splits of the symbol already reflected in the state.
    """

    strategy: str
    version: int
    symbol: str
    last_closes_at: datetime | None
    splits_applied: int
    evaluator: bytes


@dataclass(frozen=True, slots=True)
class UnorderedDecision:
    """An actionable decision whose order nobody has seen yet; noted_at is machine time."""

    decision: Decision
    noted_at: datetime


class EnabledStrategies(Protocol):
    def enabled(self) -> Sequence[EnabledStrategy]:
        """Return every strategy that trades now, by name."""


class DecisionReader(Protocol):
    """What was decided, and why."""

    def decision(self, strategy: str, symbol: str, closes_at: datetime) -> Decision | None:
        """Return the stored decision on that bar, if any."""

    def decisions(
        self, *, strategy: str | None, symbol: str | None, limit: int, cursor: str | None
    ) -> tuple[Sequence[Decision], str | None]:
        """Return decisions newest first and a cursor for the next page."""


class UnorderedDecisions(Protocol):
    """What was decided to do and is not known to be done: a decision to act enters with its record."""

    def unordered(self) -> Sequence[UnorderedDecision]:
        """Return them as they are now, oldest bar first."""

    def mark_ordered(self, decision: Decision) -> None:
        """Take the decision out, for good; out already changes nothing."""


class DecisionStore(DecisionReader, UnorderedDecisions, Protocol):
    """Decisions and the states they came from move together, in one transaction each."""

    def states(
        self, strategy: str, version: int, symbols: Collection[str]
    ) -> Mapping[str, StrategyState]:
        """Return the stored states by symbol; a symbol that the version has not seen is left out."""

    def commit(
        self, state: StrategyState, decision: Decision, *, previous: datetime | None
    ) -> bool:
        """Store both if the stored state still ends at previous; False when another writer was first.

        A decision to act becomes an unordered one in the same transaction.
        """


class TradeCycles(Protocol):
    def start(self, decision: Decision) -> None:
        """Start the execution named by the decision; already started or ended counts as success."""
