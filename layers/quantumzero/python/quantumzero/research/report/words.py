"""How figures and instants are written in the report; every function returns text safe for HTML."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from math import isfinite

from quantumzero.domain.calendars import from_us

ABSENT = "–"  # noqa: RUF001 - an en dash, as typographers mark an empty cell
_MINUS = "\N{MINUS SIGN}"
_DAY_US = 86_400_000_000

__all__ = [
    "ABSENT", "clean", "count", "day", "decimal", "instant", "money", "percent", "price", "quantity",
    "span", "tone",
]  # fmt: skip


def clean(text: object) -> str:
    """Return any text with the characters that HTML gives a meaning to escaped."""
    return escape(str(text), quote=True)


def decimal(value: float | None, places: int = 2, *, signed: bool = False) -> str:
    """Return a number with thousands separators and a true minus sign; a dash for None and NaN."""
    if value is None or not isfinite(value):
        return ABSENT
    text = f"{abs(value):,.{places}f}"
    if float(text.replace(",", "")) == 0:
        return text
    sign = _MINUS if value < 0 else "+" if signed else ""
    return sign + text


def money(value: float | None, *, signed: bool = False) -> str:
    """Return an amount in the account's currency with two decimals."""
    return decimal(value, 2, signed=signed)


def percent(fraction: float | None, places: int = 2, *, signed: bool = False) -> str:
    """Return a fraction (0.01) as a percentage (1.00 %), with a narrow no-break space."""
    text = decimal(None if fraction is None else fraction * 100, places, signed=signed)
    return text if text == ABSENT else f"{text}\N{NARROW NO-BREAK SPACE}%"


def count(value: int) -> str:
    """Return a whole number with thousands separators."""
    return f"{value:,}"


def price(value: float | None) -> str:
    """Return a price with as many decimals as it has: two to four, up to six below 10."""
    if value is None or not isfinite(value):
        return ABSENT
    text = f"{abs(value):,.{4 if abs(value) >= 10 else 6}f}".rstrip("0")
    whole, _, digits = text.partition(".")
    return (_MINUS if value < 0 else "") + f"{whole}.{digits:0<2}"


def quantity(value: float | None) -> str:
    """Return a number of shares with the decimals it has, at most four."""
    if value is None or not isfinite(value):
        return ABSENT
    text = f"{abs(value):,.4f}".rstrip("0").rstrip(".")
    return (_MINUS if value < 0 else "") + text


def day(time_us: int) -> str:
    """Return the UTC date of an instant; midnight is the end of the day before it."""
    return from_us(time_us - 1).date().isoformat()


def instant(time_us: int) -> str:
    """Return an instant as UTC date and minute, seconds when it has some."""
    moment = from_us(time_us)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment.second else f"{moment:%Y-%m-%d %H:%M}"


def span(duration_us: int) -> str:
    """Return a duration in the one or two units that matter to a reader."""
    duration = timedelta(microseconds=duration_us)
    if duration_us >= _DAY_US:
        return f"{duration_us / _DAY_US:,.0f} d"
    minutes = round(duration.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def tone(value: float | None) -> str:
    """Return the class that colours a result: gain, loss, or none at zero."""
    if value is None or not isfinite(value) or value == 0:
        return ""
    return "gain" if value > 0 else "loss"
