"""Decisions: what a strategy concluded from one closed bar, and why.

The identifier is a pure function of strategy, version, symbol and bar close, so that every repetition of
the same work names the same decision, the same execution and the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from quantumzero.domain.sizing.size_request import SizeRequest
from quantumzero.domain.strategy.document import SizingMethod

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.protection_plan import ProtectionPlan


class Action(StrEnum):
    """What to do about the bar. An entry while the other side is held turns the position: it closes that first."""

    ENTER_LONG = "enter_long"
    EXIT_LONG = "exit_long"
    ENTER_SHORT = "enter_short"
    EXIT_SHORT = "exit_short"
    HOLD = "hold"


def decision_id(strategy: str, version: int, symbol: str, closes_at: datetime) -> str:
    """Return the name of the decision, usable as an execution's name (letters, digits, hyphens; at most 80)."""
    return f"{strategy}-v{version}-{symbol.replace('.', '_')}-{closes_at:%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True, slots=True)
class Decision:
    """One strategy's conclusion about one bar.

    values holds the value of every node of the expression graph by its source text (None during warm-up);
    price is the bar's close in units of 0.0001; position is the strategy's own quantity when it decided;
    reason says in words why it acts or does not. An entry has its size, and protection where the document asks for
    it, as the bar says them. percent_of_equity is the size of decisions that were stored without one; it is 0 beside
    anything that such a decision could not say.
    """

    id: str
    strategy: str
    version: int
    symbol: str
    timeframe: str
    closes_at: datetime
    action: Action
    reason: str
    price: int
    position: Decimal
    bar_revision: int
    percent_of_equity: Decimal
    model: str | None = None
    model_threshold: Decimal | None = None
    values: Mapping[str, float | int | bool | None] = field(default_factory=dict)
    size: SizeRequest | None = None
    protection: ProtectionPlan | None = None

    @property
    def actionable(self) -> bool:
        """Whether an execution must follow."""
        return self.action is not Action.HOLD

    @property
    def entering(self) -> bool:
        """Whether a position is to be opened."""
        return self.action in (Action.ENTER_LONG, Action.ENTER_SHORT)

    @property
    def sizing(self) -> SizeRequest:
        """How large the entry is to be."""
        stored = SizeRequest(SizingMethod.PERCENT_OF_EQUITY, self.percent_of_equity)
        return self.size or stored
