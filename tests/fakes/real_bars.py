"""Real daily bars, raw, of the package bokeh_sampledata, written as a user's files would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from bokeh_sampledata import stocks

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "Date,Open,High,Low,Close,Volume"
COLUMNS = ("open", "high", "low", "close", "volume")
SPLITS = "symbol,ex_date,new,old\nAAPL,2000-06-21,2,1\nMSFT,2003-02-18,2,1\nAAPL,2005-02-28,2,1\n"


def daily_rows(symbol: str, *, first: str = "", last: str = "9999") -> list[str]:
    """Return the lines of a CSV without its header: date, open, high, low, close, volume."""
    table = getattr(stocks, symbol)
    return [
        ",".join([day, *(repr(table[column][place]) for column in COLUMNS)])
        for place, day in enumerate(table["date"])
        if first <= day <= last
    ]


def write_daily(path: Path, symbol: str, *, first: str = "", last: str = "9999") -> Path:
    """Write the bars of those dates and return the path."""
    path.write_text("\n".join([HEADER, *daily_rows(symbol, first=first, last=last)]) + "\n")
    return path


def closing_times_and_closes(symbol: str) -> tuple[np.ndarray, np.ndarray]:
    """Return int64 microseconds (21:00 UTC of each session) and the raw closes."""
    table = getattr(stocks, symbol)
    days = np.array(table["date"], dtype="datetime64[D]").astype("datetime64[us]")
    return days.astype(np.int64) + 21 * 3_600_000_000, np.array(table["close"])
