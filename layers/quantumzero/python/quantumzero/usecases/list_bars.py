"""List the newest bars of an instrument, with its splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.contracts.api import BarList, BarView, SplitView
from quantumzero.contracts.formats import decimal_text, utc_text
from quantumzero.domain.bars import TIMEFRAMES, Bar
from quantumzero.domain.errors import InvalidInputError, NotFoundError
from quantumzero.domain.prices import price_decimal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from quantumzero.ports.market_data import BarStore


def list_bars(
    *,
    bars: BarStore,
    symbols: Sequence[str],
    symbol: str,
    timeframe: str,
    until: datetime,
    limit: int,
) -> BarList:
    """Return at most limit raw bars that closed at or before until, oldest first.

    Raises NotFoundError for a symbol that is neither followed nor stored, InvalidInputError for an unknown timeframe.
    """
    if timeframe not in TIMEFRAMES:
        raise InvalidInputError(
            f"timeframe was {timeframe!r}; it may be one of {', '.join(TIMEFRAMES)}",
            field="query.timeframe",
        )
    found = bars.bars(symbol, timeframe, until=until, limit=limit)
    if not found and symbol not in symbols:
        raise NotFoundError(
            f"symbol was {symbol}, of which no bars are kept; followed are {', '.join(symbols)}",
            field="query.symbol",
        )
    return BarList(
        symbol=symbol,
        timeframe=timeframe,
        bars=[_view(bar) for bar in found],
        splits=[
            SplitView(ex_date=split.ex_date, new=split.new, old=split.old)
            for split in bars.splits(symbol)
        ],
    )


def _view(bar: Bar) -> BarView:
    return BarView(
        opens_at=utc_text(bar.opens_at),
        closes_at=utc_text(bar.closes_at),
        open=decimal_text(price_decimal(bar.open)),
        high=decimal_text(price_decimal(bar.high)),
        low=decimal_text(price_decimal(bar.low)),
        close=decimal_text(price_decimal(bar.close)),
        volume=bar.volume,
    )
