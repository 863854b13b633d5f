"""Find the decision that an execution is about and decide on its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.domain.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.domain.risk.proposal import ModelVerdict
    from quantumzero.ports.decisions import DecisionReader
    from quantumzero.usecases.decide_order import DecideOrder, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRisk:
    """The risk step of a trade cycle."""

    decisions: DecisionReader
    decide: DecideOrder

    def check(
        self, *, strategy: str, symbol: str, closes_at: datetime, inference: ModelVerdict
    ) -> Verdict:
        """Return the verdict. Raises NotFoundError when no such decision is stored."""
        decision = self.decisions.decision(strategy, symbol, closes_at)
        if decision is None:
            raise NotFoundError(
                f"strategy {strategy} has no decision on {symbol} at {closes_at.isoformat()}; "
                "start an execution only for a stored decision"
            )
        return self.decide.decide(decision, inference)
