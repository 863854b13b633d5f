"""What one transition moves in the ledger: computed here, committed by the ledger whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.orders import OrderState, Side
from quantumzero.domain.portfolio import Position, apply_fill

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.risk.account_risk import TradingState
    from quantumzero.domain.risk.buckets import Spend

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class RiskGuard:
    """What must still hold when the transaction commits.

    gross_before and symbol_before are the greatest uses that leave room for this order; reserved_before the greatest
    sum of open reservations that the cash read (at cash_version) covers. strategy_version fences two exits of one
    holding. strategy_reserved_before and open_orders_before leave room for the order's strategy and its count;
    uses_before are the greatest uses of other symbols, spends what the order takes from rates. With duplicate_since
    the same order of the strategy may not have been written later than that.
    """

    states: frozenset[TradingState]
    limits_version: int | None = None
    gross_before: Decimal | None = None
    symbol_before: Decimal | None = None
    reserved_before: Decimal | None = None
    cash_version: int | None = None
    strategy_version: int | None = None
    strategy_reserved_before: Decimal | None = None
    open_orders_before: int | None = None
    uses_before: Mapping[str, Decimal] = field(default_factory=dict)
    spends: Sequence[Spend] = ()
    duplicate_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One transition and everything that moves with it.

    position is the symbol's new position, None when nothing filled; cash, gross_used, open_reserved, pending_buy,
    pending_sell, resting and strategy_quantity are amounts to add. at is market time, for the audit event. companions
    are steps of other orders of the same strategy and symbol that must happen with it or not at all; they fill nothing.
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
    resting: Decimal = _ZERO
    guard: RiskGuard | None = None
    companions: tuple[Transition, ...] = ()

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Every order's step, the one that the change is about first."""
        return (self.transition, *self.companions)

    @property
    def opened(self) -> int:
        """How many open orders there are more: 1, 0 or -1."""
        return sum(_opened(each) for each in self.transitions)

    @property
    def rejected(self) -> bool:
        """Whether the broker has just refused the order."""
        before, after = self.transition.before, self.transition.after
        return after.state is OrderState.REJECTED and (
            before is None or before.state is not after.state
        )

    @property
    def touches_risk(self) -> bool:
        spends = self.guard is not None and bool(self.guard.spends)
        return bool(self.gross_used or self.open_reserved or self.opened or self.rejected or spends)

    @property
    def touches_strategy(self) -> bool:
        pending = self.pending_buy or self.pending_sell or self.resting
        return bool(self.strategy_quantity or pending)


def change_of(
    transition: Transition,
    position: Position,
    *,
    at: datetime,
    guard: RiskGuard | None = None,
    companions: tuple[Transition, ...] = (),
) -> LedgerChange:
    """Return what the transition moves with its companions; position is the symbol's position before it."""
    steps = (transition, *companions)
    reserved = sum((_reserved(each) for each in steps), _ZERO)
    side, fill = transition.after.terms.side, transition.fill
    moved = apply_fill(position, side, fill) if fill else None
    exposure = moved.exposure - position.exposure if moved else _ZERO
    sign = 1 if side is Side.BUY else -1
    return LedgerChange(
        transition=transition,
        at=at,
        position=moved,
        cash=-sign * fill.cost if fill else _ZERO,
        gross_used=reserved + exposure,
        open_reserved=reserved,
        strategy_quantity=sign * fill.quantity if fill else _ZERO,
        pending_buy=_pending(steps, Side.BUY),
        pending_sell=_pending(steps, Side.SELL),
        resting=sum((_resting(each) for each in steps), _ZERO),
        guard=guard,
        companions=companions,
    )


def _opened(step: Transition) -> int:
    was = step.before is not None and step.before.at_large
    return int(step.after.at_large) - int(was)


def _reserved(step: Transition) -> Decimal:
    return step.after.reserved_value - (step.before.reserved_value if step.before else _ZERO)


def _pending(steps: tuple[Transition, ...], side: Side) -> Decimal:
    """Return how much more the orders of that side may fill now than before."""
    return sum(
        (
            each.after.pending_quantity - (each.before.pending_quantity if each.before else _ZERO)
            for each in steps
            if each.after.terms.side is side
        ),
        _ZERO,
    )


def _resting(step: Transition) -> Decimal:
    """Return how much more waits for its price at the broker now than before."""
    return step.after.resting_quantity - (step.before.resting_quantity if step.before else _ZERO)
