"""At what price a bar trades a working order, by its kind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_state import (
    AT_CLOSE,
    AT_OPEN,
    INSIDE_BY_LIMIT,
    INSIDE_BY_STOP,
    NAN,
)
from quantumzero.research.simulation.request import FillAt, Life, OrderKind

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run


@dataclass(slots=True)
class Touch:
    """The price before slippage at which an order may trade now, NaN when it may not."""

    raw: float
    time: int
    manner: int
    slips: bool
    volume: float


def touch(run: Run, order: Order, row: int, *, closing: bool) -> Touch | None:
    """Return the order's chance at the row's open (or close), None when it is not its moment."""
    if order.kind == OrderKind.MARKET:
        return _market(run, order, row, closing=closing)
    if order.kind == OrderKind.MARKET_ON_CLOSE:
        return _at_close(run, order, row) if closing and run.session_end[row] else None
    if order.kind == OrderKind.MARKET_ON_OPEN:
        first = row == 0 or run.session[row - 1] != run.session[row]
        return _at_open(run, order, row, slips=True) if first and not closing else None
    return None if closing else _priced(run, order, row)


def _priced(run: Run, order: Order, row: int) -> Touch:
    if order.kind == OrderKind.LIMIT:
        return _limit(run, order, row)
    if order.kind == OrderKind.STOP_LIMIT:
        return _stop_limit(run, order, row)
    found = _stop(run, order, row)
    if order.kind == OrderKind.TRAILING_STOP and math.isnan(found.raw):
        _follow(run, order, row)
    return found


def _market(run: Run, order: Order, row: int, *, closing: bool) -> Touch | None:
    settings = run.request.settings
    if settings.replay_prints and order.life == Life.DAY:
        return None
    if order.fill_at == FillAt.NEXT_OPEN:
        return None if closing else _at_open(run, order, row, slips=True)
    if not closing:
        return None
    if order.fill_at != FillAt.QUOTE:
        return _at_close(run, order, row)
    quotes = run.request.ask if order.side > 0 else run.request.bid
    quote = NAN if quotes is None else float(quotes[order.instrument, row])
    return _inside(run, order, row, quote if quote > 0.0 else NAN, AT_CLOSE)


def _at_open(run: Run, order: Order, row: int, *, slips: bool) -> Touch:
    i = order.instrument
    return Touch(run.open[i][row], run.opens[row], AT_OPEN, slips, run.volume[i][row])


def _at_close(run: Run, order: Order, row: int) -> Touch:
    return _inside(run, order, row, run.close[order.instrument][row], AT_CLOSE)


def _inside(run: Run, order: Order, row: int, raw: float, manner: int) -> Touch:
    """A fill after the open, dated to the bar's close; a limit's price does not slip."""
    slips = manner != INSIDE_BY_LIMIT
    return Touch(raw, run.time[row], manner, slips, run.volume[order.instrument][row])


def _immediate(order: Order) -> bool:
    return order.life in (Life.IMMEDIATE_OR_CANCEL, Life.FILL_OR_KILL)


def _limit(run: Run, order: Order, row: int) -> Touch:
    """At the open when it is through, else at the limit when the bar reaches it."""
    i, side = order.instrument, order.side
    if side * run.open[i][row] <= side * order.limit:
        return _at_open(run, order, row, slips=False)
    best = run.low[i][row] if side > 0 else run.high[i][row]
    reached = side * best <= side * order.limit and not _immediate(order)
    return _inside(run, order, row, order.limit if reached else NAN, INSIDE_BY_LIMIT)


def _stop(run: Run, order: Order, row: int) -> Touch:
    """At the open when it has gapped, else at the stop when the bar reaches it."""
    i, side = order.instrument, order.side
    if order.triggered or side * run.open[i][row] >= side * order.stop:
        order.triggered = True
        return _at_open(run, order, row, slips=True)
    if _reaches_stop(run, order, row):
        order.triggered = True
        return _inside(run, order, row, order.stop, INSIDE_BY_STOP)
    return _inside(run, order, row, NAN, INSIDE_BY_STOP)


def _reaches_stop(run: Run, order: Order, row: int) -> bool:
    i, side = order.instrument, order.side
    worst = run.high[i][row] if side > 0 else run.low[i][row]
    return side * worst >= side * order.stop and not _immediate(order)


def _stop_limit(run: Run, order: Order, row: int) -> Touch:
    """Once triggered a limit order. Triggered inside the bar it fills there only when its limit is
    not better than the stop: whether the price came back in the same bar is not known.
    """
    i, side = order.instrument, order.side
    if order.triggered or side * run.open[i][row] >= side * order.stop:
        order.triggered = True
        return _limit(run, order, row)
    if not _reaches_stop(run, order, row):
        return _inside(run, order, row, NAN, INSIDE_BY_LIMIT)
    order.triggered = True
    fills = side * order.stop <= side * order.limit
    found = _inside(run, order, row, order.stop if fills else NAN, INSIDE_BY_STOP)
    found.slips = False
    return found


def _follow(run: Run, order: Order, row: int) -> None:
    """Let a trailing entry follow the bar after it has been checked."""
    i, side = order.instrument, order.side
    best = run.low[i][row] if side > 0 else run.high[i][row]
    if side * best < side * order.water:
        order.water = best
        order.stop = best * (1.0 + side * order.trail)
