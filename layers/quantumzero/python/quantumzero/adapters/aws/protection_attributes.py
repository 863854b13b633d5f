"""How a plan of protection is written into an order's item: one text of JSON, of which only what is set is there."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.protection_plan import Offset, ProtectionPlan


def plan_text(plan: ProtectionPlan) -> str:
    """Return the text; equal plans have equal texts."""
    return json.dumps(_set_fields(plan), sort_keys=True, separators=(",", ":"))


def plan_of(text: str) -> ProtectionPlan:
    """Return the plan; what a newer release added is passed over. Raises CorruptDataError on what is no plan."""
    try:
        values = json.loads(text)
        bars = values.get("time_stop_bars")
        return ProtectionPlan(
            stop_loss=_offset(values.get("stop_loss")),
            take_profit=_offset(values.get("take_profit")),
            trailing_stop=_offset(values.get("trailing_stop")),
            trailing_step=_number(values.get("trailing_step")),
            time_stop_bars=None if bars is None else int(bars),
            timeframe=values.get("timeframe"),
        )
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise CorruptDataError(
            f"a stored plan of protection was not readable: {error!r}"
        ) from error


def _set_fields(of: ProtectionPlan | Offset) -> dict[str, Any]:
    values = {each.name: getattr(of, each.name) for each in fields(of)}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, Offset):
        return _set_fields(value)
    return str(value) if isinstance(value, Decimal) else value


def _offset(values: Any) -> Offset | None:
    if values is None:
        return None
    return Offset(_number(values.get("money")), _number(values.get("percent")))


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
