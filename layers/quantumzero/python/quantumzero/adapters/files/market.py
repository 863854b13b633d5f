"""A path of market data -> MarketHistory: one CSV or Parquet file, or a folder of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quantumzero.adapters.files.actions import ACTIONS_FILE, SPLITS_FILE, former_names, read_actions
from quantumzero.adapters.files.bars import bars_of, symbols_in
from quantumzero.adapters.files.rows import SUFFIXES
from quantumzero.adapters.files.table import read_table
from quantumzero.domain.errors import InvalidInputError
from quantumzero.research.columns import bars_from_columns

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from quantumzero.adapters.files.actions import WrittenAction
    from quantumzero.research.columns import BarColumns
    from quantumzero.research.history import MarketHistory

_MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class FileMarket:
    """What was read; named is False when one file's name alone says what its instrument is."""

    history: MarketHistory
    named: bool


def read_market(
    path: Path,
    *,
    symbol: str | None = None,
    wanted: Collection[str] = (),
    calendar: str = "XNYS",
    timeframe: str | None = None,
) -> FileMarket:
    """Return the bars at a path with their corporate actions.

    A column symbol names the instrument of a row, else the file's name does (in capitals). symbol
    chooses one instrument, or names the one of a single file without that column. wanted: the
    instruments that the caller has use for; others of a folder need not be read.
    Errors: InvalidInputError naming file, line, column, what was and what may be.
    """
    chosen = {symbol.upper()} if symbol else {each.upper() for each in wanted}
    written = read_actions(path if path.is_dir() else path.parent)
    earlier = former_names(written, chosen)
    files = _data_files(path, chosen, earlier)
    columns, named = _read_files(path, files, symbol.upper() if symbol else None, chosen | earlier)
    symbols = {each.symbol for each in columns}
    actions = tuple(action for action in written if action.symbol in symbols)
    try:
        history = bars_from_columns(
            columns, calendar=calendar, timeframe=timeframe, source=str(path.name)
        )
    except InvalidInputError as error:
        raise InvalidInputError(f"{path}: {error}", field=error.field) from error
    return FileMarket(_with_actions(history, actions), named)


def _data_files(path: Path, wanted: set[str], earlier: set[str]) -> list[Path]:
    """Return the files to read: those of the wanted symbols, and of their earlier names, when all
    of the wanted are there by name; else every file.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InvalidInputError(f"{path} does not exist; give a file or a folder of market data")
    files = sorted(
        file
        for file in path.iterdir()
        if file.suffix.lower() in SUFFIXES and file.name not in {SPLITS_FILE, ACTIONS_FILE}
    )
    if not files:
        raise InvalidInputError(f"{path} holds no {' or '.join(SUFFIXES)} file; put some there")
    by_name = {file.stem.upper(): file for file in files}
    if wanted and wanted <= by_name.keys():
        return [file for file in files if file.stem.upper() in wanted | earlier]
    return files


def _read_files(
    path: Path, files: list[Path], symbol: str | None, wanted: set[str]
) -> tuple[list[BarColumns], bool]:
    columns: list[BarColumns] = []
    held: list[str] = []
    named = path.is_dir()
    for file in files:
        table = read_table(file)
        has_column = "symbol" in table.columns
        named = named or has_column
        alone = symbol is not None and not path.is_dir() and not has_column
        name = symbol if alone and symbol else file.stem.upper()
        inside = symbols_in(table, name)
        held += inside
        useful = wanted if symbol or (has_column and wanted & set(inside)) else None
        if useful is None or useful & set(inside):
            columns += bars_of(table, name, useful)
    if not columns:
        shown = ", ".join(held[:_MOST_NAMES]) + (" ..." if len(held) > _MOST_NAMES else "")
        raise InvalidInputError(
            f"{path} holds no bars of {symbol}; it holds {shown}: choose one of these by --symbol",
            field="symbol",
        )
    return columns, named


def _with_actions(history: MarketHistory, actions: tuple[WrittenAction, ...]) -> MarketHistory:
    """Return the history with its actions; their money takes the history's price decimals."""
    if not actions:
        return history
    decimals = history.price_decimals
    taken = tuple(action.in_units(decimals) for action in actions)
    rounded = Counter(
        action.symbol
        for action, unit in zip(actions, taken, strict=True)
        if action.value.scaleb(decimals) != unit.amount
    )
    notes = tuple(
        f"{symbol}: {count} amounts of {ACTIONS_FILE} were rounded to {decimals} decimals"
        for symbol, count in rounded.items()
    )
    return replace(history, actions=taken, notes=(*history.notes, *notes))
