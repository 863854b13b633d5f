"""Where strategy documents are kept, version by version, and which of them trade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredStrategy:
    """A strategy by name: its newest version and the version that trades, if one does."""

    name: str
    latest_version: int
    enabled: bool
    enabled_version: int | None
    updated_at: datetime


class StrategyRepository(Protocol):
    """Errors: NotFoundError for an unknown name or version, ConflictError when another writer was first."""

    def strategies(self) -> Sequence[StoredStrategy]:
        """Return every strategy by name."""

    def strategy(self, name: str) -> StoredStrategy:
        """Return one strategy; NotFoundError when there is none of that name."""

    def document(self, name: str, version: int) -> str:
        """Return the text of one version as the author wrote it; NotFoundError when there is none."""

    def create(self, name: str, document: str, *, now: datetime) -> tuple[int, bool]:
        """Store the text as the next version; the newest version's same text keeps its number.

        Returns the version and whether it is new.
        """

    def set_enabled(self, name: str, version: int | None, *, now: datetime) -> StoredStrategy:
        """Let the version trade, or none at all when version is None; return the strategy as it is now."""
