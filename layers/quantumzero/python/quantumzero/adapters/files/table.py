"""One CSV or Parquet file as columns, fast; a wrong cell is looked up again to name its line."""

from __future__ import annotations

from csv import reader as text_rows
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from quantumzero.adapters.files.rows import SUFFIXES, read_rows
from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

NUMBERS = ("open", "high", "low", "close", "volume", "vwap", "bid", "ask")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - what a clock without zone shows
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_US = 86_400_000_000
_A_NUMBER = "a number"
_A_TIME = "a date like 2024-03-01, or a time with its zone like 2024-03-01T14:30:00Z"


@dataclass(frozen=True, slots=True)
class FileTable:
    """The columns of a file by lower-case name, as pyarrow arrays; rows is their length."""

    path: Path
    columns: Mapping[str, Any]
    rows: int

    def refuse(self, row: int, column: str, must: str) -> NoReturn:
        """Raise InvalidInputError that names the file, the row's line, the column and its text."""
        found = next(islice(read_rows(self.path), row, None))
        found.refuse(column, found.cell(column), must)

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Return a column as float64; NaN where the cell is empty or says NaN."""
        import pyarrow as pa

        array = self.columns[column]
        kind = array.type
        if pa.types.is_float32(kind):
            # The shortest text of a 32-bit number is what its writer meant: 130.31, not 130.3099976.
            array = array.cast(pa.string()).cast(pa.float64())
        elif pa.types.is_null(kind) or pa.types.is_decimal(kind) or pa.types.is_integer(kind):
            array = array.cast(pa.float64(), safe=False)
        elif not pa.types.is_floating(kind):
            return self._parsed(column, array, float, _A_NUMBER).astype(np.float64)
        numbers: NDArray[np.float64] = array.cast(pa.float64()).to_numpy()
        return numbers

    def texts(self, column: str) -> Any:
        """Return a column of texts as a dictionary-encoded pyarrow array."""
        import pyarrow as pa

        return self.columns[column].cast(pa.string()).combine_chunks().dictionary_encode()

    def times(self, column: str) -> tuple[NDArray[np.int64], bool]:
        """Return microseconds since 1970 and whether they are instants (UTC) or without a zone."""
        import pyarrow as pa

        array = self.columns[column]
        if array.null_count:
            row = int(np.flatnonzero(array.is_null().to_numpy())[0])
            self.refuse(row, column, _A_TIME)
        if pa.types.is_date(array.type):
            days = array.cast(pa.date32()).cast(pa.int32()).to_numpy()
            return days.astype(np.int64) * _DAY_US, False
        if pa.types.is_timestamp(array.type):
            instants = array.cast(pa.timestamp("us", tz=array.type.tz), safe=False)
            return instants.cast(pa.int64()).to_numpy(), array.type.tz is not None
        zones: set[bool] = set()

        def parse(text: Any) -> int:
            moment = datetime.fromisoformat(str(text).strip())
            zones.add(moment.tzinfo is not None)
            if len(zones) > 1:
                raise ValueError
            since = moment - (_EPOCH if moment.tzinfo is None else _EPOCH_UTC)
            return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

        times = self._parsed(column, array, parse, _A_TIME)
        return times.astype(np.int64), zones == {True}

    def _parsed(
        self, column: str, array: Any, parse: Callable[[Any], Any], must: str
    ) -> NDArray[Any]:
        """Parse cell by cell: the slow way, which finds the first that cannot be read."""
        values = []
        for row, cell in enumerate(array.to_pylist()):
            try:
                values.append(np.nan if cell is None else parse(cell))
            except (TypeError, ValueError):
                self.refuse(row, column, must)
        return np.array(values)


def read_table(path: Path) -> FileTable:
    """Return all columns of one file.

    Errors: InvalidInputError for a file that is not CSV or Parquet, cannot be read, has no row, or
    whose rows are not as long as its header (naming the line).
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidInputError(f"{path} is not market data; give {' or '.join(SUFFIXES)} files")
    import pyarrow as pa

    try:
        table = _read_csv(path) if suffix == ".csv" else _read_parquet(path)
    except pa.ArrowInvalid as error:
        for _ in read_rows(path):  # names the line, when it is a line's fault
            pass
        raise InvalidInputError(f"{path} cannot be read ({error}); write the file again") from error
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInputError(
            f"{path} cannot be read ({reason}); give a readable file"
        ) from error
    columns: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        columns.setdefault(name.strip().lower(), column)
    if not table.num_rows:
        raise InvalidInputError(f"{path} holds no rows; give at least one row of market data")
    return FileTable(path, columns, table.num_rows)


def _read_csv(path: Path) -> Any:
    """Read numbers as such from the first row on; when one is none, everything as text, to find it."""
    import pyarrow as pa

    names = _header(path)
    numbers = {name: pa.float64() for name in names if name.strip().lower() in NUMBERS}
    try:
        return _converted(path, numbers)
    except pa.ArrowInvalid:
        if not numbers:
            raise
        return _converted(path, dict.fromkeys(names, pa.string()))


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return next(text_rows(file), [])


def _converted(path: Path, types: Mapping[str, Any]) -> Any:
    from pyarrow import csv

    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(use_threads=False),
        convert_options=csv.ConvertOptions(strings_can_be_null=True, column_types=types),
    )


def _read_parquet(path: Path) -> Any:
    from pyarrow import parquet

    return parquet.ParquetFile(path).read(use_threads=False)
