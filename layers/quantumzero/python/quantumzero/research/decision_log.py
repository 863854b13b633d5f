"""The decision log: for every bar the action and the reason, in the words of the live path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from quantumzero.domain.calendars import from_us
from quantumzero.domain.decisions import decision_id
from quantumzero.domain.strategy.conclusion import conclude
from quantumzero.domain.strategy.evaluator import Evaluation
from quantumzero.research.label_values import LabelValues
from quantumzero.research.positions import Positions
from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.research.plan import Plan
    from quantumzero.research.simulation.request import SimulationOutcome
    from quantumzero.research.vector import VectorEvaluator

_SPLIT = 0


def decision_log(
    plan: Plan,
    compiled: CompiledStrategy,
    evaluator: VectorEvaluator,
    signals: NDArray[np.uint8],
    outcome: SimulationOutcome,
    happenings: tuple[Any, ...] = (),
) -> tuple[Mapping[str, Any], ...]:
    """Return one decision for each bar of the range, ordered by time, then symbol.

    signals are the document's own, before any model: a decision to enter stands although a control
    refuses its order. Keys: id, time, symbol, action, reason, price, position, values.
    """
    grid = plan.grid
    splits: dict[int, list[tuple[int, float]]] = {}
    for each in happenings:
        if each.kind == _SPLIT:
            splits.setdefault(each.instrument, []).append((each.row, each.value))
    positions = Positions(grid, outcome).with_splits(splits)
    values = LabelValues(compiled, evaluator)
    present = ~np.isnan(grid.close)
    order = sorted(range(len(grid.symbols)), key=lambda index: grid.symbols[index])
    return tuple(
        _decision(plan, compiled, (index, row), signals, positions, values)
        for row in range(len(grid.time))
        for index in order
        if present[index, row]
    )


def _decision(
    plan: Plan,
    compiled: CompiledStrategy,
    place: tuple[int, int],
    signals: NDArray[np.uint8],
    positions: Positions,
    values: LabelValues,
) -> Mapping[str, Any]:
    index, row = place
    grid = plan.grid
    symbol, bar = grid.symbols[index], grid.bar_of(index, row)
    held = positions.at(index, row)
    bits = int(signals[index, row])
    warm = bar + 1 >= compiled.warm_up_bars
    evaluation = Evaluation(
        bool(bits & ENTER_LONG),
        bool(bits & EXIT_LONG),
        bool(bits & ENTER_SHORT),
        bool(bits & EXIT_SHORT),
        bar + 1,
        warm,
        (),
        compiled,
    )
    action, reason = conclude(compiled, evaluation, held)
    document = plan.document
    closes_at = from_us(int(grid.time[row]))
    return {
        "id": decision_id(document.strategy, document.version, symbol, closes_at),
        "time": int(grid.time[row]),
        "symbol": symbol,
        "action": action.value,
        "reason": reason,
        "price": float(grid.close[index, row]),
        "position": float(held.quantity),
        "values": values.at(symbol, bar),
    }
