"""What one transition moves in the ledger: computed here, committed by the ledger whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import Side
from quantumzero.domain.portfolio import Position, apply_fill

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.risk.account_risk import TradingState

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class RiskGuard:
    """What must still hold when the transaction commits.

    gross_before and symbol_before are the greatest uses that leave room for this order; reserved_before the greatest
    sum of open reservations that the cash read (at cash_version) covers. strategy_version fences two exits of one
    holding.
    """

    states: frozenset[TradingState]
    limits_version: int | None = None
    gross_before: Decimal | None = None
    symbol_before: Decimal | None = None
    reserved_before: Decimal | None = None
    cash_version: int | None = None
    strategy_version: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One transition and everything that moves with it.

    position is the symbol's new position, None when nothing filled; cash, gross_used, open_reserved, pending_buy,
    pending_sell and strategy_quantity are amounts to add. at is market time, for the audit event.
    """

    transition: Transition
    at: datetime
    position: Position | None = None
    cash: Decimal = _ZERO
    gross_used: Decimal = _ZERO
    open_reserved: Decimal = _ZERO
    strategy_quantity: Decimal = _ZERO
    pending_buy: Decimal = _ZERO
    pending_sell: Decimal = _ZERO
    guard: RiskGuard | None = None

    @property
    def touches_risk(self) -> bool:
        return bool(self.gross_used or self.open_reserved)

    @property
    def touches_strategy(self) -> bool:
        return bool(self.strategy_quantity or self.pending_buy or self.pending_sell)


def change_of(
    transition: Transition, position: Position, *, at: datetime, guard: RiskGuard | None = None
) -> LedgerChange:
    """Return what the transition moves; position is the symbol's position before it."""
    before, after = transition.before, transition.after
    buying = after.terms.side is Side.BUY
    reserved = after.reserved_value - (before.reserved_value if before else _ZERO)
    pending = after.open_quantity - (before.open_quantity if before else _ZERO)
    fill = transition.fill
    moved = apply_fill(position, after.terms.side, fill) if fill else None
    exposure = moved.exposure - position.exposure if moved else _ZERO
    sign = 1 if buying else -1
    return LedgerChange(
        transition=transition,
        at=at,
        position=moved,
        cash=-sign * fill.cost if fill else _ZERO,
        gross_used=reserved + exposure,
        open_reserved=reserved,
        strategy_quantity=sign * fill.quantity if fill else _ZERO,
        pending_buy=pending if buying else _ZERO,
        pending_sell=_ZERO if buying else pending,
        guard=guard,
    )
