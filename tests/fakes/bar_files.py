"""A market history as the files that a person would have: a CSV a symbol, and splits.csv."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from quantumzero.domain.calendars import EXCHANGE_ZONE, from_us

if TYPE_CHECKING:
    from pathlib import Path

    from quantumzero.research.history import MarketHistory

_PRICES = ("open", "high", "low", "close")


def write_bar_files(history: MarketHistory, folder: Path) -> Path:
    """Write daily bars, their quotes where there are any, and the splits; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    scale = 10**history.price_decimals
    for symbol, series in history.series.items():
        prices = (*_PRICES, *(side for side in ("bid", "ask") if getattr(series, side) is not None))
        columns = [[value / scale for value in getattr(series, each).tolist()] for each in prices]
        dates = [
            from_us(opened).astimezone(EXCHANGE_ZONE).date().isoformat()
            for opened in series.opens_at.tolist()
        ]
        rows = zip(dates, *columns, series.volume.tolist(), strict=True)
        with (folder / f"{symbol}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("date", *prices, "volume"), *rows])
    splits = [
        f"{each.symbol},{each.ex_date},{each.new},{each.old}"
        for each in history.actions
        if each.kind == "split"
    ]
    (folder / "splits.csv").write_text("\n".join(["symbol,ex_date,new,old", *splits]) + "\n")
    return folder
