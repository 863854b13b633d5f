"""Where approved models are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from quantumzero.domain.strategy.scoring import ScoringModel


class ModelRegistry(Protocol):
    def champion(self, name: str) -> ScoringModel | None:
        """Return the model approved under that name, None when there is none.

        Raises CorruptDataError when it is not what was approved.
        """
