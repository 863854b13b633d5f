"""The market data of a research command: the user's files, or the embedded bars."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from quantumzero.adapters.files.market import FileMarket, read_market

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from quantumzero.research.history import MarketHistory


def market_of(
    data: Path | None,
    *,
    symbol: str | None = None,
    wanted: Collection[str] = (),
    calendar: str = "XNYS",
    timeframe: str | None = None,
) -> FileMarket:
    """Return the bars at the path with their corporate actions; without a path the embedded ones.

    Errors: InvalidInputError as read_market does.
    """
    if data is None:
        chosen = {symbol.upper()} if symbol else set(wanted)
        return FileMarket(_embedded(chosen), named=True)
    return read_market(data, symbol=symbol, wanted=wanted, calendar=calendar, timeframe=timeframe)


def _embedded(wanted: set[str]) -> MarketHistory:
    # Loads the exchange's calendars and thirteen years of bars: only who asks for them waits.
    from local.market_data.embedded import load_embedded
    from local.market_data.history import daily_history

    market = load_embedded()
    return replace(
        daily_history(market, market.sessions, symbols=wanted or None), source="embedded"
    )
