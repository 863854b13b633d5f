"""Filling market day orders from prints, as the exchange simulator does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_resting import clear, execute, may_trade
from quantumzero.research.simulation.reference_state import AT_OPEN, INSIDE_BY_LIMIT, OPEN
from quantumzero.research.simulation.reference_touch import Touch
from quantumzero.research.simulation.request import Life, OrderKind

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run


def trade_prints(run: Run, row: int) -> None:
    """Let the row's prints trade the market day orders, in order of time, then of instruments;
    at each print the orders of its instrument in order of arrival.
    """
    detail = run.request.detail
    if detail is None:
        return
    waiting: dict[int, list[Order]] = {}
    for order in run.working:
        if order.kind == OrderKind.MARKET and order.life == Life.DAY:
            if order.session < 0 and run.has_bar(order.instrument, row):
                order.session = run.session[row]
            waiting.setdefault(order.instrument, []).append(order)
    prints = [
        (int(detail.time[at]), instrument, at)
        for instrument in waiting
        for at in range(int(detail.start[instrument, row]), int(detail.start[instrument, row + 1]))
    ]
    for _, instrument, at in sorted(prints):
        for order in waiting[instrument]:
            if order.state == OPEN and may_trade(run, order):
                first = at == int(detail.start[instrument, row])
                _trade(run, order, row, at, AT_OPEN if first else INSIDE_BY_LIMIT)
    clear(run)


def _trade(run: Run, order: Order, row: int, at: int, manner: int) -> None:
    detail = run.request.detail
    if detail is None:
        return
    price, volume = float(detail.open[at]), float(detail.volume[at])
    touched = Touch(price, int(detail.time[at]), manner, True, volume)
    execute(run, order, row, touched)
