"""The embedded data.

Daily bars of four real instruments, from the package bokeh_sampledata (BSD-3).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from bokeh_sampledata import stocks

from local.market_data.cells import bar_in
from local.market_data.sessions import TradingCalendar
from local.market_data.source import MarketData, Prints
from local.market_data.values import StockSplit
from quantumzero.adapters.files.rows import Row
from quantumzero.domain.errors import CorruptDataError

SYMBOLS = ("AAPL", "GOOG", "IBM", "MSFT")
SPLITS = (
    StockSplit("AAPL", date(2000, 6, 21), 2, 1),
    StockSplit("MSFT", date(2003, 2, 18), 2, 1),
    StockSplit("AAPL", date(2005, 2, 28), 2, 1),
)
# Between two days dividends move the ratio of raw to adjusted closes by less than this; splits by
# a third or more.
_DIVIDEND_TOLERANCE = Decimal("0.15")
_COLUMNS = ("open", "high", "low", "close", "volume")


def load_embedded() -> MarketData:
    """Return all sessions of AAPL, GOOG, IBM and MSFT, 2000-03-01 to 2013-03-01 (GOOG from
    2004-08-19).

    Errors: CorruptDataError when a split in the data is not listed here, or the other way round;
    InvalidInputError for a row whose prices contradict each other (the pinned package has none).
    """
    tables = {symbol: getattr(stocks, symbol) for symbol in SYMBOLS}
    days = [date.fromisoformat(text) for table in tables.values() for text in table["date"]]
    calendar = TradingCalendar(min(days), max(days))
    prints: dict[date, dict[str, Prints]] = {}
    for symbol, table in tables.items():
        _require_known_splits(symbol, table)
        for line, text in enumerate(table["date"]):
            # repr of a float is its shortest text: exactly what the file says.
            cells = {column: repr(table[column][line]) for column in _COLUMNS}
            row = Row(Path(f"bokeh_sampledata/{symbol}"), line + 1, {"date": text, **cells})
            session = calendar.session_on(date.fromisoformat(text))
            if session is None:
                row.refuse("date", text, "a day on which the New York Stock Exchange was open")
            bar = bar_in(row, session.opens_at, session.closes_at)
            prints.setdefault(session.date, {})[symbol] = Prints("daily", [bar], [])
    return MarketData(calendar=calendar, prints=prints, splits=SPLITS, outside_sessions=0)


def _require_known_splits(symbol: str, table: stocks.StockData) -> None:
    """Compare the listed splits with the jumps of the raw close against the adjusted close."""
    found = {}
    ratios = [
        Decimal(repr(raw)) / Decimal(repr(adjusted))
        for raw, adjusted in zip(table["close"], table["adj_close"], strict=True)
    ]
    for position in range(1, len(ratios)):
        change = ratios[position - 1] / ratios[position]
        if abs(change - 1) > _DIVIDEND_TOLERANCE:
            found[table["date"][position]] = round(change, 2)
    listed = {
        split.ex_date.isoformat(): round(Decimal(split.new) / split.old, 2)
        for split in SPLITS
        if split.symbol == symbol
    }
    if found != listed:
        raise CorruptDataError(
            f"the data of {symbol} shows the splits {found}, but {listed} are listed;"
            " install the pinned version of bokeh_sampledata"
        )
