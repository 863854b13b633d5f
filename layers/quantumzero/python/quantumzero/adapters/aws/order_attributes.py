"""What the second schema of an order's item adds to the first: attributes that are written only when they are set.

An order that needs none of them is written as schema 1, exactly as the release before wrote it. One that needs them is
schema 2: the release before reads it, but knows only its quantity, side, type and prices.
"""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quantumzero.adapters.aws.protection_attributes import plan_of, plan_text
from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.orders import Leg, OrderClass, OrderTerms, Origin
from quantumzero.domain.protection_plan import ProtectionPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quantumzero.domain.orders import OrderRecord

FIRST_SCHEMA = 1
NEWEST_SCHEMA = 2

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "notional": Decimal,
    "trail_price": Decimal,
    "trail_percent": Decimal,
    "extended_hours": bool,
    "order_class": OrderClass,
    "take_profit_price": Decimal,
    "stop_loss_price": Decimal,
    "stop_loss_limit_price": Decimal,
    "parent": str,
    "leg": Leg,
    "reduce_only": bool,
    "intent": int,
    "replaces": str,
    "origin": Origin,
    "opens_short": bool,
    "emulated": bool,
    "protection": plan_of,
    "rests": bool,
}
# What the release before may forget without doing anything else than was meant.
_INFORMATION = frozenset({"parent", "leg", "intent", "origin"})
_DEFAULTS = {field.name: field.default for field in fields(OrderTerms)}


def added_attributes(terms: OrderTerms) -> dict[str, str | bool | int]:
    """Return what differs from an order of the first schema."""
    values = {name: getattr(terms, name) for name in _READERS}
    return {name: _stored(value) for name, value in values.items() if value != _DEFAULTS[name]}


def _stored(value: Any) -> str | bool | int:
    if isinstance(value, ProtectionPlan):
        return plan_text(value)
    return str(value) if isinstance(value, Decimal) else value


def schema_of(record: OrderRecord) -> int:
    """Return the oldest schema that says everything the order's sending depends on."""
    return NEWEST_SCHEMA if added_attributes(record.terms).keys() - _INFORMATION else FIRST_SCHEMA


def added_terms(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the added terms of an item's values. Raises CorruptDataError on an item of a newer release."""
    if values["schema"] > NEWEST_SCHEMA:
        raise CorruptDataError(
            f"order {values['client_order_id']} is stored in schema {values['schema']}; this release reads up to "
            f"{NEWEST_SCHEMA}: let the release that wrote it finish the order"
        )
    return {name: read(values[name]) for name, read in _READERS.items() if name in values}
