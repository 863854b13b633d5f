"""Turn the cells of a row into values, or say exactly which cell is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from local.market_data.bar_ticks import least_volume
from local.market_data.values import SourceBar, SourceTick, StockSplit

if TYPE_CHECKING:
    from quantumzero.adapters.files.rows import Row

_UNIT = Decimal("0.0001")
# Files written from 32-bit floats say 130.30999755859375 for 130.31: that much is the same price.
_FLOAT_NOISE = Decimal("1e-7")
_MOST_PRICE = Decimal(10_000_000)


def price_in(row: Row, column: str) -> Decimal:
    """Return a price above zero, exact.

    Errors: not a number, NaN, zero, negative, more than four decimals.
    """
    text = row.cell(column)
    must = "a price above 0 and below 10 million with at most 4 decimals"
    try:
        price = Decimal(text)
    except InvalidOperation:
        row.refuse(column, text, must)
    if not price.is_finite() or not 0 < price < _MOST_PRICE:
        row.refuse(column, text, must)
    rounded = price.quantize(_UNIT, ROUND_HALF_EVEN)
    if not rounded or abs(rounded - price) > price * _FLOAT_NOISE:
        row.refuse(column, text, must)
    return rounded.normalize()


def shares_in(row: Row, column: str, least: int) -> int:
    """Return a whole count of shares of at least `least`."""
    text = row.cell(column)
    must = f"a whole number of shares, {least} or more"
    try:
        shares = Decimal(text)
    except InvalidOperation:
        row.refuse(column, text, must)
    if not shares.is_finite() or shares != shares.to_integral_value() or shares < least:
        row.refuse(column, text, must)
    return int(shares)


def date_in(row: Row, column: str) -> date:
    """Return an exchange date; a timestamp at midnight counts as its date."""
    text = row.cell(column)
    try:
        return date.fromisoformat(text[:10] if is_date(text) else text)
    except ValueError:
        row.refuse(column, text, "a date like 2024-03-01")


def moment_in(row: Row, column: str) -> datetime:
    """Return an aware UTC time.

    A time without a zone is refused, because guessing one moves every bar.
    """
    text = row.cell(column)
    must = "a time with its zone, like 2024-03-01T14:30:00Z or 2024-03-01 09:30:00-05:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        row.refuse(column, text, must)
    if moment.tzinfo is None:
        row.refuse(column, text, must)
    return moment.astimezone(UTC)


def is_date(text: str) -> bool:
    """Say whether the text names a day: a date alone, or a date at midnight without a zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is None and moment.time() == time()


def bar_in(row: Row, opens_at: datetime, closes_at: datetime) -> SourceBar:
    """Return the bar of a row.

    Errors also when high, low, open and close contradict each other or the volume.
    """
    opened, high = price_in(row, "open"), price_in(row, "high")
    low, closed = price_in(row, "low"), price_in(row, "close")
    if high < max(opened, low, closed):
        row.refuse("high", str(high), f"at least open, low and close ({max(opened, low, closed)})")
    if low > min(opened, closed):
        row.refuse("low", str(low), f"at most open and close ({min(opened, closed)})")
    volume = shares_in(row, "volume", least=0)
    least = least_volume(opened, high, low, closed)
    if volume < least:
        row.refuse("volume", str(volume), f"{least} or more: so many different prices traded")
    return SourceBar(opens_at, closes_at, opened, high, low, closed, volume)


def tick_in(row: Row, at: datetime) -> SourceTick:
    """Return the print of a row of price and size."""
    return SourceTick(at, price_in(row, "price"), shares_in(row, "size", least=1))


def split_in(row: Row) -> StockSplit:
    """Return the split of a row of symbol, ex_date, new and old."""
    symbol = row.cell("symbol").upper()
    if not symbol:
        row.refuse("symbol", symbol, "the name of an instrument, like AAPL")
    return StockSplit(
        symbol, date_in(row, "ex_date"), shares_in(row, "new", 1), shares_in(row, "old", 1)
    )
