"""A file's columns -> the bars of each symbol, every wrong cell named by file, line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from quantumzero.domain.calendars import from_us
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.columns import OPTIONAL_PRICES, PRICES, BarColumns
from quantumzero.research.frames import TIME_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from quantumzero.adapters.files.table import FileTable

_A_PRICE = "a price above 0"
_SHARES = "a number of shares, 0 or more"


def bars_of(table: FileTable, name: str, wanted: Collection[str] | None = None) -> list[BarColumns]:
    """Return the bars of every symbol in the file, in the order of their first rows.

    name is the symbol of a file without a column symbol; wanted (None: all) leaves out the others
    of a file with one. Errors: InvalidInputError for a missing column, an empty or negative price,
    contradicting prices, and times that are out of order or repeated.
    """
    column = _time_column(table)
    for needed in (*PRICES, "volume"):
        if needed not in table.columns:
            _refuse_missing(table, needed)
    rows_by_symbol = _rows_by_symbol(table, name)
    chosen = {
        symbol: rows
        for symbol, rows in rows_by_symbol.items()
        if wanted is None or "symbol" not in table.columns or symbol in wanted
    }
    if not chosen:
        return []
    times, zoned = table.times(column)
    prices = {price: table.numbers(price) for price in PRICES}
    volume = table.numbers("volume")
    optional = {each: table.numbers(each) for each in OPTIONAL_PRICES if each in table.columns}
    every = np.concatenate([rows for rows in chosen.values() if rows is not None] or [_all(table)])
    _require_values(table, prices, volume, every)
    bars = []
    for symbol, rows in chosen.items():
        _require_order(table, column, times, rows)
        values = {**prices, "volume": volume, **optional}
        picked = values if rows is None else {key: each[rows] for key, each in values.items()}
        bars.append(BarColumns(symbol, times if rows is None else times[rows], zoned, **picked))
    return bars


def symbols_in(table: FileTable, name: str) -> tuple[str, ...]:
    """Return the symbols whose bars the file holds."""
    return tuple(_rows_by_symbol(table, name))


def _all(table: FileTable) -> NDArray[np.int64]:
    return np.arange(table.rows, dtype=np.int64)


def _time_column(table: FileTable) -> str:
    for name in TIME_COLUMNS:
        if name in table.columns:
            return name
    if next(iter(table.columns)) == "":  # the index of a DataFrame, written without a name
        return ""
    return _refuse_missing(table, "timestamp (or date)")


def _refuse_missing(table: FileTable, column: str) -> str:
    was = ", ".join(name or "(no name)" for name in table.columns)
    raise InvalidInputError(
        f"{table.path}: column {column} is missing; the columns were {was}; they must be timestamp "
        "or date, open, high, low, close and volume, in any case (symbol, vwap, bid, ask may be)"
    )


def _rows_by_symbol(table: FileTable, name: str) -> dict[str, NDArray[np.int64] | None]:
    """Return the rows of each symbol; None: all of them."""
    if "symbol" not in table.columns:
        return {name: None}
    encoded = table.texts("symbol")
    if encoded.null_count:
        row = int(np.flatnonzero(encoded.is_null().to_numpy(zero_copy_only=False))[0])
        table.refuse(row, "symbol", "the name of an instrument, like AAPL")
    labels = [str(label).strip().upper() for label in encoded.dictionary.to_pylist()]
    if len(labels) == 1:
        return {labels[0]: None}
    codes = encoded.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(labels) + 1))
    found: dict[str, NDArray[np.int64] | None] = {}
    for code, label in enumerate(labels):
        rows = order[bounds[code] : bounds[code + 1]]
        before = found.get(label)  # aapl and AAPL are one instrument
        found[label] = rows if before is None else np.sort(np.concatenate([before, rows]))
    return found


def _require_values(
    table: FileTable,
    prices: dict[str, NDArray[np.float64]],
    volume: NDArray[np.float64],
    rows: NDArray[np.int64],
) -> None:
    for name, values in prices.items():
        _require(table, name, rows, ~((values > 0) & np.isfinite(values)), _A_PRICE)
    _require(table, "volume", rows, ~((volume >= 0) & np.isfinite(volume)), _SHARES)
    below = prices["high"] < prices["low"]
    if below[rows].any():
        row = int(rows[below[rows].argmax()])
        table.refuse(row, "high", f"at least the low ({prices['low'][row]:g})")


def _require(
    table: FileTable, column: str, rows: NDArray[np.int64], wrong: NDArray[np.bool_], must: str
) -> None:
    if wrong.any() and wrong[rows].any():
        table.refuse(int(rows[wrong[rows].argmax()]), column, must)


def _require_order(
    table: FileTable, column: str, times: NDArray[np.int64], rows: NDArray[np.int64] | None
) -> None:
    own = times if rows is None else times[rows]
    gaps = np.diff(own)
    if not (gaps <= 0).any():
        return
    place = int((gaps <= 0).argmax()) + 1
    row, before = place if rows is None else int(rows[place]), from_us(int(own[place - 1]))
    what = "unlike" if gaps[place - 1] == 0 else "after"
    table.refuse(
        row,
        column,
        f"{what} the time of the row before it ({before:%Y-%m-%d %H:%M}): rows are sorted by time, "
        "without duplicates",
    )
