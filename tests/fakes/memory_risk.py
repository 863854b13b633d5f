"""The RISK item in memory: the same conditions and the same moves as the table's one update."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.risk.account_risk import AccountRisk, TradingState, named_strategy
from quantumzero.domain.risk.buckets import strategy_executions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from quantumzero.domain.ledger_changes import LedgerChange, RiskGuard
    from quantumzero.domain.orders import OrderTerms
    from quantumzero.domain.risk.buckets import Spend

ZERO = Decimal(0)


def holds(risk: AccountRisk, guard: RiskGuard, terms: OrderTerms) -> bool:
    """Tell whether everything that the guard asks of the RISK item is so."""
    governing = risk.governing(terms.strategy, terms.symbol).state
    scopes_hold = governing in (*guard.states, TradingState.ACTIVE)
    bounds = [
        (risk.gross_used, guard.gross_before),
        (risk.symbol_used.get(terms.symbol, ZERO), guard.symbol_before),
        (risk.open_reserved, guard.reserved_before),
        (risk.strategy_reserved.get(terms.strategy, ZERO), guard.strategy_reserved_before),
        (Decimal(risk.open_orders), guard.open_orders_before),
    ]
    bounds += [(risk.symbol_used.get(name, ZERO), most) for name, most in guard.uses_before.items()]
    return (
        risk.state in guard.states
        and scopes_hold
        and guard.limits_version in (None, risk.limits.version)
        and all(most is None or used <= most for used, most in bounds)
        and all(_passes(risk.buckets.get(each.bucket), each) for each in guard.spends)
    )


def _passes(level: int | None, spend: Spend) -> bool:
    if spend.starts:
        return level is None or level <= spend.now
    return level is not None and level > spend.now and (not spend.bounded or level <= spend.latest)


def moved(risk: AccountRisk, change: LedgerChange) -> AccountRisk:
    """Return the RISK item after the change."""
    terms = change.transition.after.terms
    rejects = dict(risk.rejects)
    if change.rejected:
        rejects[terms.strategy] = rejects.get(terms.strategy, 0) + 1
    elif change.transition.fill is not None:
        rejects[terms.strategy] = 0
    buckets = dict(risk.buckets)
    for each in change.guard.spends if change.guard else ():
        buckets[each.bucket] = (
            each.after if each.starts else buckets.get(each.bucket, 0) + each.cost
        )
    return replace(
        risk,
        gross_used=risk.gross_used + change.gross_used,
        open_reserved=risk.open_reserved + change.open_reserved,
        symbol_used=_added(risk.symbol_used, terms.symbol, change.gross_used),
        strategy_reserved=_added(risk.strategy_reserved, terms.strategy, change.open_reserved),
        open_orders=risk.open_orders + change.opened,
        working=_counted(risk.working, terms.symbol, change.opened),
        rejects=rejects,
        buckets=buckets,
    )


def forgetting(risk: AccountRisk, scope: str) -> AccountRisk:
    """Return the item without the counters of the strategy whose scope is opened again."""
    strategy = named_strategy(scope)
    if strategy is None:
        return risk
    executions = strategy_executions(strategy)
    return replace(
        risk,
        rejects={name: each for name, each in risk.rejects.items() if name != strategy},
        buckets={name: each for name, each in risk.buckets.items() if name != executions},
    )


def _added(counters: Mapping[str, Decimal], name: str, amount: Decimal) -> Mapping[str, Decimal]:
    return {**counters, name: counters.get(name, ZERO) + amount} if amount else counters


def _counted(counters: Mapping[str, int], name: str, amount: int) -> Mapping[str, int]:
    return {**counters, name: counters.get(name, 0) + amount} if amount else counters
