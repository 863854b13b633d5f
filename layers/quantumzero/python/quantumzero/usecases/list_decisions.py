"""List what the strategies concluded and why, newest first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quantumzero.contracts.api import DecisionList, DecisionView
from quantumzero.contracts.formats import decimal_text, utc_text
from quantumzero.domain.prices import price_decimal

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Decision
    from quantumzero.ports.decisions import DecisionStore


def list_decisions(
    *,
    decisions: DecisionStore,
    strategy: str | None,
    symbol: str | None,
    limit: int,
    cursor: str | None,
) -> DecisionList:
    """Return one page of decisions; the cursor of a page continues the same filters."""
    found, next_cursor = decisions.decisions(
        strategy=strategy, symbol=symbol, limit=limit, cursor=cursor
    )
    return DecisionList(
        decisions=[decision_view(decision) for decision in found], next_cursor=next_cursor
    )


def decision_view(decision: Decision) -> DecisionView:
    """Show a decision with the value of every node by its source text."""
    return DecisionView(
        id=decision.id,
        strategy=decision.strategy,
        version=decision.version,
        symbol=decision.symbol,
        timeframe=decision.timeframe,
        closes_at=utc_text(decision.closes_at),
        action=decision.action.value,
        reason=decision.reason,
        price=decimal_text(price_decimal(decision.price)),
        position=decimal_text(decision.position),
        values={text: _shown(value) for text, value in decision.values.items()},
    )


def _shown(value: float | int | bool | None) -> float | int | bool | None:
    """JSON has no word for a number that is not finite; it is shown like a value that is not known yet."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
