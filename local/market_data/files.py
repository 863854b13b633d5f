"""Load the user's files: ticks, bars of minutes or daily bars, and an optional splits.csv."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from local.market_data.cells import bar_in, date_in, is_date, moment_in, split_in, tick_in
from local.market_data.sessions import TradingCalendar
from local.market_data.source import MarketData, Prints
from quantumzero.adapters.files.rows import SUFFIXES, Row, read_rows
from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from local.market_data.values import Session, StockSplit

SPLITS_FILE = "splits.csv"
_BAR_COLUMNS = ("open", "high", "low", "close", "volume")
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class _Survey:
    """What a first pass over the rows tells: the days they span, and the bars' interval by symbol."""

    first: date = date.max
    last: date = date.min
    intervals: dict[str, timedelta] = field(default_factory=dict)
    newest: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class _Reading:
    """What has been read so far: prints by session date and symbol, and the last row of each symbol.

    recent holds the ticks of the newest instant of each symbol: only among them can a duplicate be.
    """

    calendar: TradingCalendar
    intervals: dict[str, timedelta]
    prints: dict[date, dict[str, Prints]] = field(default_factory=dict)
    last_rows: dict[str, tuple[datetime, Row]] = field(default_factory=dict)
    recent: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)
    outside_sessions: int = 0


def load_files(path: Path) -> MarketData:
    """Return the sessions in one file, or in every CSV and Parquet file of a folder in name order.

    The rows are read twice, so that a year of ticks is never held as text.
    Errors: InvalidInputError naming file, line, column, what was and what may be; nothing is repaired or guessed.
    """
    files = _data_files(path)
    survey = _survey(files)
    if survey.first > survey.last:
        raise InvalidInputError(f"{path} holds no rows; give at least one row of market data")
    reading = _Reading(TradingCalendar(survey.first, survey.last), survey.intervals)
    for file in files:
        for row in read_rows(file):
            _read(reading, row)
    if not reading.prints:
        raise InvalidInputError(f"{path} holds no row inside a session; give regular trading hours")
    return MarketData(
        calendar=reading.calendar,
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


def _survey(files: Iterable[Path]) -> _Survey:
    survey = _Survey()
    for file in files:
        for number, row in enumerate(read_rows(file)):
            if number == 0:
                _require_columns(row)
            _survey_row(survey, row)
    return survey


def _survey_row(survey: _Survey, row: Row) -> None:
    column = _time_column(row)
    text = row.cell(column)
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        row.refuse(column, text, "a date or a time like 2024-03-01T14:30:00Z")
    survey.first, survey.last = min(survey.first, day), max(survey.last, day)
    if "price" in row.cells or is_date(text):
        return
    symbol, moment = _symbol(row), moment_in(row, column)
    gap = moment - survey.newest.get(symbol, moment)
    survey.newest[symbol] = moment
    if gap > timedelta(0):
        survey.intervals[symbol] = min(gap, survey.intervals.get(symbol, gap))


def _require_columns(row: Row) -> None:
    _time_column(row)
    needed = ("price", "size") if "price" in row.cells else _BAR_COLUMNS
    for column in needed:
        if column not in row.cells:
            row.refuse(column, "missing", f"there: the columns are {', '.join(needed)}")


def _read(reading: _Reading, row: Row) -> None:
    symbol, column = _symbol(row), _time_column(row)
    if "price" in row.cells:
        _read_tick(reading, symbol, column, row)
    elif is_date(row.cell(column)):
        _read_daily_bar(reading, symbol, column, row)
    else:
        _read_intraday_bar(reading, symbol, column, row)


def _read_daily_bar(reading: _Reading, symbol: str, column: str, row: Row) -> None:
    day = date_in(row, column)
    session = reading.calendar.session_on(day)
    if session is None:
        row.refuse(column, str(day), "a day on which the New York Stock Exchange was open")
    _require_later(reading, symbol, row, session.opens_at)
    bar = bar_in(row, session.opens_at, session.closes_at)
    _prints(reading, session, symbol, "daily", row).bars.append(bar)


def _read_intraday_bar(reading: _Reading, symbol: str, column: str, row: Row) -> None:
    moment = moment_in(row, column)
    interval = reading.intervals.get(symbol, _MINUTE)
    _require_later(reading, symbol, row, moment)
    if interval < _MINUTE:
        row.refuse(column, row.cell(column), "a minute or more after the bar before it")
    session = reading.calendar.session_at(moment)
    bar = bar_in(row, moment, moment + interval)
    if session is None:
        reading.outside_sessions += 1
        return
    if bar.closes_at > session.closes_at:
        bar = bar_in(row, moment, session.closes_at)
    _prints(reading, session, symbol, "intraday", row).bars.append(bar)


def _read_tick(reading: _Reading, symbol: str, column: str, row: Row) -> None:
    moment = moment_in(row, column)
    last, _ = reading.last_rows.get(symbol, (moment, row))
    if moment < last:
        row.refuse(column, row.cell(column), f"not before {last.isoformat()}: rows are sorted")
    recent = reading.recent.setdefault(symbol, set())
    if moment > last:
        recent.clear()
    key = (row.cell("price"), row.cell("size"), row.cell("id"))
    if key in recent:
        row.refuse(column, row.cell(column), "unlike an earlier row (or give an 'id' column)")
    recent.add(key)
    reading.last_rows[symbol] = (moment, row)
    tick = tick_in(row, moment)
    session = reading.calendar.session_at(moment)
    if session is None:
        reading.outside_sessions += 1
        return
    _prints(reading, session, symbol, "ticks", row).ticks.append(tick)


def _prints(reading: _Reading, session: Session, symbol: str, kind: str, row: Row) -> Prints:
    by_symbol = reading.prints.setdefault(session.date, {})
    prints = by_symbol.setdefault(symbol, Prints(kind, [], []))
    if prints.kind != kind:
        must = f"of the kind {prints.kind}, as the session's rows of {symbol} before it"
        row.refuse(_time_column(row), f"of the kind {kind}", must)
    return prints


def _require_later(reading: _Reading, symbol: str, row: Row, moment: datetime) -> None:
    last, earlier = reading.last_rows.get(symbol, (datetime.min.replace(tzinfo=UTC), row))
    if moment <= last:
        column = _time_column(row)
        what = "unlike" if moment == last else "after"
        row.refuse(
            column,
            row.cell(column),
            f"{what} the time of the row before it of {symbol} ({earlier.file.name}, line"
            f" {earlier.line}): rows are sorted, without duplicates",
        )
    reading.last_rows[symbol] = (moment, row)


def _splits(path: Path) -> tuple[StockSplit, ...]:
    file = (path if path.is_dir() else path.parent) / SPLITS_FILE
    if not file.is_file():
        return ()
    return tuple(split_in(row) for row in read_rows(file))
