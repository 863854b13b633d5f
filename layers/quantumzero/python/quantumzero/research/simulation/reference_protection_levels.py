"""Where a position's protective orders stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from quantumzero.research.simulation.reference_state import NAN, STOP_LOSS, TRAILING_STOP

if TYPE_CHECKING:
    from quantumzero.research.simulation.reference_state import Order, Position, Run


def protect(run: Run, position: Position, order: Order) -> None:
    """Set the levels from the average entry price after an entry has filled, in whole or part."""
    settings = run.request.settings
    position.stop_distance = order.stop_distance
    position.target_distance = order.target_distance
    position.trail_distance = order.trail_distance
    side = position.side
    position.stop = level(position.price, order.stop_distance, settings.stop_fraction, side)
    position.target = level(position.price, order.target_distance, settings.target_fraction, -side)
    trails = settings.trail_fraction > 0.0 or not math.isnan(order.trail_distance)
    fixed = not (math.isnan(position.stop) and math.isnan(position.target))
    position.guarded = trails or fixed


def level(price: float, distance: float, fraction: float, side: int) -> float:
    """Return the price that far below (side 1) or above (-1) the price; NaN: no such order."""
    if not math.isnan(distance):
        return price - side * distance
    return price * (1.0 - side * fraction) if fraction > 0.0 else NAN


def nearest_stop(run: Run, position: Position) -> tuple[float, int]:
    """Return the stop that is hit first, fixed or trailing, and its purpose; NaN: there is none."""
    side = position.side
    trailing = level(
        position.water, position.trail_distance, run.request.settings.trail_fraction, side
    )
    if math.isnan(trailing) or side * position.stop >= side * trailing:
        return position.stop, STOP_LOSS
    return trailing, TRAILING_STOP


def follow(position: Position, price: float) -> None:
    """Let the trailing stop follow a price that is better than all before."""
    if position.side * price > position.side * position.water:
        position.water = price
