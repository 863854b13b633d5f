"""What is exposed with an order: of the account, net, of the symbol, of its sector, of the strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.research.simulation.codes import Code
from quantumzero.research.simulation.reference_state import refuse
from quantumzero.research.simulation.request import INFINITE

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Run


def leaving(run: Run, order: Order) -> tuple[float, float]:
    """Return market value and exposure of a position that a reversal closes first."""
    position = run.positions[order.instrument]
    if position.side * order.side >= 0:
        return 0.0, 0.0
    return abs(position.quantity) * position.last, position.exposure


def beyond_exposure(run: Run, order: Order, value: float, row: int) -> bool:
    """Say whether a limit of exposure refuses the order, and record which. What is held counts at
    the greater of its newest value and what its orders had reserved.
    """
    settings = run.request.settings
    left, reserved = leaving(run, order)
    used = run.reserved + run.exposure - reserved
    gross = max(used, run.gross - left + run.reserved) + value
    symbol = _symbol(run, order, left, reserved) + value
    strategy = run.gross - left + run.reserved + value
    for code, after, limit in (
        (Code.EXPOSURE_GROSS, gross, settings.limit_gross),
        (Code.EXPOSURE_NET, _net(run, order) + value, settings.limit_net),
        (Code.EXPOSURE_SYMBOL, symbol, settings.limit_symbol),
        (Code.EXPOSURE_SECTOR, _sector(run, order, left, reserved) + value, settings.limit_sector),
        (Code.EXPOSURE_STRATEGY, strategy, settings.limit_strategy),
    ):
        if after > limit:
            refuse(run, order, code, after, limit, row)
            return True
    return False


def _net(run: Run, order: Order) -> float:
    """Long less short on the order's side, with all that works as if it were on that side."""
    position = run.positions[order.instrument]
    net = run.net
    if position.side * order.side < 0:
        net -= position.quantity * position.last
    return (net if order.side > 0 else -net) + run.reserved


def _symbol(run: Run, order: Order, left: float, reserved: float) -> float:
    position = run.positions[order.instrument]
    market = abs(position.quantity) * position.last if position.quantity != 0.0 else 0.0
    used = position.reserved + position.exposure - reserved
    return max(used, market - left + position.reserved)


def _sector(run: Run, order: Order, left: float, reserved: float) -> float:
    """Every symbol of the sector at the greater of what its orders reserved and what it is worth."""
    sector = run.request.sector
    if run.request.settings.limit_sector == INFINITE or sector is None:
        return -INFINITE
    mine = sector[order.instrument]
    if mine < 0:
        return -INFINITE
    total = 0.0
    for instrument, position in enumerate(run.positions):
        if sector[instrument] != mine:
            continue
        used, market = position.reserved + position.exposure, 0.0
        if position.quantity != 0.0:
            market = abs(position.quantity) * position.last
        if instrument == order.instrument:
            used, market = used - reserved, market - left
        total += max(used, market)
    return total
