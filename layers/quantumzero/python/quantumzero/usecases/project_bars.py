"""Write the bars of an outbox item into the bars table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quantumzero.domain.bars import Bar
    from quantumzero.ports.market_data import BarStore


class ProjectBars:
    """A second delivery writes the same items again and changes nothing."""

    def __init__(self, bar_store: BarStore) -> None:
        self._bar_store = bar_store

    def __call__(self, bars: Sequence[Bar]) -> None:
        """Store the bars; raises UnavailableError when the table does not take them all."""
        if bars:
            self._bar_store.put_bars(bars)
