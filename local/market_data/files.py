"""Load the user's files: ticks, bars of minutes or daily bars, and an optional splits.csv."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from local.market_data.cells import bar_in, date_in, is_date, moment_in, split_in, tick_in
from local.market_data.sessions import TradingCalendar
from local.market_data.source import MarketData, Prints
from local.market_data.tables import SUFFIXES, Row, read_rows
from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from local.market_data.values import Session, StockSplit

SPLITS_FILE = "splits.csv"
_BAR_COLUMNS = ("open", "high", "low", "close", "volume")
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class _Reading:
    """What has been read so far.

    Prints by session date and symbol, and the last key of each symbol.
    """

    prints: dict[date, dict[str, Prints]] = field(default_factory=dict)
    last_keys: dict[str, tuple[datetime, Row]] = field(default_factory=dict)
    outside_sessions: int = 0


def load_files(path: Path) -> MarketData:
    """Return the sessions in one file, or in every CSV and Parquet file of a folder in name order.

    Errors: InvalidInputError naming file, line, column, what was and what may be; nothing is
    repaired or guessed.
    """
    files = _data_files(path)
    rows = [row for file in files for row in read_rows(file)]
    if not rows:
        raise InvalidInputError(f"{path} holds no rows; give at least one row of market data")
    calendar = _calendar(rows)
    reading = _Reading()
    by_symbol: dict[str, list[Row]] = {}
    for row in rows:
        by_symbol.setdefault(_symbol(row), []).append(row)
    for symbol, rows_of_symbol in by_symbol.items():
        _read_symbol(reading, calendar, symbol, rows_of_symbol)
    return MarketData(
        calendar=calendar,
        prints=reading.prints,
        splits=_splits(path),
        outside_sessions=reading.outside_sessions,
    )


def _data_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InvalidInputError(f"{path} does not exist; give a file or a folder of market data")
    files = sorted(
        file
        for file in path.iterdir()
        if file.suffix.lower() in SUFFIXES and file.name != SPLITS_FILE
    )
    if not files:
        raise InvalidInputError(f"{path} holds no {' or '.join(SUFFIXES)} file; put some there")
    return files


def _time_column(row: Row) -> str:
    if "timestamp" in row.cells:
        return "timestamp"
    if "date" in row.cells:
        return "date"
    return row.refuse("timestamp", "missing", "there, or a column 'date' for daily bars")


def _symbol(row: Row) -> str:
    symbol = (row.cell("symbol") if "symbol" in row.cells else row.file.stem).upper()
    if not symbol:
        row.refuse("symbol", symbol, "the name of an instrument, like AAPL")
    return symbol


def _calendar(rows: Sequence[Row]) -> TradingCalendar:
    days = []
    for row in rows:
        text = row.cell(_time_column(row))[:10]
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            row.refuse(_time_column(row), text, "a date or a time like 2024-03-01T14:30:00Z")
    return TradingCalendar(min(days), max(days))


def _read_symbol(
    reading: _Reading, calendar: TradingCalendar, symbol: str, rows: Sequence[Row]
) -> None:
    first = rows[0]
    _require_columns(first)
    if "price" in first.cells:
        _read_ticks(reading, calendar, symbol, rows)
    elif is_date(first.cell(_time_column(first))):
        _read_daily_bars(reading, calendar, symbol, rows)
    else:
        _read_intraday_bars(reading, calendar, symbol, rows)


def _require_columns(row: Row) -> None:
    needed = ("price", "size") if "price" in row.cells else _BAR_COLUMNS
    for column in needed:
        if column not in row.cells:
            row.refuse(column, "missing", f"there: the columns are {', '.join(needed)}")


def _read_daily_bars(
    reading: _Reading, calendar: TradingCalendar, symbol: str, rows: Iterable[Row]
) -> None:
    for row in rows:
        column = _time_column(row)
        day = date_in(row, column)
        session = calendar.session_on(day)
        if session is None:
            row.refuse(column, str(day), "a day on which the New York Stock Exchange was open")
        _require_later(reading, symbol, row, session.opens_at)
        prints = _prints(reading, session, symbol, "daily")
        prints.bars.append(bar_in(row, session.opens_at, session.closes_at))


def _read_intraday_bars(
    reading: _Reading, calendar: TradingCalendar, symbol: str, rows: Sequence[Row]
) -> None:
    column = _time_column(rows[0])
    moments = [moment_in(row, column) for row in rows]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    interval = min((gap for gap in gaps if gap > timedelta(0)), default=_MINUTE)
    for row, moment in zip(rows, moments, strict=True):
        _require_later(reading, symbol, row, moment)
        if interval < _MINUTE:
            row.refuse(column, row.cell(column), "a minute or more after the bar before it")
        session = calendar.session_at(moment)
        bar = bar_in(row, moment, moment + interval)
        if session is None:
            reading.outside_sessions += 1
            continue
        if bar.closes_at > session.closes_at:
            bar = bar_in(row, moment, session.closes_at)
        _prints(reading, session, symbol, "intraday").bars.append(bar)


def _read_ticks(
    reading: _Reading, calendar: TradingCalendar, symbol: str, rows: Iterable[Row]
) -> None:
    seen: set[tuple[datetime, str, str, str]] = set()
    for row in rows:
        column = _time_column(row)
        moment = moment_in(row, column)
        _require_not_earlier(reading, symbol, row, moment)
        key = (moment, row.cell("price"), row.cell("size"), row.cell("id"))
        if key in seen:
            row.refuse(column, row.cell(column), "unlike an earlier row (or give an 'id' column)")
        seen.add(key)
        tick = tick_in(row, moment)
        session = calendar.session_at(moment)
        if session is None:
            reading.outside_sessions += 1
            continue
        _prints(reading, session, symbol, "ticks").ticks.append(tick)


def _prints(reading: _Reading, session: Session, symbol: str, kind: str) -> Prints:
    by_symbol = reading.prints.setdefault(session.date, {})
    return by_symbol.setdefault(symbol, Prints(kind, [], []))


def _require_later(reading: _Reading, symbol: str, row: Row, moment: datetime) -> None:
    last, earlier = reading.last_keys.get(symbol, (datetime.min.replace(tzinfo=UTC), row))
    if moment <= last:
        column = _time_column(row)
        what = "unlike" if moment == last else "after"
        row.refuse(
            column,
            row.cell(column),
            f"{what} the time of the row before it of {symbol} ({earlier.file.name}, line"
            f" {earlier.line}): rows are sorted, without duplicates",
        )
    reading.last_keys[symbol] = (moment, row)


def _require_not_earlier(reading: _Reading, symbol: str, row: Row, moment: datetime) -> None:
    last, _ = reading.last_keys.get(symbol, (moment, row))
    if moment < last:
        column = _time_column(row)
        row.refuse(column, row.cell(column), f"not before {last.isoformat()}: rows are sorted")
    reading.last_keys[symbol] = (moment, row)


def _splits(path: Path) -> tuple[StockSplit, ...]:
    file = (path if path.is_dir() else path.parent) / SPLITS_FILE
    if not file.is_file():
        return ()
    return tuple(split_in(row) for row in read_rows(file))
