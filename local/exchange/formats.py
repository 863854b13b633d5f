"""How values are written on the wire: numbers as exact text, times in RFC 3339."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
# Means and ratios do not end; twelve decimals keep a mean price exact to the cent for any quantity.
# Times near the ends of the calendar cannot be moved between zones.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_MEAN_UNIT = Decimal("1e-12")


def number(value: Decimal) -> str:
    """Return a number without exponent or trailing zeros.

    Means and ratios are rounded to twelve decimals.
    """
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -12:
        value = value.quantize(_MEAN_UNIT, ROUND_HALF_EVEN)
    return f"{value.normalize():f}" if value else "0"


def optional_number(value: Decimal | None) -> str | None:
    """Return the number's text, None for None."""
    return None if value is None else number(value)


def moment(value: datetime) -> str:
    """Return a time in UTC with a Z; fractions of a second only where there are any."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def optional_moment(value: datetime | None) -> str | None:
    """Return the time's text, None for None."""
    return None if value is None else moment(value)


def read_moment(text: str, *, end_of_day: bool = False) -> datetime:
    """Return the time of a text: RFC 3339, a naive time as UTC, or a date as New York's day.

    Errors: ValueError.
    """
    if len(text) == 10:
        day = date.fromisoformat(text)
        if not _FIRST_YEAR < day.year < _LAST_YEAR:
            raise ValueError(f"{text} is out of range")
        clock = time.max if end_of_day else time.min
        return datetime.combine(day, clock, NEW_YORK).astimezone(UTC)
    value = datetime.fromisoformat(text)
    if not _FIRST_YEAR < value.year < _LAST_YEAR:
        raise ValueError(f"{text} is out of range")
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
