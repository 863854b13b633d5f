"""A symbol's bars as a holder of an epoch's shares sees them, one column for each field.

An epoch lasts from one known split to the next, of the symbol and of the other instruments that a
strategy reads: on its bars the splits known are the same. Everything is evaluated anew on the bars
before, adjusted by them, as the live strategy's state is rebuilt after a split.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import EXCHANGE_ZONE, to_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.vector.columns import LARGEST, UNDEFINED, Column
from quantumzero.research.vector.higher_fields import Buckets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from quantumzero.research.history import Action, BarSeries, MarketHistory

    Integers = NDArray[np.int64]

_TIMES = ("opens_at", "closes_at")


@dataclass(frozen=True, slots=True)
class KnownSplit:
    """One split: from this instant on (the exchange date's midnight) a share is `shares` shares."""

    time: int
    shares: Fraction


@dataclass(frozen=True, slots=True)
class Epoch:
    """The bars first <= bar < stop of a symbol, and the newest instant whose splits are known."""

    first: int
    stop: int
    known: int


def splits_of(actions: Sequence[Action], symbol: str) -> list[KnownSplit]:
    """Return the symbol's splits, oldest first."""
    found = [
        KnownSplit(midnight(action.ex_date), Fraction(action.new, action.old))
        for action in actions
        if action.kind == "split" and action.symbol == symbol
    ]
    return sorted(found, key=lambda split: split.time)


def midnight(day: str) -> int:
    """Return when the exchange's date (ISO 8601) begins, in microseconds since 1970 UTC."""
    return to_us(datetime.combine(date.fromisoformat(day), time(), EXCHANGE_ZONE))


def epochs_of(closes_at: Integers, splits: Sequence[KnownSplit]) -> list[Epoch]:
    """Cut a symbol's bars where the set of known splits changes."""
    total = len(closes_at)
    if not total:
        return [Epoch(0, 0, 0)]
    borders = [int(np.searchsorted(closes_at, split.time)) for split in splits]
    starts = sorted({0, *(border for border in borders if border < total)})
    return [
        Epoch(start, stop, int(closes_at[start]))
        for start, stop in zip(starts, [*starts[1:], total], strict=True)
        if stop > start
    ]


class SymbolFields:
    """The raw fields of one symbol, and its bars' buckets of higher timeframes."""

    def __init__(self, history: MarketHistory, symbol: str, calendar: str) -> None:
        if symbol not in history.series:
            raise InvalidInputError(
                f"the strategy reads {symbol}, but the data holds {', '.join(history.series)}; add "
                f"bars of {symbol}"
            )
        self.series: BarSeries = history.series[symbol]
        self.splits = splits_of(history.actions, symbol)
        self.price_denominator = 10**history.price_decimals
        self._calendar = calendar
        self._buckets: dict[str, Buckets] = {}

    def buckets(self, timeframe: str) -> Buckets:
        """Return the buckets of a higher timeframe."""
        found = self._buckets.get(timeframe)
        if found is None:
            series = self.series
            found = self._buckets[timeframe] = Buckets(
                series.opens_at, series.closes_at, timeframe, self._calendar
            )
        return found

    def adjusted(self, field: str, stop: int, known: int) -> Integers | None:
        """Return a field of the first `stop` bars, adjusted by the splits known at an instant."""
        whole: Integers | None = getattr(self.series, field)
        if whole is None:
            return None
        values = _known(field, np.ascontiguousarray(whole[:stop], np.int64))
        splits = [split for split in self.splits if split.time <= known]
        if field in _TIMES or not splits:
            return values
        multiplies, shares, end = field == "volume", Fraction(1), stop
        opens_at = self.series.opens_at[:stop]
        pieces: list[Integers] = []
        for split in reversed(splits):
            border = min(int(np.searchsorted(opens_at, split.time)), end)
            pieces.append(_times(values[border:end], shares if multiplies else 1 / shares))
            shares, end = shares * split.shares, border
        pieces.append(_times(values[:end], shares if multiplies else 1 / shares))
        return np.concatenate(pieces[::-1])

    def denominator(self, field: str) -> int:
        return 1 if field in ("volume", *_TIMES) else self.price_denominator


def _known(field: str, values: Integers) -> Integers:
    """Return the values with those undefined that the data lacks: an average price of 0, before any adjustment."""
    return np.where(values == 0, UNDEFINED, values) if field == "vwap" else values


class EpochFields:
    """The columns of fields on the bars of one symbol up to the end of one epoch."""

    def __init__(
        self, fields_of: Callable[[str], SymbolFields], own: SymbolFields, epoch: Epoch
    ) -> None:
        self._fields_of = fields_of
        self._own = own
        self._epoch = epoch

    def column(self, field: str, timeframe: str, symbol: str) -> Column:
        """Return the column of a field; all undefined when the data has none."""
        stop, known = self._epoch.stop, self._epoch.known
        if symbol:
            values = self._of_other(field, self._fields_of(symbol))
        else:
            values = self._own.adjusted(field, stop, known)
            if values is not None and timeframe:
                values = self._own.buckets(timeframe).fold(field, values)
        denominator = self._own.denominator(field)
        if values is None:
            return Column(np.full(stop, UNDEFINED), stop, denominator, start=stop)
        return _measured(values, denominator)

    def _of_other(self, field: str, other: SymbolFields) -> Integers | None:
        """Return the field of the other's newest bar that closed at or before each own bar."""
        own_closes = self._own.series.closes_at[: self._epoch.stop]
        newest = np.searchsorted(other.series.closes_at, own_closes, side="right") - 1
        stop = int(newest[-1]) + 1 if len(newest) else 0
        values = other.adjusted(field, stop, self._epoch.known)
        if values is None or not stop:
            return None
        return np.where(newest < 0, UNDEFINED, values[np.maximum(newest, 0)])


def _measured(values: Integers, denominator: int) -> Column:
    if not len(values):
        return Column(values, 0, denominator)
    least, start, holes = int(values.min()), 0, False
    if least == UNDEFINED:
        known = values != UNDEFINED
        if not known.any():
            return Column(values, len(values), denominator, start=len(values))
        start = int(known.argmax())
        holes = not bool(known[start:].all())
        least = int(values[known].min())
    bound = max(abs(int(values.max())), abs(least))
    return Column(values, len(values), denominator, start=start, holes=holes, bound=bound)


def _times(values: Integers, factor: Fraction) -> Integers:
    """Return the values times an exact factor, rounded half to even; undefined stays undefined."""
    if factor == 1 or not len(values):
        return values
    known = values != UNDEFINED
    if int(np.abs(values[known]).max(initial=0)) * factor.numerator * 2 > LARGEST:
        exact = [round(v * factor) if v != UNDEFINED else v for v in values.tolist()]
        return np.array(exact, np.int64)
    whole, rest = np.divmod(np.where(known, values, 0) * factor.numerator, factor.denominator)
    up = (rest * 2 > factor.denominator) | ((rest * 2 == factor.denominator) & (whole % 2 == 1))
    return np.where(known, whole + up, UNDEFINED)
