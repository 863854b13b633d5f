"""The sessions of a replay as the market history that a backtest takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import to_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.columns import BarColumns, bars_from_columns
from quantumzero.research.history import Action

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from local.market_data.source import MarketData, Prints
    from local.market_data.values import Session, SourceBar
    from quantumzero.research.history import MarketHistory


def daily_history(
    data: MarketData, sessions: Sequence[Session], *, symbols: Collection[str] | None = None
) -> MarketHistory:
    """Return the daily bars of the sessions with their splits; symbols None means all of the data's.

    Symbols that the data does not hold are left to whoever needs them.
    Errors: InvalidInputError when a session holds ticks or bars of minutes: its daily bar is built
    from prints that only the replay knows.
    """
    held = set(data.symbols) & set(symbols) if symbols is not None else set(data.symbols)
    if not held:
        raise InvalidInputError(
            f"the data holds {', '.join(data.symbols)}, not {', '.join(sorted(symbols or ()))}; "
            "give other data with --data, or another symbol"
        )
    rows: dict[str, list[tuple[Session, SourceBar]]] = {symbol: [] for symbol in sorted(held)}
    for session in sessions:
        for symbol, prints in data.prints_on(session.date).items():
            if symbol in held:
                rows[symbol].append((session, _daily_bar(session, symbol, prints)))
    first, last = sessions[0].date, sessions[-1].date
    actions = [
        Action(split.symbol, split.ex_date.isoformat(), "split", new=split.new, old=split.old)
        for split in data.splits
        if first < split.ex_date <= last and split.symbol in held
    ]
    columns = [_columns(symbol, bars) for symbol, bars in rows.items() if bars]
    return bars_from_columns(columns, timeframe="1d", actions=actions, source="replay")


def _daily_bar(session: Session, symbol: str, prints: Prints) -> SourceBar:
    if prints.kind != "daily":
        raise InvalidInputError(
            f"the data of {symbol} on {session.date} was of the kind {prints.kind}; a replay can be "
            "held against a backtest where it replayed daily bars"
        )
    return prints.bars[0]


def _columns(symbol: str, rows: Sequence[tuple[Session, SourceBar]]) -> BarColumns:
    def prices(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([float(getattr(bar, name)) for _, bar in rows])

    days = [to_us(session.opens_at) // 86_400_000_000 * 86_400_000_000 for session, _ in rows]
    return BarColumns(
        symbol=symbol,
        times=np.array(days, dtype=np.int64),
        zoned=False,
        open=prices("open"),
        high=prices("high"),
        low=prices("low"),
        close=prices("close"),
        volume=np.array([bar.volume for _, bar in rows], dtype=np.int64),
    )
