"""Approved models in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.contracts.scoring_model import read_model

if TYPE_CHECKING:
    from quantumzero.domain.strategy.scoring import ScoringModel


class HeldModels:
    """Implements ModelRegistry."""

    def __init__(self) -> None:
        self._champions: dict[str, tuple[str, str]] = {}

    def approve(self, name: str, text: str, sha256: str) -> None:
        self._champions[name] = (text, sha256)

    def champion(self, name: str) -> ScoringModel | None:
        stored = self._champions.get(name)
        return None if stored is None else read_model(*stored)
