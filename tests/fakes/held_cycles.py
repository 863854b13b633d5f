"""Trade cycles that were started, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Decision


class HeldCycles:
    """Implements TradeCycles; starts counts every call, started holds each execution once."""

    def __init__(self) -> None:
        self.started: dict[str, Decision] = {}
        self.starts = 0

    def start(self, decision: Decision) -> None:
        self.starts += 1
        self.started.setdefault(decision.id, decision)
