"""Decisions and the states they came from, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError
from quantumzero.ports.decisions import UnorderedDecision
from tests.fakes.manual_clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.decisions import Decision
    from quantumzero.ports.decisions import StrategyState


class HeldDecisions:
    """Implements DecisionStore."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, int, str], StrategyState] = {}
        self._decisions: dict[tuple[datetime, str, str], Decision] = {}
        self._unordered: dict[str, UnorderedDecision] = {}
        self.machine = ManualClock()

    def states(
        self, strategy: str, version: int, symbols: Collection[str]
    ) -> Mapping[str, StrategyState]:
        keys = ((strategy, version, symbol) for symbol in symbols)
        return {key[2]: self._states[key] for key in keys if key in self._states}

    def commit(
        self, state: StrategyState, decision: Decision, *, previous: datetime | None
    ) -> bool:
        key = (state.strategy, state.version, state.symbol)
        stored = self._states.get(key)
        bar = (decision.closes_at, decision.strategy, decision.symbol)
        if (stored.last_closes_at if stored else None) != previous or bar in self._decisions:
            return False
        self._states[key] = state
        self.hold(decision)
        if decision.actionable:
            self.note_unordered(decision)
        return True

    def note_unordered(self, decision: Decision) -> None:
        """Note a decision as one that has no order yet."""
        self._unordered[decision.id] = UnorderedDecision(decision, self.machine.now())

    def unordered(self) -> Sequence[UnorderedDecision]:
        return sorted(
            self._unordered.values(),
            key=lambda each: (
                each.decision.closes_at,
                each.decision.strategy,
                each.decision.symbol,
            ),
        )

    def mark_ordered(self, decision: Decision) -> None:
        self._unordered.pop(decision.id, None)

    def hold(self, decision: Decision) -> None:
        """Store a decision whose state does not matter to the test."""
        self._decisions[decision.closes_at, decision.strategy, decision.symbol] = decision

    def decision(self, strategy: str, symbol: str, closes_at: datetime) -> Decision | None:
        return self._decisions.get((closes_at, strategy, symbol))

    def decisions(
        self, *, strategy: str | None, symbol: str | None, limit: int, cursor: str | None
    ) -> tuple[Sequence[Decision], str | None]:
        if cursor is not None and not (cursor.isascii() and cursor.isdigit()):
            raise InvalidInputError(
                f"cursor was {cursor!r}; send next_cursor", field="query.cursor"
            )
        chosen = [
            self._decisions[key]
            for key in sorted(self._decisions, reverse=True)
            if strategy in (None, key[1]) and symbol in (None, key[2])
        ]
        start = int(cursor or 0)
        following = str(start + limit) if start + limit < len(chosen) else None
        return chosen[start : start + limit], following
