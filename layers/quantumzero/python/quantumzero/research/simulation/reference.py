"""The event simulation in plain Python: what the kernel is tested against and what replaces it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_actions import (
    call_margin,
    close_all,
    happen,
    pay_interest,
)
from quantumzero.research.simulation.reference_costs import turn_month
from quantumzero.research.simulation.reference_decisions import decide
from quantumzero.research.simulation.reference_fills import see
from quantumzero.research.simulation.reference_prints import trade_prints
from quantumzero.research.simulation.reference_protection import watch
from quantumzero.research.simulation.reference_resting import clear, expire, trade_working
from quantumzero.research.simulation.reference_sizes import values_held, worth
from quantumzero.research.simulation.reference_state import begin
from quantumzero.research.simulation.reference_tables import outcome_of
from quantumzero.research.simulation.reference_trading_state import end_session, resume

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Run
    from quantumzero.research.simulation.request import (
        Happening,
        SimulationOutcome,
        SimulationRequest,
    )


def simulate_reference(request: SimulationRequest) -> SimulationOutcome:
    """Return what the request comes to. The request must be sound: simulate() checks it."""
    run = begin(request)
    happenings: dict[int, list[Happening]] = {}
    for happening in request.happenings:
        happenings.setdefault(happening.row, []).append(happening)
    for row in range(run.rows):
        resume(run, row)
        turn_month(run, row)
        for happening in happenings.get(row, ()):
            happen(run, happening)
        pay_interest(run, row)
        _trade(run, row)
        _mark(run, row)
        if request.settings.finalise and row == run.rows - 1:
            close_all(run, row)
            run.equity, run.gross = worth(run)
        else:
            call_margin(run, row)
            decide(run, row)
        _record(run)
        end_session(run, row)
    return outcome_of(run)


def _trade(run: Run, row: int) -> None:
    if run.working:
        trade_working(run, row, closing=False)
    if run.request.settings.replay_prints:
        trade_prints(run, row)
    watch(run, row)
    clear(run)
    if run.working:
        trade_working(run, row, closing=True)
    expire(run, row)


def _mark(run: Run, row: int) -> None:
    """Value what is held at the row's closes; an instrument without a bar keeps its last one."""
    for instrument, position in enumerate(run.positions):
        if position.quantity != 0.0 and run.has_bar(instrument, row):
            see(run, instrument, row)
            position.last = run.close[instrument][row]
            if row > position.entry_row:
                position.bars += 1
    run.net, run.gross = values_held(run)
    run.equity = run.cash + run.net


def _record(run: Run) -> None:
    """Write the row of the curves: after the decisions, which may have traded at the close."""
    net, gross = values_held(run)
    run.curves.append((run.cash + net, run.cash, gross, net))
