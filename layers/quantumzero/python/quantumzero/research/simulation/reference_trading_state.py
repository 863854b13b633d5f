"""Whether the account trades: losses and too many executions stop it, as live (usecases/stop_at_limits).

Nobody is there to resume: what is stopped stays so, or until the next session when that was chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.simulation.codes import Code
from quantumzero.research.simulation.reference_resting import clear
from quantumzero.research.simulation.reference_sizes import LARGEST
from quantumzero.research.simulation.reference_state import (
    ACTIVE,
    CANCELLED,
    HALTED,
    MARGIN_CALL,
    NAN,
    OPEN,
    REDUCING,
    finish,
    refuse,
)
from quantumzero.research.simulation.request import INFINITE

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run

HALTS_FROM = 1.5
TOLERANCE = 1e-9
"""Percent that are this far above a limit are those of a number that has no exact double."""
_FOUR_DECIMALS = 1e4
_DAY = 86_400_000
_MILLISECOND = 1000


def watches_losses(run: Run) -> bool:
    """Say whether a loss limit is set."""
    settings = run.request.settings
    return settings.limit_daily_loss < INFINITE or settings.limit_drawdown < INFINITE


def resume(run: Run, row: int) -> None:
    """Let what an earlier session stopped trade again, when that was chosen."""
    if not run.request.settings.resume_next_session:
        return
    session = run.session[row]
    if run.state != ACTIVE and run.stopped_session != session:
        run.state = ACTIVE
    if run.throttled and run.throttled_session != session:
        run.throttled, run.spent_until = False, 0


def end_session(run: Run, row: int) -> None:
    """Judge the day by its close, which the next one is measured from."""
    if not watches_losses(run) or not run.session_end[row]:
        return
    equity = run.curves[row][0]
    stop_after_loss(run, equity, row)
    run.opening = equity
    run.peak = max(run.peak, equity)


def stop_after_loss(run: Run, equity: float, row: int) -> None:
    """Reduce or halt as the losses ask for; never loosens. Halting cancels what works."""
    if not watches_losses(run):
        return
    state, by_drawdown, value, limit = losses(run, equity)
    if state <= run.state:
        return
    run.state, run.by_drawdown = state, by_drawdown
    run.stopped_value, run.stopped_limit = value, limit
    run.stopped_session = run.session[row]
    if state == HALTED:
        for order in run.working:
            if order.state == OPEN and order.purpose != MARGIN_CALL:
                finish(run, order, CANCELLED)
        clear(run)


def losses(run: Run, equity: float) -> tuple[int, bool, float, float]:
    """Return the state that the losses ask for, and of the first one above its limit whether it is the
    drawdown, what is lost and what may be, in percent.
    """
    settings = run.request.settings
    day, most_day = _lost(run.opening, equity), settings.limit_daily_loss
    drawdown, most_drawdown = _lost(run.peak, equity), settings.limit_drawdown
    if not day > most_day and not drawdown > most_drawdown:
        return ACTIVE, False, NAN, NAN
    halts = _halts(day, most_day) or _halts(drawdown, most_drawdown)
    state = HALTED if halts else REDUCING
    if day > most_day:
        return state, False, day, most_day
    return state, True, drawdown, most_drawdown


def _halts(lost: float, most: float) -> bool:
    return lost > most and lost >= most * HALTS_FROM - TOLERANCE


def _lost(before: float, equity: float) -> float:
    if not before > 0.0:
        return 0.0
    percent = (before - equity) * 100.0 / before
    return max(round(percent * _FOUR_DECIMALS) / _FOUR_DECIMALS, 0.0)


def refused_by_state(run: Run, order: Order, row: int) -> bool:
    """Say whether the trading state forbids the order, and record it; the account's goes first."""
    if run.state == ACTIVE and not run.throttled:
        return False
    if run.state == HALTED:
        code = Code.HALTED_BY_DRAWDOWN if run.by_drawdown else Code.TRADING_HALTED
        refuse(run, order, code, run.stopped_value, run.stopped_limit, row)
        return True
    if order.reduces:
        return False
    if run.state == REDUCING:
        code = Code.REDUCING_BY_DRAWDOWN if run.by_drawdown else Code.TRADING_REDUCING
        refuse(run, order, code, run.stopped_value, run.stopped_limit, row)
        return True
    limit = run.request.settings.limit_executions
    refuse(run, order, Code.REDUCING_BY_THROTTLE, NAN, limit, row)
    return True


def refused_by_loss(run: Run, order: Order, row: int) -> bool:
    """Say whether the losses forbid the order, and record it; an exit from 1.5 times on."""
    if not watches_losses(run):
        return False
    state, by_drawdown, value, limit = losses(run, run.equity)
    if state == ACTIVE or (order.reduces and state == REDUCING):
        return False
    refuse(run, order, Code.LOSS_DRAWDOWN if by_drawdown else Code.LOSS_LIMIT, value, limit, row)
    return True


def refused_by_throttle(run: Run, order: Order, row: int) -> bool:
    """Say whether the strategy has ordered as often as it may in a day; then its entries stop."""
    limit = run.request.settings.limit_executions
    if limit >= LARGEST:
        return False
    capacity, cost = _bucket(limit)
    now = run.time[row] // _MILLISECOND
    level = run.spent_until - (cost if _turns(run, order) else 0)
    if level <= now + (capacity - 1) * cost:
        return False
    spent = float(max(level - now, 0)) / float(cost) + 1.0
    refuse(run, order, Code.EXEC_THROTTLE, spent, float(capacity), row)
    run.throttled, run.throttled_session = True, run.session[row]
    return True


def spend(run: Run, order: Order, row: int) -> None:
    """Count an order of the strategy: each moves the time until which its rate is spent. The two
    that turn a position are one.
    """
    limit = run.request.settings.limit_executions
    if limit < LARGEST and not _turns(run, order):
        _, cost = _bucket(limit)
        run.spent_until = max(run.spent_until, run.time[row] // _MILLISECOND) + cost


def _turns(run: Run, order: Order) -> bool:
    return not order.reduces and run.positions[order.instrument].side * order.side < 0


def _bucket(limit: float) -> tuple[int, int]:
    """Return how many orders a day holds, and the milliseconds that one takes of it."""
    capacity = max(int(limit), 1)
    return capacity, -(-_DAY // capacity)
