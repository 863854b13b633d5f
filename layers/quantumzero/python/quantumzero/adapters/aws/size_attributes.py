"""How the size of an entry is written into a decision's item: one text of JSON, of which only what is set is there."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from quantumzero.domain.errors import CorruptDataError
from quantumzero.domain.sizing import SizeRequest
from quantumzero.domain.strategy.document import SizingMethod

_FRACTIONAL = "fractional"
_NUMBERS = ("stop_distance", "volatility_percent", "most_percent")


def size_text(size: SizeRequest) -> str:
    """Return the text; equal sizes have equal texts."""
    read = {name: getattr(size, name) for name in _NUMBERS}
    values = {
        "method": size.method.value,
        "amount": str(size.amount),
        "lot": _FRACTIONAL if size.lot is None else size.lot,
        **{name: str(value) for name, value in read.items() if value is not None},
    }
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def size_of(text: str) -> SizeRequest:
    """Return the size; what a newer release added is passed over. Raises CorruptDataError on what is no size."""
    try:
        values = json.loads(text)
        read = {name: Decimal(values[name]) for name in _NUMBERS if name in values}
        return SizeRequest(
            method=SizingMethod(values["method"]),
            amount=Decimal(values["amount"]),
            lot=_lot(values["lot"]),
            **read,
        )
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise CorruptDataError(f"a stored size was not readable: {error!r}") from error


def _lot(value: Any) -> int | None:
    return None if value == _FRACTIONAL else int(value)
