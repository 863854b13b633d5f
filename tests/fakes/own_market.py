"""Two invented instruments on forty real sessions, as a user's own files: a seeded walk, and a split of one of them."""

from __future__ import annotations

import csv
import random
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from local.market_data.sessions import TradingCalendar

if TYPE_CHECKING:
    from pathlib import Path

SYMBOLS = ("ABC", "XYZ")
SESSIONS = 40
SPLIT_AT = 25
_COLUMNS = ("date", "open", "high", "low", "close", "volume")
_STARTS = {"ABC": 12_000, "XYZ": 5_000}  # cents
DOCUMENT = """strategy: own-cross
version: 1
universe: [XYZ, ABC]
timeframe: 1d
entry: {long: "cross_above(sma(close, 2), sma(close, 5))"}
exit: {long: "cross_below(sma(close, 2), sma(close, 5))"}
sizing: {percent_of_equity: 25}
"""

Rows = list[tuple[str, str, str, str, str, int]]


def session_dates() -> list[date]:
    """Return the dates of forty sessions of the New York Stock Exchange, from 2024-01-02 on."""
    first, last = date(2024, 1, 2), date(2024, 3, 15)
    return [s.date for s in TradingCalendar(first, last).between(first, last)][:SESSIONS]


def rows_of(symbol: str) -> Rows:
    """Return the daily bars of one instrument; ABC halves its price at the split."""
    draw = random.Random(symbol)  # noqa: S311 - invented prices, the same every time
    cents, rows = _STARTS[symbol], []
    for number, day in enumerate(session_dates()):
        if symbol == "ABC" and number == SPLIT_AT:
            cents //= 2
        opened, closed = cents + draw.randint(-40, 40), cents + draw.randint(-150, 160)
        high = max(opened, closed) + draw.randint(0, 60)
        low = min(opened, closed) - draw.randint(0, 60)
        prices = [str(Decimal(price) / 100) for price in (opened, high, low, closed)]
        rows.append((day.isoformat(), *prices, draw.randint(200_000, 900_000)))
        cents = closed
    return rows


def write_files(folder: Path, kind: str) -> Path:
    """Write a file for each instrument and splits.csv into the folder; kind is csv or parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    for symbol in SYMBOLS:
        file, rows = folder / f"{symbol}.{kind}", rows_of(symbol)
        if kind == "csv":
            with file.open("w", newline="", encoding="utf-8") as opened:
                csv.writer(opened).writerows([_COLUMNS, *rows])
        else:
            columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
            for name in _COLUMNS[1:5]:
                columns[name] = [float(price) for price in columns[name]]
            columns["date"] = [date.fromisoformat(day) for day in columns["date"]]
            parquet.write_table(pa.table(columns), file)
    split = session_dates()[SPLIT_AT].isoformat()
    (folder / "splits.csv").write_text(f"symbol,ex_date,new,old\nABC,{split},2,1\n")
    return folder
