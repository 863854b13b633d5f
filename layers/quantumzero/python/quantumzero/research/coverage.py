"""The coverage guard: a run whose data lacks sessions says which, it never fills them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.bar_times import INTERVALS_US
from quantumzero.research.sessions import XNYS, date_of, day_runs, expected_days, session_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from quantumzero.research.history import Action, BarSeries, MarketHistory

    Integers = NDArray[np.int64]

ALWAYS = -(2**62)
"""An instant before every bar."""
_NAMED = 10
_MONDAY_SHIFT = 3


def missing_sessions(history: MarketHistory, first_us: int = ALWAYS) -> dict[str, Integers]:
    """Return, for each symbol with gaps, the days of XNYS sessions without any bar (weekly bars:
    the first sessions of the weeks).

    Sessions count from the symbol's first bar that opens at or after first_us to its last. A
    session that an action of kind halt names is not missing.
    """
    weekly = history.timeframe == "1w"
    found = {}
    complete: Integers | None = None
    for symbol, series in history.series.items():
        if series.opens_at is complete:  # a universe mostly shares its times
            continue
        days = _days_with_bars(series, first_us)
        if not len(days):
            continue
        expected = expected_days(int(days[0]), int(days[-1]))
        if not weekly and len(expected) == len(days) and (expected == days).all():
            complete = series.opens_at
            continue
        if weekly:
            expected, days = _first_of_weeks(expected), _first_of_weeks(days)
            missing = expected[~np.isin(_week(expected), _week(days))]
        else:
            missing = np.setdiff1d(expected, days)
        missing = missing[~np.isin(missing, _halts(history.actions, symbol))]
        if len(missing):
            found[symbol] = missing
    return found


def require_coverage(
    history: MarketHistory, calendar: str, *, first_us: int = ALWAYS, accept_gaps: bool = False
) -> tuple[str, ...]:
    """Return notes about what the data lacks; raises InvalidInputError for missing sessions.

    Without the calendar XNYS nothing is expected. accept_gaps turns the refusal into a note.
    """
    if calendar != XNYS:
        return ()
    missing = missing_sessions(history, first_us)
    if not missing:
        return _thin_sessions(history, first_us)
    text = _sentence(missing)
    if accept_gaps:
        return (f"{text}; accepted as asked", *_thin_sessions(history, first_us))
    raise InvalidInputError(
        f"{text}. Complete the data, accept the gaps (accept_gaps=True, --accept-gaps), or say "
        "calendar none when the instrument does not trade on XNYS"
    )


def _days_with_bars(series: BarSeries, first_us: int) -> Integers:
    opens = series.opens_at
    return day_runs(opens[int(np.searchsorted(opens, first_us)) :])[0]


def _halts(actions: Iterable[Action], symbol: str) -> Integers:
    days = [
        np.datetime64(action.ex_date, "D").astype(np.int64)
        for action in actions
        if action.kind == "halt" and action.symbol == symbol
    ]
    return np.array(days, dtype=np.int64)


def _week(days: Integers) -> Integers:
    return (days + _MONDAY_SHIFT) // 7


def _first_of_weeks(days: Integers) -> Integers:
    return days[np.flatnonzero(np.diff(_week(days), prepend=-1))]


def _sentence(missing: Mapping[str, Integers]) -> str:
    total = sum(len(days) for days in missing.values())
    named = [
        f"{symbol} {date_of(int(day))}" for symbol, days in missing.items() for day in days[:_NAMED]
    ][:_NAMED]
    more = f" and {total - len(named)} more" if total > len(named) else ""
    plural = "session" if total == 1 else "sessions"
    return f"the data lacked {total} {plural} of XNYS: {', '.join(named)}{more}"


def _thin_sessions(history: MarketHistory, first_us: int) -> tuple[str, ...]:
    """Count intraday bars that a full grid would have: minutes without a trade are no fault."""
    interval = INTERVALS_US[history.timeframe]
    if history.timeframe in ("1d", "1w"):
        return ()
    notes = []
    for symbol, series in history.series.items():
        days = _days_with_bars(series, first_us)
        opens, closes = session_bounds(days)
        full = int((-((opens - closes) // interval)).sum())
        bars = len(series) - int(np.searchsorted(series.opens_at, first_us))
        if bars < full:
            notes.append(
                f"{symbol}: {full - bars} of {full} bars of {history.timeframe} are not in the data "
                "(an interval without a trade has no bar)"
            )
    return tuple(notes)
