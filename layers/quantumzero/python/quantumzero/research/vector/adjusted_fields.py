"""A symbol's bars as a holder of an epoch's shares sees them, one column for each field.

An epoch lasts from one split of a symbol to the next: on its bars the splits known are the same.
Everything is evaluated anew on the bars before, adjusted by them, as the live strategy's state is
rebuilt after a split.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import EXCHANGE_ZONE, to_us
from quantumzero.research.vector.columns import LARGEST, UNDEFINED, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """The bars first <= bar < stop of a symbol, on which exactly these splits are known."""

    first: int
    stop: int
    splits: tuple[KnownSplit, ...]


def splits_of(actions: Sequence[Action], symbol: str) -> list[KnownSplit]:
    """Return the symbol's splits, oldest first."""
    found = [
        KnownSplit(_midnight(action.ex_date), Fraction(action.new, action.old))
        for action in actions
        if action.kind == "split" and action.symbol == symbol
    ]
    return sorted(found, key=lambda split: split.time)


def _midnight(day: str) -> int:
    return to_us(datetime.combine(date.fromisoformat(day), time(), EXCHANGE_ZONE))


def epochs_of(closes_at: Integers, splits: Sequence[KnownSplit]) -> list[Epoch]:
    """Cut a symbol's bars where the set of known splits changes."""
    total = len(closes_at)
    borders = [int(np.searchsorted(closes_at, split.time)) for split in splits]
    starts = sorted({0, *(border for border in borders if border < total)})
    return [
        Epoch(start, stop, tuple(s for s, at in zip(splits, borders, strict=True) if at <= start))
        for start, stop in zip(starts, [*starts[1:], total], strict=True)
        if stop > start
    ]


class AdjustedFields:
    """The fields of the first `stop` bars, adjusted by the splits of one epoch."""

    def __init__(self, history: MarketHistory, series: BarSeries, epoch: Epoch) -> None:
        self._series = series
        self._epoch = epoch
        self._price_denominator = 10**history.price_decimals
        self._columns: dict[str, Column] = {}

    def __getitem__(self, field: str) -> Column:
        """Return the column of a bar's field or time, all undefined when the data has none."""
        column = self._columns.get(field)
        if column is None:
            column = self._columns[field] = self._make(field)
        return column

    def _make(self, field: str) -> Column:
        stop = self._epoch.stop
        denominator = 1 if field in ("volume", *_TIMES) else self._price_denominator
        whole: Integers | None = getattr(self._series, field, None)
        if whole is None:
            return Column(np.full(stop, UNDEFINED), stop, denominator, start=stop)
        values = np.ascontiguousarray(whole[:stop], np.int64)
        if field not in _TIMES:
            values = self._adjusted(values, field == "volume")
        holes = bool(stop) and bool(values.min() == UNDEFINED)
        present = values[values != UNDEFINED] if holes else values
        bound = max(abs(int(present.max())), abs(int(present.min()))) if len(present) else 0
        return Column(values, stop, denominator, holes=holes, bound=bound)

    def _adjusted(self, values: Integers, multiplies: bool) -> Integers:
        """Return prices over, or volumes times, the shares that each bar's share has become."""
        shares, end = Fraction(1), self._epoch.stop
        opens_at = self._series.opens_at[:end]
        pieces: list[Integers] = []
        for split in reversed(self._epoch.splits):
            border = min(int(np.searchsorted(opens_at, split.time)), end)
            pieces.append(_times(values[border:end], shares if multiplies else 1 / shares))
            shares, end = shares * split.shares, border
        pieces.append(_times(values[:end], shares if multiplies else 1 / shares))
        return values if len(pieces) == 1 else np.concatenate(pieces[::-1])


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
