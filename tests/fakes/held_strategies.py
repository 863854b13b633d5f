"""Strategy documents in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quantumzero.domain.errors import NotFoundError
from quantumzero.ports.decisions import EnabledStrategy
from quantumzero.ports.strategies import StoredStrategy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class HeldStrategies:
    """Implements StrategyRepository and EnabledStrategies."""

    def __init__(self) -> None:
        self._stored: dict[str, StoredStrategy] = {}
        self._documents: dict[tuple[str, int], str] = {}

    def enabled(self) -> Sequence[EnabledStrategy]:
        return [
            EnabledStrategy(each.name, version, self._documents[each.name, version])
            for each in self.strategies()
            if (version := each.enabled_version) is not None
        ]

    def strategies(self) -> Sequence[StoredStrategy]:
        return [self._stored[name] for name in sorted(self._stored)]

    def strategy(self, name: str) -> StoredStrategy:
        if name not in self._stored:
            raise NotFoundError(f"strategy was {name!r}, which is not stored")
        return self._stored[name]

    def document(self, name: str, version: int) -> str:
        if (name, version) not in self._documents:
            raise NotFoundError(f"version was {version}; strategy {name} has no such version")
        return self._documents[name, version]

    def create(self, name: str, document: str, *, now: datetime) -> tuple[int, bool]:
        stored = self._stored.get(name, StoredStrategy(name, 0, False, None, now))
        if self._documents.get((name, stored.latest_version)) == document:
            return stored.latest_version, False
        version = stored.latest_version + 1
        self._documents[name, version] = document
        self._stored[name] = replace(stored, latest_version=version, updated_at=now)
        return version, True

    def set_enabled(self, name: str, version: int | None, *, now: datetime) -> StoredStrategy:
        stored = self.strategy(name)
        if version is not None:
            self.document(name, version)
        self._stored[name] = replace(
            stored, enabled=version is not None, enabled_version=version, updated_at=now
        )
        return self._stored[name]
