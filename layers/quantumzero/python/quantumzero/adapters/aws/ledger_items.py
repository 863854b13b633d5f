"""How orders and positions are written as items of the ledger, and read back; the risk state is in risk_items.py.

Every order item carries `schema`, so that two releases can handle the same order while one replaces the other; what
schema 2 adds is in order_attributes.py.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.ledger_table import Item, item_of, time_of, time_text
from quantumzero.adapters.aws.order_attributes import added_attributes, added_terms, schema_of
from quantumzero.domain.order_events import OrderEvent
from quantumzero.domain.orders import (
    OrderRecord,
    OrderState,
    OrderTerms,
    OrderType,
    Side,
    TimeInForce,
)
from quantumzero.domain.portfolio import Position
from quantumzero.ports.ledger import StrategyHolding

if TYPE_CHECKING:
    from datetime import datetime

_ZERO = Decimal(0)


def order_item(partition: str, account: str, record: OrderRecord) -> Item:
    """Return the item of an order; only an order that is not terminal is in the index of open ones."""
    terms = record.terms
    return item_of(
        {
            "pk": partition,
            "sk": f"O#{terms.client_order_id}",
            "schema": schema_of(record),
            "open_bucket": None if record.terminal else _bucket(account, record),
            "order_bucket": account,
            "born_at": f"{time_text(record.created_at)}#{terms.client_order_id}",
            **_terms(terms),
            "state": record.state.value,
            "version": record.version,
            "created_at": record.created_at,
            "reference_price": str(record.reference_price),
            "recorded_at": record.recorded_at,
            "reserved_value": str(record.reserved_value),
            "filled_quantity": str(record.filled_quantity),
            "filled_cost": str(record.filled_cost),
            "attempts": record.attempts,
            "claim_id": record.claim_id,
            "lease_until": record.lease_until,
            "last_sent_at": record.last_sent_at,
            "retry_allowed": record.retry_allowed,
            "cancel_requested": record.cancel_requested,
            "broker_order_id": record.broker_order_id,
            "broker_updated_at": record.broker_updated_at,
            "filled_at": record.filled_at,
            "code": record.code,
            "reason": record.reason,
            "refused_limit": _text(record.limit),
            "refused_value": _text(record.value),
            "replaced_by": record.replaced_by,
            "held": True if record.held else None,
        }
    )


def _terms(terms: OrderTerms) -> dict[str, str | bool | int | None]:
    return {
        "client_order_id": terms.client_order_id,
        "decision_id": terms.decision_id,
        "strategy": terms.strategy,
        "symbol": terms.symbol,
        "side": terms.side.value,
        "quantity": str(terms.quantity),
        "order_type": terms.order_type.value,
        "time_in_force": terms.time_in_force.value,
        "limit_price": _text(terms.limit_price),
        "stop_price": _text(terms.stop_price),
        **added_attributes(terms),
    }


def held_bucket(account: str) -> str:
    """Return where the index has the held orders: apart from the open ones, which the release before would send."""
    return f"{account}#held"


def _bucket(account: str, record: OrderRecord) -> str:
    return held_bucket(account) if record.held else account


def order_record(values: dict[str, Any]) -> OrderRecord:
    """Return the order of an item's values. Raises CorruptDataError on one of a newer release."""
    terms = OrderTerms(
        client_order_id=values["client_order_id"],
        decision_id=values["decision_id"],
        strategy=values["strategy"],
        symbol=values["symbol"],
        side=Side(values["side"]),
        quantity=Decimal(values["quantity"]),
        order_type=OrderType(values["order_type"]),
        time_in_force=TimeInForce(values["time_in_force"]),
        limit_price=_decimal(values, "limit_price"),
        stop_price=_decimal(values, "stop_price"),
        **added_terms(values),
    )
    return OrderRecord(
        terms=terms,
        state=OrderState(values["state"]),
        version=int(values["version"]),
        created_at=time_of(values["created_at"]),
        reference_price=Decimal(values["reference_price"]),
        recorded_at=_time(values, "recorded_at"),
        reserved_value=Decimal(values["reserved_value"]),
        filled_quantity=Decimal(values["filled_quantity"]),
        filled_cost=Decimal(values["filled_cost"]),
        attempts=int(values["attempts"]),
        claim_id=values.get("claim_id"),
        lease_until=_time(values, "lease_until"),
        last_sent_at=_time(values, "last_sent_at"),
        retry_allowed=values["retry_allowed"],
        cancel_requested=values["cancel_requested"],
        broker_order_id=values.get("broker_order_id"),
        broker_updated_at=_time(values, "broker_updated_at"),
        filled_at=_time(values, "filled_at"),
        code=values.get("code"),
        reason=values.get("reason"),
        limit=_decimal(values, "refused_limit"),
        value=_decimal(values, "refused_value"),
        replaced_by=values.get("replaced_by"),
        held=values.get("held", False),
        schema=int(values["schema"]),
    )


def order_event(values: dict[str, Any]) -> OrderEvent:
    """Return the event of an item's values; older releases wrote no broker's word into it."""
    before = values.get("from_state")
    return OrderEvent(
        version=int(values["version"]),
        at=time_of(values["at"]),
        name=values["event"],
        from_state=OrderState(before) if before else None,
        state=OrderState(values["state"]),
        quantity=Decimal(values["quantity"]),
        fill_quantity=_decimal(values, "fill_quantity"),
        fill_cost=_decimal(values, "fill_cost"),
        claim_id=values.get("claim_id"),
        code=values.get("code"),
        reason=values.get("reason"),
        broker_order_id=values.get("broker_order_id"),
        broker_updated_at=_time(values, "broker_updated_at"),
    )


def position_item(partition: str, position: Position) -> Item:
    """Return the item of a position."""
    return item_of(
        {
            "pk": partition,
            "sk": f"P#{position.symbol}",
            "symbol": position.symbol,
            "quantity": position.quantity,
            "cost": position.cost,
            "exposure": position.exposure,
            "version": position.version,
        }
    )


def position_of(values: dict[str, Any]) -> Position:
    """Return the position of an item's values."""
    return Position(
        values["symbol"],
        values["quantity"],
        values["cost"],
        values["exposure"],
        int(values["version"]),
    )


def strategy_holding(values: dict[str, Any]) -> StrategyHolding:
    """Return the strategy's part of a holding."""
    return StrategyHolding(
        values["strategy"],
        values["symbol"],
        values.get("quantity", _ZERO),
        values.get("pending_buy", _ZERO),
        values.get("pending_sell", _ZERO),
        int(values["version"]),
        last_order=values.get("last_order"),
        last_order_at=_time(values, "last_order_at"),
        resting=values.get("resting", _ZERO),
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(values: dict[str, Any], name: str) -> Decimal | None:
    return Decimal(values[name]) if name in values else None


def _time(values: dict[str, Any], name: str) -> datetime | None:
    return time_of(values[name]) if name in values else None
