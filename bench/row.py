"""One line of the benchmarks' table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line; reached None: no goal was set for it."""

    measured: str
    figure: str
    goal: str = "none set"
    reached: bool | None = None

    @property
    def verdict(self) -> str:
        """Return the verdict in a word or two."""
        if self.reached is None:
            return "measured"
        return "reached" if self.reached else "MISSED"
