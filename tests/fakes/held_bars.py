"""The bar store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from quantumzero.domain.bars import Bar, Split


class HeldBars:
    """Implements BarStore."""

    def __init__(self) -> None:
        self._bars: dict[tuple[str, str, datetime], Bar] = {}
        self._splits: dict[tuple[str, str], Split] = {}
        self.time: datetime | None = None

    def put_bars(self, bars: Iterable[Bar]) -> None:
        for bar in bars:
            self._bars[bar.symbol, bar.timeframe, bar.opens_at] = bar

    def bars(self, symbol: str, timeframe: str, *, until: datetime, limit: int) -> Sequence[Bar]:
        chosen = [
            bar
            for key, bar in sorted(self._bars.items())
            if key[:2] == (symbol, timeframe) and bar.closes_at <= until
        ]
        return chosen[-limit:]

    def put_splits(self, splits: Iterable[Split]) -> None:
        for split in splits:
            self._splits[split.symbol, split.ex_date] = split

    def splits(self, symbol: str) -> Sequence[Split]:
        return [split for key, split in sorted(self._splits.items()) if key[0] == symbol]

    def market_time(self) -> datetime | None:
        return self.time
