"""The rows of a run: the union of all bars' closes, and every instrument's prices on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import DAY_US, to_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.exact_units import prices_of_units
from quantumzero.research.sessions import day_number, day_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from quantumzero.research.history import BarSeries, MarketHistory

    Integers = NDArray[np.int64]
    Doubles = NDArray[np.float64]
    Codes = NDArray[np.int32]

Moment = str | date | datetime | None
_FOREVER = 2**62


@dataclass(frozen=True, slots=True)
class Span:
    """Which bars trade: opens_at >= first_us and closes_at <= last_us."""

    first_us: int = -_FOREVER
    last_us: int = _FOREVER
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """T rows of N instruments; two-dimensional arrays are [N, T], NaN where there is no bar.

    bars are the slices of each symbol's own bars inside the span, rows the grid rows they stand on
    (None: all rows, in order). day is the UTC day on which a row's bar opens; session_days are the
    distinct ones.
    """

    symbols: tuple[str, ...]
    time: Integers
    opens: Integers
    day: Integers
    session_days: Integers
    session: Codes
    days: Codes
    month: Codes
    open: Doubles
    high: Doubles
    low: Doubles
    close: Doubles
    volume: Doubles
    bars: tuple[slice, ...]
    rows: tuple[Integers | None, ...]
    bid: Doubles | None = None
    ask: Doubles | None = None

    def spread(self, index: int, values: NDArray[np.generic], into: NDArray[np.generic]) -> None:
        """Write values of a symbol's own bars (all of its history) into the symbol's row."""
        rows = self.rows[index]
        into[index, slice(None) if rows is None else rows] = values[self.bars[index]]

    def bar_of(self, index: int, row: int) -> int:
        """Return which of the symbol's own bars (of all its history) stands on the row."""
        rows = self.rows[index]
        place = row if rows is None else int(np.searchsorted(rows, row))
        return int(self.bars[index].start) + place


def span_of(start: Moment, end: Moment) -> Span:
    """Return the span of dates (both included) or aware instants; raises InvalidInputError."""
    first, last = _moment(start, "start", 0), _moment(end, "end", 1)
    span = Span(
        -_FOREVER if first is None else first,
        _FOREVER if last is None else last,
        None if start is None else str(start),
        None if end is None else str(end),
    )
    if span.first_us >= span.last_us:
        raise InvalidInputError(f"the range was {start} to {end}; its end comes after its start")
    return span


def _moment(value: Moment, name: str, days: int) -> int | None:
    if value is None:
        return None
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    except ValueError:
        raise InvalidInputError(
            f"{name} was {value!r}; write a date as 2024-01-31 or an instant as 2024-01-31T14:30:00Z",
            field=name,
        ) from None
    if not isinstance(value, date):
        raise InvalidInputError(
            f"{name} was {value!r}; give a date, an aware instant, or either as text", field=name
        )
    if isinstance(value, datetime):
        if value.tzinfo is None and value != datetime.combine(value.date(), datetime.min.time()):
            raise InvalidInputError(
                f"{name} was {value.isoformat()} without a time zone; add Z or an offset",
                field=name,
            )
        if value.tzinfo is not None:
            return to_us(value)
        value = value.date()
    return day_number(value + timedelta(days=days)) * DAY_US


def build_grid(history: MarketHistory, symbols: Sequence[str], span: Span) -> Grid:
    """Return the grid of the symbols' bars inside the span; raises InvalidInputError when empty."""
    series = [history.series[symbol] for symbol in symbols]
    inside = {(id(each.opens_at), id(each.closes_at)): each for each in series}
    found = {times: _inside(each, span) for times, each in inside.items()}
    bars = tuple(found[id(each.opens_at), id(each.closes_at)] for each in series)
    time, opens, rows = _rows(series, bars)
    if not len(time):
        raise InvalidInputError(
            f"no bar of {', '.join(symbols[:5])} lies between {span.start or 'the first bar'} and "
            f"{span.end or 'the last'}; choose a range inside the data"
        )
    days, counts = day_runs(opens)
    steps = np.zeros(len(time), np.int32)
    steps[np.cumsum(counts[:-1])] = np.diff(days)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)
    scale = 10.0**history.price_decimals

    def prices(name: str) -> Doubles:
        return _matrix([getattr(each, name)[part] for each, part in both], rows, len(time), scale)

    both = list(zip(series, bars, strict=True))
    quoted = all(each.bid is not None and each.ask is not None for each in series)
    return Grid(
        symbols=tuple(symbols),
        time=time,
        opens=opens,
        day=np.repeat(days, counts),
        session=np.repeat(np.arange(len(days), dtype=np.int32), counts),
        days=steps,
        month=np.repeat(months, counts),
        session_days=days,
        open=prices("open"),
        high=prices("high"),
        low=prices("low"),
        close=prices("close"),
        volume=_matrix([each.volume[part] for each, part in both], rows, len(time), 1.0),
        bars=bars,
        rows=rows,
        bid=_quotes(prices("bid")) if quoted else None,
        ask=_quotes(prices("ask")) if quoted else None,
    )


def _inside(series: BarSeries, span: Span) -> slice:
    first = int(np.searchsorted(series.opens_at, span.first_us))
    last = int(np.searchsorted(series.closes_at, span.last_us, side="right"))
    return slice(first, max(first, last))


def _rows(
    series: Sequence[BarSeries], bars: tuple[slice, ...]
) -> tuple[Integers, Integers, tuple[Integers | None, ...]]:
    first = series[0].opens_at[bars[0]]
    closes = [each.closes_at[part] for each, part in zip(series, bars, strict=True)]
    shared = all(each.closes_at is series[0].closes_at for each in series)
    if shared or all(np.array_equal(each, closes[0]) for each in closes):
        return closes[0], first, tuple(None for _ in closes)
    time = np.unique(np.concatenate(closes))
    opens = np.full(len(time), _FOREVER, np.int64)
    rows: list[Integers | None] = []
    for each, part, own in zip(series, bars, closes, strict=True):
        places = np.searchsorted(time, own)
        opens[places] = np.minimum(opens[places], each.opens_at[part])
        rows.append(places)
    return time, opens, tuple(rows)


def _matrix(
    columns: Sequence[Integers], rows: tuple[Integers | None, ...], length: int, scale: float
) -> Doubles:
    if all(places is None for places in rows):
        values = np.empty((len(columns), length))
        prices_of_units(columns, scale, values)
        return values
    values = np.full((len(columns), length), np.nan)
    for index, (column, places) in enumerate(zip(columns, rows, strict=True)):
        values[index, slice(None) if places is None else places] = column / scale
    if scale == 1.0:
        np.nan_to_num(values, copy=False)
    return values


def _quotes(values: Doubles) -> Doubles:
    """Return quotes with NaN for those that are missing (0 in the data)."""
    values[values <= 0] = np.nan
    return values
