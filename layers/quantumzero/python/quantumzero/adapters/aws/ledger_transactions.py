"""One change of the ledger as the actions of one DynamoDB transaction.

No transaction may touch an item twice, so trading state, limits and their uses live on the one RISK item:
a single condition checks them and a single update moves them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_fills import fill_note
from quantumzero.adapters.aws.ledger_items import order_item, position_item
from quantumzero.adapters.aws.ledger_table import Item, LedgerTable, attribute, item_of
from quantumzero.adapters.aws.risk_actions import risk_action
from quantumzero.domain.risk.duplicate_order import fingerprint

if TYPE_CHECKING:
    from quantumzero.domain.ledger_changes import LedgerChange
    from quantumzero.domain.order_lifecycle import Transition
    from quantumzero.domain.portfolio import Position

Action = dict[str, Any]
_NEW = "attribute_not_exists(pk)"


def actions_of(table: LedgerTable, change: LedgerChange) -> list[Action]:
    """Return the actions: the order, its event, and whatever else moves or must hold."""
    guard = change.guard
    actions = [
        action
        for step in change.transitions
        for action in (_order(table, step), *_event(table, step, change))
    ]
    if change.touches_risk or guard is not None:
        actions.append(risk_action(table, change))
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


def _order(table: LedgerTable, step: Transition) -> Action:
    before, after = step.before, step.after
    item = order_item(table.partition, table.account, after)
    return _put(table, item, _NEW, before.version if before and before.version else None)


def _event(table: LedgerTable, step: Transition, change: LedgerChange) -> list[Action]:
    """Put the event; a fill also as the small item that lots are read from."""
    before, after, fill = step.before, step.after, step.fill
    moved = change.position if fill else None
    item = item_of(
        {
            "pk": table.partition,
            "sk": f"E#{after.terms.client_order_id}#{after.version:08}",
            "event": step.event,
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
            "traded_at": (after.filled_at or after.broker_updated_at) if fill else None,
            "position_version": moved.version if moved else None,
            "claim_id": after.claim_id,
            "code": after.code,
            "reason": after.reason,
            "broker_order_id": after.broker_order_id,
            "broker_updated_at": after.broker_updated_at,
        }
    )
    items = [item, fill_note(item)] if fill else [item]
    return [_put(table, each, _NEW, None) for each in items]


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
        "ADD quantity :quantity, pending_buy :buy, pending_sell :sell, resting :resting, version :one",
        "ExpressionAttributeValues": {
            ":strategy": attribute(terms.strategy),
            ":symbol": attribute(terms.symbol),
            ":quantity": attribute(change.strategy_quantity),
            ":buy": attribute(change.pending_buy),
            ":sell": attribute(change.pending_sell),
            ":resting": attribute(change.resting),
            ":one": attribute(1),
        },
    }
    conditions = _strategy_conditions(update, change)
    if conditions:
        update["ConditionExpression"] = " AND ".join(conditions)
    return {"Update": update}


def _strategy_conditions(update: Action, change: LedgerChange) -> list[str]:
    """Return what must hold of the strategy's part; a new order is noted there, to tell its repetition."""
    values, guard = update["ExpressionAttributeValues"], change.guard
    conditions = []
    if change.transition.before is None:
        values[":order"] = attribute(fingerprint(change.transition.after))
        values[":ordered_at"] = attribute(change.transition.after.created_at)
        update["UpdateExpression"] = update["UpdateExpression"].replace(
            " ADD ", ", last_order = :order, last_order_at = :ordered_at ADD "
        )
        if guard is not None and guard.duplicate_since is not None:
            values[":since"] = attribute(guard.duplicate_since)
            conditions.append("NOT (last_order = :order AND last_order_at > :since)")
    wanted = guard.strategy_version if guard else None
    if wanted == 0:
        conditions.append(_NEW)
    elif wanted is not None:
        conditions.append("version = :version")
        values[":version"] = attribute(wanted)
    return conditions
