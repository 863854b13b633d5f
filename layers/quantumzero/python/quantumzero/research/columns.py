"""Columns of numbers -> MarketHistory: exact prices, session times, every wrong row named.

Both borders use it: DataFrames (frames.py) and the reader of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import from_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.bar_times import BarTimes, bar_times
from quantumzero.research.exact_units import LARGEST, exact_bars, whole_numbers
from quantumzero.research.history import BarSeries, MarketHistory
from quantumzero.research.sessions import require_calendar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from quantumzero.research.history import Action

    Integers = NDArray[np.int64]
    Doubles = NDArray[np.float64]

LEAST_DECIMALS, MOST_DECIMALS = 4, 8
PRICES = ("open", "high", "low", "close")
OPTIONAL_PRICES = ("vwap", "bid", "ask")


@dataclass(frozen=True, slots=True)
class BarColumns:
    """One symbol's rows as read, arrays of one length, oldest first.

    times are microseconds since 1970: instants in UTC when zoned, otherwise what a clock without
    zone showed (a date is its midnight). vwap, bid and ask may be None; NaN in them is no value.
    """

    symbol: str
    times: Integers
    zoned: bool
    open: NDArray[Any]
    high: NDArray[Any]
    low: NDArray[Any]
    close: NDArray[Any]
    volume: NDArray[Any]
    vwap: NDArray[Any] | None = None
    bid: NDArray[Any] | None = None
    ask: NDArray[Any] | None = None


def bars_from_columns(
    columns: Sequence[BarColumns],
    *,
    calendar: str = "XNYS",
    timeframe: str | None = None,
    actions: Sequence[Action] = (),
    source: str = "",
) -> MarketHistory:
    """Return the history of the rows, its prices in the fewest decimals (4 to 8) that hold them all.

    What arithmetic in doubles adds to a price (10.299999999999999) is taken off; prices that no 8
    decimals hold are rounded to the nearest eighth decimal. Daily bars get their
    session's open and close (calendar none: midnight to midnight UTC); an intraday bar begins at
    its timestamp and lasts the smallest gap, cut at the session's close. Rows outside the sessions
    of XNYS are left out and counted in the notes. Raises InvalidInputError with symbol, row
    (counted from 1) and column: a price that is not a number above 0, a high below its low, times
    out of order or repeated, a time within the day without a zone, or bars of another timeframe.
    """
    require_calendar(calendar)
    if not columns:
        raise InvalidInputError("there was no bar at all; give the data of at least one symbol")
    names = [each.symbol for each in columns]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInputError(f"symbol {twice} came twice; give each symbol's bars once")
    doubles = [_Doubles.of(each) for each in columns]
    decimals, units = _exact_units(doubles)
    series, notes, found = {}, list[str](), timeframe
    before: tuple[BarColumns, BarTimes] | None = None
    for each, given, prices in zip(columns, doubles, units, strict=True):
        if before is not None and _same_times(before, each):
            times = before[1]
        else:
            stamps = np.ascontiguousarray(each.times)
            times = bar_times(each.symbol, stamps, each.zoned, calendar, found)
        before = (each, times)
        found = times.timeframe
        series[each.symbol] = _series(each, given, prices.prices, times, decimals)
        notes += times.notes
        notes += _odd_prices(given, prices)
    taken = tuple(actions)
    return MarketHistory(series, found or "1d", decimals, taken, source, tuple(notes))


def _same_times(before: tuple[BarColumns, BarTimes], columns: BarColumns) -> bool:
    """Say whether a symbol has the times of the one before: a universe mostly shares them."""
    other, times = before
    return (
        not times.notes
        and other.zoned == columns.zoned
        and (other.times is columns.times or np.array_equal(other.times, columns.times))
    )


@dataclass(frozen=True, slots=True)
class _Doubles:
    """A symbol's four price columns as float64, in the order of PRICES."""

    symbol: str
    times: Integers
    prices: tuple[Doubles, ...]

    @classmethod
    def of(cls, columns: BarColumns) -> _Doubles:
        if not len(columns.times):
            raise InvalidInputError(f"{columns.symbol} had no bar; give at least one row")
        prices = tuple(_as_double(columns, name) for name in PRICES)
        return cls(columns.symbol, columns.times, prices)


def _as_double(columns: BarColumns, name: str) -> Doubles:
    values = np.asarray(getattr(columns, name))
    if len(values) != len(columns.times):
        raise InvalidInputError(
            f"{columns.symbol}: column {name} had {len(values)} values for "
            f"{len(columns.times)} timestamps; give one for each"
        )
    try:
        return np.ascontiguousarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"{columns.symbol}: column {name} held something that is not a number ({error})"
        ) from None


