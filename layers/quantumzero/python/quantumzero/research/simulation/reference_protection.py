"""Protective orders inside a bar: gaps at the open, stop before target, finer bars in turn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_costs import slipped
from quantumzero.research.simulation.reference_fills import Fill, book
from quantumzero.research.simulation.reference_protection_levels import follow, nearest_stop
from quantumzero.research.simulation.reference_resting import capped
from quantumzero.research.simulation.reference_state import (
    AT_OPEN,
    FILLED,
    HALTED,
    INSIDE_BY_STOP,
    NAN,
    TAKE_PROFIT,
    Order,
    cancel,
    send,
    work,
)
from quantumzero.research.simulation.request import Life

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Position, Run


@dataclass(slots=True)
class Span:
    """A bar or a finer bar: when a gap at its open and when a price inside it is dated."""

    open: float
    high: float
    low: float
    close: float
    opens: int
    inside: int


@dataclass(slots=True)
class Strike:
    """A protective order that is hit; other is the exit that the same prices also allow."""

    price: float
    purpose: int
    time: int
    other: float = NAN


def watch(run: Run, row: int) -> None:
    """Check the protective orders of every position, in order of instruments; none while halted."""
    if run.state == HALTED:
        return
    for instrument, position in enumerate(run.positions):
        guarded = position.guarded and position.quantity != 0.0 and position.exits == 0
        if guarded and run.has_bar(instrument, row):
            _watch_position(run, instrument, position, row)


def _watch_position(run: Run, instrument: int, position: Position, row: int) -> None:
    if position.entry_row == row and position.manner != AT_OPEN:
        _watch_rest_of_entry_bar(run, instrument, position, row)
        return
    for span in _spans(run, instrument, row):
        strike = _strike(run, position, span)
        if strike is not None:
            _fire(run, instrument, row, strike)
            return
        follow(position, span.high if position.side > 0 else span.low)


def _spans(run: Run, instrument: int, row: int) -> list[Span]:
    detail = run.request.detail
    if detail is not None:
        start, end = int(detail.start[instrument, row]), int(detail.start[instrument, row + 1])
        if end > start:
            return [
                Span(
                    float(detail.open[at]),
                    float(detail.high[at]),
                    float(detail.low[at]),
                    float(detail.close[at]),
                    int(detail.time[at]),
                    int(detail.time[at]),
                )
                for at in range(start, end)
            ]
    return [
        Span(
            run.open[instrument][row],
            run.high[instrument][row],
            run.low[instrument][row],
            run.close[instrument][row],
            run.opens[row],
            run.time[row],
        )
    ]


def _strike(run: Run, position: Position, span: Span) -> Strike | None:
    settings = run.request.settings
    side = position.side
    stop, purpose = nearest_stop(run, position)
    target = position.target
    worst, best = (span.low, span.high) if side > 0 else (span.high, span.low)
    if side * span.open <= side * stop:
        price = stop if settings.gap_at_stop else span.open
        return Strike(price, purpose, span.opens)
    if side * span.open >= side * target:
        return Strike(span.open, TAKE_PROFIT, span.opens)
    stopped = side * worst <= side * stop
    reached = side * best >= side * target
    if reached and (settings.target_first or not stopped):
        return Strike(target, TAKE_PROFIT, span.inside, stop if stopped else NAN)
    if stopped:
        return Strike(stop, purpose, span.inside, target if reached else NAN)
    return None


def _watch_rest_of_entry_bar(run: Run, instrument: int, position: Position, row: int) -> None:
    """After a fill inside the bar only the stop counts. A limit was passed on the way to it; a bar
    that triggered a stop entry may have been there before: ambiguous.
    """
    stop, purpose = nearest_stop(run, position)
    worst = run.low[instrument][row] if position.side > 0 else run.high[instrument][row]
    close = run.close[instrument][row]
    if position.side * worst <= position.side * stop:
        other = close if position.manner == INSIDE_BY_STOP else NAN
        _fire(run, instrument, row, Strike(stop, purpose, run.time[row], other))
        return
    follow(position, close)


def _fire(run: Run, instrument: int, row: int, strike: Strike) -> None:
    position = run.positions[instrument]
    order = Order(
        number=len(run.orders),
        instrument=instrument,
        side=-position.side,
        purpose=strike.purpose,
        quantity=abs(position.quantity),
        row=row,
        decided_at=strike.time,
        reduces=True,
        life=Life.GOOD_TIL_CANCELLED,
    )
    at_target = strike.purpose == TAKE_PROFIT
    if at_target:
        order.limit = position.target
    else:
        order.stop, _ = nearest_stop(run, position)
    send(run, order)
    cancel(run, instrument, reduces=False)
    volume = run.volume[instrument][row]
    quantity = capped(run, order.remaining, volume)
    if quantity > 0.0:
        place = (row, volume)
        price, other = strike.price, strike.other
        if not at_target:
            price = slipped(run, order, price, quantity, place)
        elif not math.isnan(other):
            other = slipped(run, order, other, quantity, place)
        fill = Fill(quantity, strike.price, price, strike.time, row, other=other)
        book(run, order, fill)
    if quantity < order.remaining:
        order.remaining -= quantity
        work(run, order)
    else:
        order.state = FILLED
