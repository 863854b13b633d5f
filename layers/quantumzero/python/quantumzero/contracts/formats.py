"""How times and numbers are written where they leave the process: ISO 8601 in UTC ending in Z, plain decimals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from decimal import Decimal


def utc_text(time: datetime) -> str:
    """Write an aware time in UTC, with microseconds only when it has any."""
    if time.tzinfo is None:
        raise InvalidInputError(f"time was {time.isoformat()} without a zone; give an aware time")
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def utc_time(text: str, *, field: str | None = None) -> datetime:
    """Read an ISO 8601 time that names its zone; the answer is in UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise InvalidInputError(
            f"time was {text!r}; give ISO 8601 with a zone, for example 2005-02-28T21:00:00Z",
            field=field,
        )
    return time.astimezone(UTC)


def decimal_text(number: Decimal) -> str:
    """Write a finite number without an exponent and without a sign on zero."""
    if not number.is_finite():
        raise InvalidInputError(f"number was {number}; it must be finite")
    return format(number if number else abs(number), "f")


def optional_decimal_text(number: Decimal | None) -> str | None:
    """Write a number in full, or that there is none."""
    return None if number is None else decimal_text(number)
