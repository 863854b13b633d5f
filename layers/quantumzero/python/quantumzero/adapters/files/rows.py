"""Read CSV and Parquet files as rows of text, each with the place it stands at."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Its file, its line (CSV) or row number (Parquet), its cells by lower-case column name.
    """

    file: Path
    line: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """Return the cell's text without surrounding blanks; "" when it is missing."""
        return self.cells.get(column, "").strip()

    def refuse(self, column: str, was: str, must: str) -> NoReturn:
        """Raise InvalidInputError that names the file, the line, the column, what was and what may
        be.
        """
        raise InvalidInputError(
            f"{self.file}, line {self.line}, column {column!r}: was {was!r}; it must be {must};"
            " correct or remove the row"
        )


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of one file in order.

    Errors: InvalidInputError for an unreadable file, another kind of file, a row that is too short
    or too long, or an empty one.
    """
    if path.suffix.lower() == ".csv":
        yield from _read_csv(path)
    elif path.suffix.lower() == ".parquet":
        yield from _read_parquet(path)
    else:
        raise InvalidInputError(f"{path} is not market data; give {' or '.join(SUFFIXES)} files")


def _read_csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            if not any(header):
                raise InvalidInputError(f"{path} is empty; its first line must name the columns")
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(header):
                    raise InvalidInputError(
                        f"{path}, line {reader.line_num}: has {len(cells)} cells; the header names"
                        f" {len(header)} columns; correct or remove the row"
                    )
                yield Row(path, reader.line_num, dict(zip(header, cells, strict=True)))
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidInputError(
                f"{path}, line {reader.line_num + 1}: cannot be read as UTF-8 CSV ({error});"
                " save the file as plain CSV"
            ) from error


def _read_parquet(path: Path) -> Iterator[Row]:
    # Imported here: pyarrow takes half a second that a start without Parquet files need not pay.
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise InvalidInputError(
            f"{path} cannot be read as Parquet ({error}); write the file again"
        ) from error
    line = 0
    for batch in file.iter_batches():
        names = [name.lower() for name in batch.schema.names]
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            line += 1
            texts = ("" if value is None else str(value) for value in values)
            yield Row(path, line, dict(zip(names, texts, strict=True)))
