"""One change of the ledger as the actions of one DynamoDB transaction.

No transaction may touch an item twice, so trading state, limits and their uses live on the one RISK item:
a single condition checks them and a single update moves them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_items import USED_PREFIX, order_item, position_item
from quantumzero.adapters.aws.ledger_table import Item, LedgerTable, attribute, item_of

if TYPE_CHECKING:
    from quantumzero.domain.ledger_changes import LedgerChange, RiskGuard
    from quantumzero.domain.portfolio import Position

Action = dict[str, Any]
_NEW = "attribute_not_exists(pk)"


def actions_of(table: LedgerTable, change: LedgerChange) -> list[Action]:
    """Return the actions: the order, its event, and whatever else moves or must hold."""
    guard = change.guard
    actions = [_order(table, change), _event(table, change)]
    if change.touches_risk or guard is not None:
        actions.append(_risk(table, change))
    if change.position is not None:
        actions.append(_position(table, change.position))
    if change.cash:
        actions.append(_cash(table, change))
    elif guard is not None and guard.cash_version is not None:
        actions.append(_check_cash(table, guard.cash_version))
    if change.touches_strategy:
        actions.append(_strategy(table, change))
    return actions


def _put(table: LedgerTable, item: Item, condition: str, version: int | None) -> Action:
    """Put if the item is new (no version) or still at that version."""
    put: Action = {"TableName": table.table, "Item": item, "ConditionExpression": condition}
    if version is not None:
        put["ConditionExpression"] = "version = :version"
        put["ExpressionAttributeValues"] = {":version": attribute(version)}
    return {"Put": put}


def _order(table: LedgerTable, change: LedgerChange) -> Action:
    before, after = change.transition.before, change.transition.after
    item = order_item(table.partition, table.account, after)
    return _put(table, item, _NEW, before.version if before and before.version else None)


def _event(table: LedgerTable, change: LedgerChange) -> Action:
    before, after = change.transition.before, change.transition.after
    fill = change.transition.fill
    item = item_of(
        {
            "pk": table.partition,
            "sk": f"E#{after.terms.client_order_id}#{after.version:08}",
            "event": change.transition.event,
            "at": change.at,
            "client_order_id": after.terms.client_order_id,
            "strategy": after.terms.strategy,
            "symbol": after.terms.symbol,
            "side": after.terms.side.value,
            "quantity": str(after.terms.quantity),
            "from_state": before.state.value if before else None,
            "state": after.state.value,
            "version": after.version,
            "fill_quantity": str(fill.quantity) if fill else None,
            "fill_cost": str(fill.cost) if fill else None,
            "claim_id": after.claim_id,
            "code": after.code,
            "reason": after.reason,
        }
    )
    return _put(table, item, _NEW, None)


def _position(table: LedgerTable, position: Position) -> Action:
    before = position.version - 1
    return _put(table, position_item(table.partition, position), _NEW, before or None)


def _cash(table: LedgerTable, change: LedgerChange) -> Action:
    return {
        "Update": {
            "TableName": table.table,
            "Key": table.key("CASH"),
            "ConditionExpression": "attribute_exists(pk)",
            "UpdateExpression": "ADD amount :amount, version :one",
            "ExpressionAttributeValues": {
                ":amount": attribute(change.cash),
                ":one": attribute(1),
            },
        }
    }


def _check_cash(table: LedgerTable, version: int) -> Action:
    return {
        "ConditionCheck": {
            "TableName": table.table,
            "Key": table.key("CASH"),
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": {":version": attribute(version)},
        }
    }


def _strategy(table: LedgerTable, change: LedgerChange) -> Action:
    terms = change.transition.after.terms
    update: Action = {
        "TableName": table.table,
        "Key": table.key(f"SP#{terms.strategy}#{terms.symbol}"),
        "UpdateExpression": "SET strategy = :strategy, symbol = :symbol "
        "ADD quantity :quantity, pending_buy :buy, pending_sell :sell, version :one",
        "ExpressionAttributeValues": {
            ":strategy": attribute(terms.strategy),
            ":symbol": attribute(terms.symbol),
            ":quantity": attribute(change.strategy_quantity),
            ":buy": attribute(change.pending_buy),
            ":sell": attribute(change.pending_sell),
            ":one": attribute(1),
        },
    }
    wanted = change.guard.strategy_version if change.guard else None
    if wanted == 0:
        update["ConditionExpression"] = _NEW
    elif wanted is not None:
        update["ConditionExpression"] = "version = :version"
        update["ExpressionAttributeValues"][":version"] = attribute(wanted)
    return {"Update": update}


def _risk(table: LedgerTable, change: LedgerChange) -> Action:
    used = f"{USED_PREFIX}{change.transition.after.terms.symbol}"
    condition, names, values = _condition(change.guard)
    action: Action = {
        "TableName": table.table,
        "Key": table.key("RISK"),
        "ConditionExpression": condition,
    }
    kind = "ConditionCheck"
    if change.touches_risk:
        kind = "Update"
        action["UpdateExpression"] = "ADD gross_used :gross, open_reserved :reserved, #used :gross"
        names["#used"] = used
        values[":gross"] = attribute(change.gross_used)
        values[":reserved"] = attribute(change.open_reserved)
    if "#used" in condition:
        names["#used"] = used
    if names:
        action["ExpressionAttributeNames"] = names
    if values:
        action["ExpressionAttributeValues"] = values
    return {kind: action}


def _condition(guard: RiskGuard | None) -> tuple[str, dict[str, str], Item]:
    """Return the guard as one condition on the RISK item with its names and values."""
    if guard is None:
        return "attribute_exists(pk)", {}, {}
    states = sorted(guard.states)
    values: Item = {f":state{index}": attribute(state.value) for index, state in enumerate(states)}
    parts = [f"#state IN ({', '.join(values)})"]
    bounds = {
        "limits_version = :limits": (":limits", guard.limits_version),
        "gross_used <= :gross_before": (":gross_before", guard.gross_before),
        "open_reserved <= :reserved_before": (":reserved_before", guard.reserved_before),
    }
    for text, (name, bound) in bounds.items():
        if bound is not None:
            parts.append(text)
            values[name] = attribute(bound)
    if guard.symbol_before is not None:
        values[":symbol_before"] = attribute(guard.symbol_before)
        # A counter that does not exist yet is zero; whether zero leaves room is decided before.
        parts.append("(attribute_not_exists(#used) OR #used <= :symbol_before)")
    return " AND ".join(parts), {"#state": "state"}, values
