"""What the transaction that reserves an order checks again: every control that shared state can outrun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.ledger_changes import RiskGuard
from quantumzero.domain.risk import (
    buying_power,
    duplicate_order,
    execution_throttle,
    message_rate,
    net_exposure,
    open_count,
    sector_exposure,
    strategy_exposure,
)
from quantumzero.domain.risk.account_risk import TradingState, permitted_states

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from quantumzero.domain.risk.account_risk import AccountRisk
    from quantumzero.domain.risk.buckets import Spend
    from quantumzero.domain.risk.proposal import Proposal


def guard_of(proposal: Proposal) -> RiskGuard:
    """Return what must still hold when the order is written.

    An exit is held to the trading state and to its strategy's part only; rates count it without a bound.
    """
    states = permitted_states(proposal.side, reducing=proposal.reducing)
    spends = _spends(proposal)
    if proposal.reducing:
        return RiskGuard(states, strategy_version=proposal.strategy_version, spends=spends)
    limits, value = proposal.account.limits, proposal.value
    sector = dict(sector_exposure.uses(proposal))
    symbol_before = limits.symbol_exposure - value
    return RiskGuard(
        states,
        limits_version=limits.version,
        gross_before=limits.gross_exposure - value,
        symbol_before=min(symbol_before, sector.pop(proposal.symbol, symbol_before)),
        reserved_before=_reserved_before(proposal),
        cash_version=proposal.cash_version,
        # Where both sides may be opened, two entries of one strategy must not miss each other.
        strategy_version=proposal.strategy_version if limits.short_selling else None,
        strategy_reserved_before=strategy_exposure.reserved_before(proposal),
        open_orders_before=open_count.orders_before(proposal),
        uses_before=sector,
        spends=spends,
        duplicate_since=duplicate_order.earliest(proposal),
    )


def counted_only(account: AccountRisk, strategy: str, *, at: datetime) -> RiskGuard:
    """Return the guard of a message that the rate counts and nothing refuses: a cancel. at is machine time."""
    spends = message_rate.message_spends(account, strategy, at=at)
    return RiskGuard(frozenset(TradingState), spends=spends)


def _reserved_before(proposal: Proposal) -> Decimal:
    """Cash and the net limit both bound what else may be reserved."""
    net = net_exposure.reserved_before(proposal)
    cash = buying_power.reserved_before(proposal)
    return cash if net is None else min(cash, net)


def _spends(proposal: Proposal) -> Sequence[Spend]:
    executions = execution_throttle.spend_of(proposal)
    return (*message_rate.spends(proposal), *((executions,) if executions else ()))
