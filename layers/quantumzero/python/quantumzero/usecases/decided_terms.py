"""From a decision to the terms of its order, over the account as it was read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.order_identity import order_id_of
from quantumzero.domain.orders import Leg, OrderClass, OrderTerms, Side
from quantumzero.domain.prices import price_decimal
from quantumzero.domain.sizing import entry_money, entry_size

if TYPE_CHECKING:
    from quantumzero.domain.protection_plan import ProtectionPlan
    from quantumzero.ports.ledger import StrategyHolding
    from quantumzero.usecases.order_facts import Reading

_ZERO = Decimal(0)


def terms_of(account: str, decision: Decision, reading: Reading) -> OrderTerms:
    """Return what the decision asks for: an exit closes everything, an entry against a position turns it.

    An entry against a position whose own size is nothing only closes it.
    """
    side = side_of(decision)
    held = abs(closable(reading.own, side))
    entry = _entry(decision, reading)
    plan = decision.protection if entry else None
    return OrderTerms(
        client_order_id=order_id_of(account, decision),
        decision_id=decision.id,
        strategy=decision.strategy,
        symbol=decision.symbol,
        side=side,
        quantity=entry + held,
        notional=None if held or not entry else _money(decision, reading),
        leg=Leg.ENTRY if decision.entering else Leg.EXIT,
        reduce_only=decision.action is Action.EXIT_SHORT,
        opens_short=decision.action is Action.ENTER_SHORT,
        order_class=_class_of(plan),
        protection=plan,
    )


def side_of(decision: Decision) -> Side:
    """Return the side of the decision's order."""
    buys = decision.action in (Action.ENTER_LONG, Action.EXIT_SHORT)
    return Side.BUY if buys else Side.SELL


def closable(own: StrategyHolding, side: Side) -> Decimal:
    """Return what an order of the side may close of the strategy's part, less what working orders already close."""
    free = max(own.free(side), _ZERO)
    return free if side is Side.SELL else -free


def _entry(decision: Decision, reading: Reading) -> Decimal:
    if not decision.entering:
        return _ZERO
    price = price_decimal(decision.price)
    return entry_size(decision.sizing, reading.equity, price).quantity


def _money(decision: Decision, reading: Reading) -> Decimal | None:
    """Return what an entry in parts of a share may cost, None for one that is counted in shares."""
    if decision.action is not Action.ENTER_LONG or not decision.sizing.by_money:
        return None
    return entry_money(decision.sizing, reading.equity)


def _class_of(plan: ProtectionPlan | None) -> OrderClass:
    """Return how the entry's legs hang together: with a stop and a target, or with one kind of leg."""
    if plan is None:
        return OrderClass.SIMPLE
    stops = plan.stop_loss is not None or plan.trailing_stop is not None
    return OrderClass.BRACKET if stops and plan.take_profit is not None else OrderClass.OTO
