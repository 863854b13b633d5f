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
from quantumzero.research.simulation.request import (
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.domain.strategy.compiler import CompiledStrategy
    from quantumzero.domain.strategy.conclusion import Held
    from quantumzero.domain.strategy.document import ModelGate
    from quantumzero.research.grid import Grid
    from quantumzero.research.simulation.request import SimulationOutcome
    from quantumzero.research.vector import VectorEvaluator

    Bytes = NDArray[np.uint8]

CODE, NO_MODEL = "MODEL_SCORE", "NO_MODEL"
_ENTRIES = ENTER_LONG | ENTER_SHORT


@dataclass(frozen=True, slots=True)
class GatedSignals:
    """The signals that may trade, and every entry that may not, by (symbol, row): its side and its
    score, None when a feature had no value.
    """

    signals: Bytes
    rejected: dict[tuple[int, int], tuple[str, float | None]]


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
    score: float | None
    rejected: dict[tuple[int, int], tuple[str, float | None]] = {}
    for index, symbol in enumerate(grid.symbols):
        for row in np.flatnonzero(signals[index] & _ENTRIES).tolist():
            try:
                score = model.score(values.at(symbol, grid.bar_of(index, row)))
            except MissingFeatureError:
                score = None
            if score is None or score < float(gate.at_least):
                allowed[index, row] &= 255 - _ENTRIES
                side = "buy" if signals[index, row] & ENTER_LONG else "sell"
                rejected[index, row] = (side, score)
    return GatedSignals(allowed, rejected)


def gate_refusals(
    gated: GatedSignals, grid: Grid, compiled: CompiledStrategy, outcome: SimulationOutcome
) -> list[Refusal]:
    """Return the refusals of the entries that would have been decided."""
    gate = compiled.document.model
    if gate is None or not gated.rejected:
        return []
    positions = Positions(grid, outcome)
    refusals = []
    for (index, row), (side, score) in gated.rejected.items():
        held = positions.at(index, row)
        if not _would_enter(held, side, int(gated.signals[index, row])):
            continue
        if score is None:
            code, asked = NO_MODEL, None
            text = (
                f"the strategy asks model {gate.name} and no score came; train and approve one, or "
                "take the model out of the document"
            )
        else:
            code, asked = CODE, float(gate.at_least)
            text = f"model {gate.name} scored {score:g}; the strategy acts from {gate.at_least} on"
        time, symbol = int(grid.time[row]), grid.symbols[index]
        refusals.append(Refusal(time, symbol, side, 0.0, code, text, asked, score))
    return refusals


def _would_enter(held: Held, side: str, bits: int) -> bool:
    """Say whether an entry is decided: nothing is held or works, or an exit turns the position."""
    if held.quantity:
        turns = side == ("sell" if held.quantity > 0 else "buy")
        return turns and bool(bits & (EXIT_LONG if held.quantity > 0 else EXIT_SHORT))
    return not held.pending_buy and not held.pending_sell
