"""Corporate actions of the history as events and membership of the simulation's rows.

Data is raw: a split multiplies the shares held and a dividend pays cash. Adjusted data has neither
action and needs nothing here.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.history import BarSeries
from quantumzero.research.simulation.request import Happening

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.grid import Grid
    from quantumzero.research.history import Action, MarketHistory

KINDS = ("split", "dividend", "delisting", "rename", "join", "leave", "halt")
_SPLIT, _DIVIDEND, _DELISTING = 0, 1, 2
_OPTIONAL = ("vwap", "bid", "ask")
_COLUMNS = ("opens_at", "closes_at", "open", "high", "low", "close", "volume")


def require_actions(history: MarketHistory) -> None:
    """Raise InvalidInputError for an action that cannot be carried out, naming it."""
    for action in history.actions:
        where = f"the corporate action of {action.symbol} on {action.ex_date}"
        if action.kind not in KINDS:
            raise InvalidInputError(f"{where} was {action.kind!r}; it may be {', '.join(KINDS)}")
        if action.kind == "split" and (action.new < 1 or action.old < 1):
            raise InvalidInputError(
                f"{where} was {action.new} new for {action.old} old shares; both must be 1 or more"
            )
        if action.kind in ("dividend", "delisting") and action.amount < 0:
            raise InvalidInputError(f"{where} paid {action.amount}; it must be 0 or more")
        try:
            np.datetime64(action.ex_date, "D")
        except ValueError:
            raise InvalidInputError(f"{where}: write its date as 2024-01-31") from None


def with_renames(history: MarketHistory) -> MarketHistory:
    """Return the history in which a renamed symbol's bars stand before those of its new name.

    The old name's bars before ex_date and the new name's from then on become one series under the
    new name, and the actions follow; a rename to a symbol without bars only changes the name.
    """
    renames = sorted(
        (each for each in history.actions if each.kind == "rename"), key=lambda each: each.ex_date
    )
    if not renames:
        return history
    series = dict(history.series)
    actions = [each for each in history.actions if each.kind != "rename"]
    for rename in renames:
        if rename.symbol not in series:
            continue
        old = series.pop(rename.symbol)
        series[rename.to] = _joined(old, series.get(rename.to), rename)
        actions = [
            replace(each, symbol=rename.to) if each.symbol == rename.symbol else each
            for each in actions
        ]
    return replace(history, series=series, actions=tuple(actions))


def _joined(old: BarSeries, new: BarSeries | None, rename: Action) -> BarSeries:
    if new is None:
        return replace(old, symbol=rename.to)
    if old.closes_at[-1] > new.opens_at[0]:
        raise InvalidInputError(
            f"{rename.symbol} became {rename.to} on {rename.ex_date}, but both have bars at the same "
            "time; cut the old name's bars at that date"
        )
    columns = {
        name: np.concatenate([getattr(old, name), getattr(new, name)])
        for name in (*_COLUMNS, *_OPTIONAL)
        if getattr(old, name) is not None and getattr(new, name) is not None
    }
    return BarSeries(rename.to, **columns)


def happenings_of(history: MarketHistory, grid: Grid) -> tuple[Happening, ...]:
    """Return splits, dividends and delistings at the first row whose date is the ex-date or later.

    Those before the first row or after the last one happen outside the run. In order of row.
    """
    if not history.actions:
        return ()
    places = {symbol: index for index, symbol in enumerate(grid.symbols)}
    scale = 10.0**history.price_decimals
    found = []
    for action in history.actions:
        kind = {"split": _SPLIT, "dividend": _DIVIDEND, "delisting": _DELISTING}.get(action.kind)
        row = _row(action, grid)
        if kind is None or row is None or action.symbol not in places:
            continue
        value = action.new / action.old if kind == _SPLIT else action.amount / scale
        found.append(Happening(row, places[action.symbol], kind, value))
    return tuple(sorted(found, key=lambda each: (each.row, each.instrument, each.kind)))


def members_of(history: MarketHistory, grid: Grid) -> NDArray[np.uint8] | None:
    """Return 1 where a symbol belongs to the universe [N, T]; None when all always do.

    A symbol whose first change is join begins outside.
    """
    changes = [each for each in history.actions if each.kind in ("join", "leave")]
    if not changes:
        return None
    member = np.ones((len(grid.symbols), len(grid.time)), dtype=np.uint8)
    for index, symbol in enumerate(grid.symbols):
        own = sorted(
            (each for each in changes if each.symbol == symbol), key=lambda each: each.ex_date
        )
        if not own:
            continue
        inside = own[0].kind == "leave"
        rows = [int(np.searchsorted(grid.day, _day(each))) for each in own]
        for (first, last), state in zip(
            pairwise([0, *rows, len(grid.time)]),
            [inside, *(each.kind == "join" for each in own)],
            strict=True,
        ):
            member[index, first:last] = state
    return member


def _day(action: Action) -> int:
    return int(np.datetime64(action.ex_date, "D").astype(np.int64))


def _row(action: Action, grid: Grid) -> int | None:
    day = _day(action)
    if day <= grid.day[0] and day != grid.day[0]:
        return None
    row = int(np.searchsorted(grid.day, day))
    return row if row < len(grid.time) else None