@dataclass(frozen=True, slots=True)
class _Units:
    """A symbol's four price columns in whole units; how many bars contradict themselves a little (the
    open or close outside low to high), and how many have a high below their low.
    """

    prices: tuple[Integers, ...]
    odd: int
    crossed: int


def _exact_units(symbols: Sequence[_Doubles]) -> tuple[int, list[_Units]]:
    """Return the fewest decimals that hold every price, and the prices in units of them."""
    for decimals in range(LEAST_DECIMALS, MOST_DECIMALS + 1):
        rounds = decimals == MOST_DECIMALS
        units: list[_Units] = []
        for symbol in symbols:
            converted = _units(symbol, decimals, rounds)
            if converted is None:
                break
            units.append(converted)
        else:
            return decimals, units
    raise AssertionError  # the last round converts everything or raises


def _units(symbol: _Doubles, decimals: int, rounds: bool) -> _Units | None:
    """Return the price columns in units, None when one is not exact at that many decimals."""
    scale = 10.0**decimals
    try:
        found = exact_bars(symbol.prices, scale, rounds=rounds)
    except ValueError:
        for name, prices in zip(PRICES, symbol.prices, strict=True):
            _require_prices(symbol, name, prices, scale)
        raise
    return None if found is None else _Units(*found)


def _odd_prices(given: _Doubles, units: _Units) -> list[str]:
    """Return a note on bars that contradict themselves a little; refuse a high below its low."""
    if units.crossed:
        _, high, low, _ = units.prices
        row = int((high < low).argmax())
        raise InvalidInputError(
            f"{_place(given.symbol, given.times, row)}: high was {given.prices[1][row]:g}, below "
            f"low {given.prices[2][row]:g}; the high of a bar is at least its low"
        )
    if not units.odd:
        return []
    return [f"{given.symbol}: in {units.odd} bars the open or the close lies outside low to high"]


def _require_prices(symbol: _Doubles, name: str, prices: Doubles, scale: float) -> None:
    wrong = ~((prices > 0) & (np.rint(prices * scale) < LARGEST) & (np.rint(prices * scale) > 0))
    if wrong.any():
        row = int(wrong.argmax())
        raise InvalidInputError(
            f"{_place(symbol.symbol, symbol.times, row)}: {name} was {float(prices[row]):g}; a price "
            f"must be a number above 0 and below {LARGEST / scale:.0f}: correct or remove the row"
        )


def _series(
    columns: BarColumns,
    given: _Doubles,
    prices: tuple[Integers, ...],
    times: BarTimes,
    decimals: int,
) -> BarSeries:
    def kept(values: Integers) -> Integers:
        return values if times.kept is None else values[times.kept]

    optional = {
        name: kept(_optional_units(columns, name, decimals))
        for name in OPTIONAL_PRICES
        if getattr(columns, name) is not None
    }
    opened, high, low, close = (kept(values) for values in prices)
    volume = kept(_volume(given, columns))
    return BarSeries(
        columns.symbol,
        times.opens_at,
        times.closes_at,
        opened,
        high,
        low,
        close,
        volume,
        **optional,
    )


def _volume(given: _Doubles, columns: BarColumns) -> Integers:
    values = np.asarray(columns.volume)
    if values.dtype == np.int64 and len(values) == len(columns.times) and values.min() >= 0:
        return np.ascontiguousarray(values)
    numbers = _as_double(columns, "volume")
    whole = whole_numbers(numbers)
    if whole is not None:
        return whole
    wrong = ~((numbers >= 0) & (numbers < LARGEST))
    if wrong.any():
        row = int(wrong.argmax())
        raise InvalidInputError(
            f"{_place(given.symbol, given.times, row)}: volume was {float(numbers[row]):g}; it must "
            "be a number of shares, 0 or more"
        )
    return np.rint(numbers).astype(np.int64)


def _optional_units(columns: BarColumns, name: str, decimals: int) -> Integers:
    """Return the column in units, 0 where it has no value."""
    scaled = np.rint(_as_double(columns, name) * 10.0**decimals)
    wrong = ~(np.isnan(scaled) | ((scaled >= 0) & (scaled < LARGEST)))
    if wrong.any():
        row = int(wrong.argmax())
        raise InvalidInputError(
            f"{_place(columns.symbol, columns.times, row)}: {name} was "
            f"{float(getattr(columns, name)[row]):g}; it must be a price above 0, or empty"
        )
    return np.nan_to_num(scaled, nan=0.0).astype(np.int64)


def _place(symbol: str, times: Integers, row: int) -> str:
    return f"{symbol}, row {row + 1} ({from_us(int(times[row])):%Y-%m-%d %H:%M})"
