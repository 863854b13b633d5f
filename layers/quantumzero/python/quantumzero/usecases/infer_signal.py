"""Score an actionable decision by the champion of the model that its strategy asks for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from quantumzero.domain.errors import CorruptDataError, NotFoundError
from quantumzero.domain.risk.proposal import NO_MODEL, ModelVerdict
from quantumzero.domain.strategy.scoring import MissingFeatureError

if TYPE_CHECKING:
    from datetime import datetime

    from quantumzero.ports.decisions import DecisionReader
    from quantumzero.ports.models import ModelRegistry


class InferSignal:
    """Everything that stands in the way of a score is an answer without one: the risk check denies it."""

    def __init__(self, *, decisions: DecisionReader, registry: ModelRegistry) -> None:
        self._decisions = decisions
        self._registry = registry

    def __call__(self, strategy: str, symbol: str, closes_at: datetime) -> ModelVerdict:
        """Return the verdict on the stored decision; raises NotFoundError when there is none."""
        decision = self._decisions.decision(strategy, symbol, closes_at)
        if decision is None:
            raise NotFoundError(
                f"strategy {strategy} has no decision on {symbol} at {closes_at.isoformat()}"
            )
        # Nothing may delay getting out, so an exit is not scored.
        if decision.model is None or not decision.entering:
            return NO_MODEL
        try:
            champion = self._registry.champion(decision.model)
        except CorruptDataError as error:
            return ModelVerdict(None, f"champion of {decision.model} cannot be used: {error}")
        if champion is None:
            return ModelVerdict(None, f"no champion for {decision.model}")
        words = f"{champion.name} v{champion.version}"
        try:
            score = champion.score(decision.values)
        except MissingFeatureError as error:
            return ModelVerdict(None, f"{words} needs {error}, which had no value on this bar")
        return ModelVerdict(Decimal(str(score)), words)
