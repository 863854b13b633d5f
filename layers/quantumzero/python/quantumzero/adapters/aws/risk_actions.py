"""What one change does to the one RISK item: a single condition checks it and a single update moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_table import Item, LedgerTable, Value, attribute
from quantumzero.adapters.aws.risk_items import (
    BUCKET_PREFIX,
    REJECTS_PREFIX,
    SCOPE_PREFIX,
    STRATEGY_PREFIX,
    USED_PREFIX,
    WORKING_PREFIX,
)
from quantumzero.domain.risk.account_risk import TradingState, strategy_scope, symbol_scope

if TYPE_CHECKING:
    from quantumzero.domain.ledger_changes import LedgerChange, RiskGuard
    from quantumzero.domain.orders import OrderTerms
    from quantumzero.domain.risk.buckets import Spend


class _Expression:
    """The parts of one condition and update, with the names and values that they use."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.sets: list[str] = []
        self.adds: list[str] = []
        self.names: dict[str, str] = {}
        self.values: Item = {}

    def name(self, short: str, attribute_name: str) -> str:
        self.names[f"#{short}"] = attribute_name
        return f"#{short}"

    def value(self, short: str, value: Value) -> str:
        self.values[f":{short}"] = attribute(value)
        return f":{short}"

    def add(self, name: str, amount: str) -> None:
        self.adds.append(f"{name} {amount}")


def risk_action(table: LedgerTable, change: LedgerChange) -> dict[str, Any]:
    """Return the update of the RISK item, or only the check of its condition when nothing moves."""
    made = _Expression()
    terms = change.transition.after.terms
    if change.guard is None:
        made.conditions.append("attribute_exists(pk)")
    else:
        _require(made, change.guard, terms)
    if change.touches_risk:
        _move(made, change, terms)
    action: dict[str, Any] = {
        "TableName": table.table,
        "Key": table.key("RISK"),
        "ConditionExpression": " AND ".join(made.conditions),
    }
    update = [f"SET {', '.join(made.sets)}"] if made.sets else []
    update += [f"ADD {', '.join(made.adds)}"] if made.adds else []
    if update:
        action["UpdateExpression"] = " ".join(update)
    if made.names:
        action["ExpressionAttributeNames"] = made.names
    if made.values:
        action["ExpressionAttributeValues"] = made.values
    return {"Update" if update else "ConditionCheck": action}


def _move(made: _Expression, change: LedgerChange, terms: OrderTerms) -> None:
    if change.gross_used:
        gross = made.value("gross", change.gross_used)
        made.add("gross_used", gross)
        made.add(made.name("used", f"{USED_PREFIX}{terms.symbol}"), gross)
    if change.open_reserved:
        reserved = made.value("reserved", change.open_reserved)
        made.add("open_reserved", reserved)
        made.add(made.name("promised", f"{STRATEGY_PREFIX}{terms.strategy}"), reserved)
    if change.opened:
        opened = made.value("opened", change.opened)
        made.add("open_count", opened)
        made.add(made.name("working", f"{WORKING_PREFIX}{terms.symbol}"), opened)
    rejects = f"{REJECTS_PREFIX}{terms.strategy}"
    if change.rejected:
        made.add(made.name("rejects", rejects), made.value("one", 1))
    elif change.transition.fill is not None:
        made.sets.append(f"{made.name('rejects', rejects)} = {made.value('none', 0)}")
    for index, each in enumerate(change.guard.spends if change.guard else ()):
        _spend(made, each, index)


def _spend(made: _Expression, spend: Spend, index: int) -> None:
    """Start a bucket of which nothing is spent from now; move any other forward."""
    bucket = made.name(f"bucket{index}", f"{BUCKET_PREFIX}{spend.bucket}")
    now = made.value(f"now{index}", spend.now)
    if spend.starts:
        made.conditions.append(f"(attribute_not_exists({bucket}) OR {bucket} <= {now})")
        made.sets.append(f"{bucket} = {made.value(f'level{index}', spend.after)}")
        return
    made.conditions.append(f"{bucket} > {now}")
    if spend.bounded:
        made.conditions.append(f"{bucket} <= {made.value(f'latest{index}', spend.latest)}")
    made.add(bucket, made.value(f"cost{index}", spend.cost))


def _require(made: _Expression, guard: RiskGuard, terms: OrderTerms) -> None:
    """Add what must hold of states, limits and uses."""
    states = sorted(guard.states)
    named = [made.value(f"state{index}", each.value) for index, each in enumerate(states)]
    made.conditions.append(f"{made.name('state', 'state')} IN ({', '.join(named)})")
    permitted = [
        value
        for state, value in zip(states, named, strict=True)
        if state is not TradingState.ACTIVE
    ]
    scopes = {"strategy": strategy_scope(terms.strategy), "symbol": symbol_scope(terms.symbol)}
    for short, scope in scopes.items():
        name = made.name(f"{short}_scope", f"{SCOPE_PREFIX}{scope}")
        cases = [f"attribute_not_exists({name})"]
        cases += [f"begins_with({name}, {value})" for value in permitted]
        made.conditions.append(f"({' OR '.join(cases)})")
    if guard.limits_version is not None:
        made.conditions.append(f"limits_version = {made.value('limits', guard.limits_version)}")
    _bound(made, guard, terms)


def _bound(made: _Expression, guard: RiskGuard, terms: OrderTerms) -> None:
    if guard.gross_before is not None:
        made.conditions.append(f"gross_used <= {made.value('gross_before', guard.gross_before)}")
    if guard.reserved_before is not None:
        bound = made.value("reserved_before", guard.reserved_before)
        made.conditions.append(f"open_reserved <= {bound}")
    # A counter that does not exist yet is zero; whether zero leaves room is decided before.
    counters: list[tuple[str, str, Value | None]] = [
        ("used", f"{USED_PREFIX}{terms.symbol}", guard.symbol_before),
        ("promised", f"{STRATEGY_PREFIX}{terms.strategy}", guard.strategy_reserved_before),
        ("count", "open_count", guard.open_orders_before),
    ]
    others = sorted(guard.uses_before.items())
    counters += [
        (f"other{index}", f"{USED_PREFIX}{symbol}", bound)
        for index, (symbol, bound) in enumerate(others)
    ]
    for short, counter, most in counters:
        if most is not None:
            name, value = made.name(short, counter), made.value(f"{short}_before", most)
            made.conditions.append(f"(attribute_not_exists({name}) OR {name} <= {value})")
