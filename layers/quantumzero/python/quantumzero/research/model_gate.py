"""The model gate of a run: entries whose score is too low are not taken, and are refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.scoring import MissingFeatureError, ScoringModel
from quantumzero.research.label_values import LabelValues
from quantumzero.research.positions import Positions
from quantumzero.research.result import Refusal
from quantumzero.research.simulation.request import ENTER_LONG, ENTER_SHORT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.document import ModelGate
    from quantumzero.research.grid import Grid
    from quantumzero.research.simulation.request import SimulationOutcome
    from quantumzero.research.vector import VectorEvaluator

    Bytes = NDArray[np.uint8]

CODE = "MODEL_SCORE"
_ENTRIES = ENTER_LONG | ENTER_SHORT


@dataclass(frozen=True, slots=True)
class GatedSignals:
    """The signals that may trade, and the score of every entry that may not, by (symbol, row)."""

    signals: Bytes
    rejected: dict[tuple[int, int], float]


def require_model(gate: ModelGate | None, model: ScoringModel | None) -> ScoringModel | None:
    """Return the model that a run asks; raises InvalidInputError when there is none to ask."""
    if gate is None:
        return None
    if model is None:
        raise InvalidInputError(
            f"the strategy asks model {gate.name} and none was given; give it (model=..., "
            "--model FILE), or take the model out of the document",
            field="model",
        )
    return model


def gate_signals(
    signals: Bytes,
    grid: Grid,
    compiled: CompiledStrategy,
    evaluator: VectorEvaluator,
    model: ScoringModel,
) -> GatedSignals:
    """Score every bar with an entry on its decision's values; a score below the document's
    threshold takes the entry away. Raises InvalidInputError for a feature that does not exist.
    """
    gate = compiled.document.model
    if gate is None:
        return GatedSignals(signals, {})
    known = {label for label, _ in compiled.labels}
    for feature in model.features:
        if feature not in known:
            raise InvalidInputError(
                f"model {model.name} needs {feature}, which is no value of the strategy; its values "
                f"are {', '.join(sorted(known))}"
            )
    values = LabelValues(compiled, evaluator, set(model.features))
    allowed = signals.copy()
    rejected: dict[tuple[int, int], float] = {}
    for index, symbol in enumerate(grid.symbols):
        for row in np.flatnonzero(signals[index] & _ENTRIES).tolist():
            try:
                score = model.score(values.at(symbol, grid.bar_of(index, row)))
            except MissingFeatureError:
                score = -1.0  # no value, no score: the live gate refuses too
            if score < float(gate.at_least):
                allowed[index, row] &= 255 - _ENTRIES
                rejected[index, row] = score
    return GatedSignals(allowed, rejected)


def gate_refusals(
    gated: GatedSignals, grid: Grid, compiled: CompiledStrategy, outcome: SimulationOutcome
) -> list[Refusal]:
    """Return the refusals of entries that would have been decided: nothing was held or working."""
    gate = compiled.document.model
    if gate is None or not gated.rejected:
        return []
    positions = Positions(grid, outcome)
    refusals = []
    for (index, row), score in gated.rejected.items():
        held = positions.at(index, row)
        if held.quantity or held.pending_buy or held.pending_sell:
            continue
        text = f"model {gate.name} scored {score:g}; the strategy acts from {gate.at_least} on"
        code = CODE
        if score < 0:
            code, text = "NO_MODEL", f"the strategy asks model {gate.name} and no score came"
        side = "buy" if gated.signals[index, row] & ENTER_LONG == 0 else "sell"
        refusals.append(Refusal(int(grid.time[row]), grid.symbols[index], side, 0.0, code, text))
    return refusals
