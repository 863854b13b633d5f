"""The user's files load exactly, or say which cell is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from local.market_data.files import load_files
from local.market_data.loading import replay_window
from quantumzero.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from pathlib import Path

DAILY = "Date,Open,High,Low,Close,Volume\n2024-03-04,10,12,9,11,1000\n2024-03-05,11,12,10,12,900\n"
MINUTES = (
    "timestamp,symbol,open,high,low,close,volume\n"
    "2024-03-04T14:30:00Z,X,10,12,9,11,100\n"
    "2024-03-04T14:31:00Z,X,11,11,11,11,50\n"
    "2024-03-04T22:00:00Z,X,11,11,11,11,50\n"
)
TICKS = (
    "timestamp,symbol,price,size\n"
    "2024-03-04T14:30:00.5Z,Y,10.25,3\n"
    "2024-03-04T14:30:00.5Z,Y,10.26,3\n"
    "2024-03-04 09:31:00-05:00,Y,10.5,4\n"
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_daily_bars_take_their_symbol_from_the_name_of_the_file(tmp_path: Path) -> None:
    data = load_files(write(tmp_path, "abc.csv", DAILY))

    assert data.symbols == ("ABC",)
    assert [session.date for session in data.sessions] == [date(2024, 3, 4), date(2024, 3, 5)]
    assert len(data.ticks(date(2024, 3, 4))) == 6


def test_bars_of_minutes_outside_the_session_are_counted_and_left_out(tmp_path: Path) -> None:
    data = load_files(write(tmp_path, "minutes.csv", MINUTES))

    assert data.outside_sessions == 1
    assert sum(tick.size for tick in data.ticks(date(2024, 3, 4))) == 150


def test_ticks_keep_their_times_prices_and_order(tmp_path: Path) -> None:
    ticks = load_files(write(tmp_path, "ticks.csv", TICKS)).ticks(date(2024, 3, 4))

    assert [(tick.price, tick.size) for tick in ticks] == [
        (Decimal("10.25"), 3),
        (Decimal("10.26"), 3),
        (Decimal("10.5"), 4),
    ]
    assert ticks[2].at == datetime(2024, 3, 4, 14, 31, tzinfo=UTC)
    assert ticks[0].identifier < ticks[1].identifier < ticks[2].identifier


def test_parquet_and_csv_of_the_same_bars_are_the_same_market(tmp_path: Path) -> None:
    csv = load_files(write(tmp_path, "abc.csv", DAILY))
    table = pa.table(
        {
            "date": [date(2024, 3, 4), date(2024, 3, 5)],
            "open": [10.0, 11.0],
            "high": [12.0, 12.0],
            "low": [9.0, 10.0],
            "close": [11.0, 12.0],
            "volume": [1000, 900],
        }
    )
    (tmp_path / "parquet").mkdir()
    pq.write_table(table, tmp_path / "parquet" / "abc.parquet")

    parquet = load_files(tmp_path / "parquet")

    for session in csv.sessions:
        assert parquet.ticks(session.date) == csv.ticks(session.date)


def test_prices_written_from_short_floats_are_the_prices_they_stand_for(tmp_path: Path) -> None:
    row = "2024-03-04,130.30999755859375,130.5,130.25,130.47000122070312,100"
    path = write(tmp_path, "a.csv", f"date,open,high,low,close,volume\n{row}\n")

    ticks = load_files(path).ticks(date(2024, 3, 4))

    assert (ticks[0].price, ticks[-1].price) == (Decimal("130.31"), Decimal("130.47"))


def test_a_folder_gives_all_its_symbols_and_its_splits(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", DAILY)
    write(tmp_path, "b.csv", "date,open,high,low,close,volume\n2024-03-05,1,1,1,1,30\n")
    write(tmp_path, "splits.csv", "symbol,ex_date,new,old\na,2024-03-05,2,1\n")

    data = load_files(tmp_path)

    assert data.symbols == ("A", "B")
    assert [(split.symbol, split.new) for split in data.splits_before(data.sessions[1])] == [
        ("A", 2)
    ]
    assert data.splits_before(data.sessions[0]) == ()


def test_a_day_without_a_row_is_a_gap_and_a_session_without_ticks(tmp_path: Path) -> None:
    rows = "2024-03-04,1,1,1,1,30\n2024-03-06,1,1,1,1,30\n"
    data = load_files(write(tmp_path, "a.csv", f"date,open,high,low,close,volume\n{rows}"))

    assert data.gaps() == [("A", date(2024, 3, 5))]
    assert data.ticks(date(2024, 3, 5)) == ()
    assert len(data.sessions) == 3


BAD_DAILY = {
    "2024-03-05,nan,12,10,12,900": "column 'open': was 'nan'",
    "2024-03-05,-1,12,10,12,900": "column 'open': was '-1'",
    "2024-03-05,11,12,10,0,900": "column 'close': was '0'",
    "2024-03-05,11,9,10,12,900": "column 'high': was '9'",
    "2024-03-05,11,12,11.5,12,900": "column 'low': was '11.5'",
    "2024-03-05,11,12,10,12,-5": "column 'volume': was '-5'",
    "2024-03-05,11,12,10,12,1.5": "column 'volume': was '1.5'",
    "2024-03-05,11,12,10,12,2": "column 'volume': was '2'",
    "2024-03-05,11,12,10,12.34567,900": "column 'close': was '12.34567'",
    "2024-03-05,eleven,12,10,12,900": "column 'open': was 'eleven'",
    "2024-03-05,,12,10,12,900": "column 'open': was ''",
    "2024-03-05,inf,12,10,12,900": "column 'open': was 'inf'",
    "2024-03-09,11,12,10,12,900": "column 'date': was '2024-03-09'",
    "2024-03-04,11,12,10,12,900": "column 'date': was '2024-03-04'; it must be unlike",
    "2024-03-01,11,12,10,12,900": "column 'date': was '2024-03-01'; it must be after",
    "yesterday,11,12,10,12,900": "column 'date': was 'yesterday'",
    "2024-03-05,11,12,10,12": "has 5 cells",
    "2024-03-05,11,12,10,12,900,7": "has 7 cells",
}


@pytest.mark.parametrize("row", BAD_DAILY)
def test_a_bad_daily_row_is_named_by_file_line_and_column(tmp_path: Path, row: str) -> None:
    text = f"date,open,high,low,close,volume\n2024-03-04,10,12,9,11,1000\n{row}\n"
    path = write(tmp_path, "bad.csv", text)

    with pytest.raises(InvalidInputError) as refused:
        load_files(path)

    assert f"{path}, line 3" in str(refused.value)
    assert BAD_DAILY[row] in str(refused.value)


BAD_TICKS = {
    "2024-03-04T14:29:00Z,Y,10,1": "it must be not before",
    "2024-03-04T14:31:00,Y,10,1": "it must be a time with its zone",
    "2024-03-04T14:30:00Z,Y,10,5": "it must be unlike an earlier row",
    "2024-03-04T14:31:00Z,Y,10,0": "column 'size': was '0'",
    "2024-03-04T14:31:00Z,,10,1": "column 'symbol': was ''",
}


@pytest.mark.parametrize("row", BAD_TICKS)
def test_a_bad_tick_is_named_by_file_line_and_column(tmp_path: Path, row: str) -> None:
    text = f"timestamp,symbol,price,size\n2024-03-04T14:30:00Z,Y,10,5\n{row}\n"
    path = write(tmp_path, "bad.csv", text)

    with pytest.raises(InvalidInputError) as refused:
        load_files(path)

    assert f"{path}, line 3" in str(refused.value)
    assert BAD_TICKS[row] in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("empty.csv", "", "is empty"),
        ("header.csv", "date,open,high,low,close,volume\n", "holds no rows"),
        ("short.csv", "date,open\n2024-03-04,1\n", "column 'high': was 'missing'"),
        ("timeless.csv", "open,high\n1,2\n", "column 'timestamp': was 'missing'"),
        ("notes.txt", "hello", "is not market data"),
        ("broken.parquet", "hello", "cannot be read as Parquet"),
        ("quote.csv", 'date,open\n"2024', "cannot be read as UTF-8 CSV"),
    ],
)
def test_a_file_that_is_no_market_data_is_refused(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        load_files(write(tmp_path, name, text))


def test_two_kinds_of_rows_for_one_session_of_a_symbol_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "abc.csv", DAILY)
    write(tmp_path, "b.csv", "timestamp,symbol,price,size\n2024-03-05T15:00:00Z,ABC,10,5\n")

    with pytest.raises(InvalidInputError, match="it must be of the kind daily"):
        load_files(tmp_path)


def test_rows_of_closed_hours_alone_make_no_market(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "timestamp,price,size\n2024-03-04T04:00:00Z,10,5\n")

    with pytest.raises(InvalidInputError, match="no row inside a session"):
        load_files(path)


def test_a_folder_without_data_and_a_missing_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="put some there"):
        load_files(tmp_path)
    with pytest.raises(InvalidInputError, match="does not exist"):
        load_files(tmp_path / "nowhere")


def test_a_window_beyond_the_data_is_refused(tmp_path: Path) -> None:
    data = load_files(write(tmp_path, "abc.csv", DAILY))

    with pytest.raises(InvalidInputError, match="the data holds 2024-03-04 to 2024-03-05"):
        replay_window(data, embedded=False, start=date(2025, 1, 1), count=None)
    assert len(replay_window(data, embedded=False, start=None, count=1)) == 1
