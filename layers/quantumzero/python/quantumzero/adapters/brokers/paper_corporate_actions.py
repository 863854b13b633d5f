"""Splits where no vendor's keys are given: those that are stored with the bars already."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from quantumzero.domain.bars import Split
    from quantumzero.ports.market_data import BarStore


class StoredCorporateActions:
    """Implements CorporateActions on the bar store."""

    def __init__(self, bars: BarStore) -> None:
        self._bars = bars

    def splits(self, symbols: Sequence[str], *, since: date, until: date) -> Sequence[Split]:
        """Return the stored splits with an ex-date from since to until, by date and symbol."""
        found = [
            split
            for symbol in symbols
            for split in self._bars.splits(symbol)
            if since.isoformat() <= split.ex_date <= until.isoformat()
        ]
        return sorted(found, key=lambda each: (each.ex_date, each.symbol))
