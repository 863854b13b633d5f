"""Files of market data become a history; what is wrong is named by file, line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from quantumzero.adapters.files.market import read_market
from quantumzero.domain.errors import InvalidInputError
from tests.fakes.real_bars import HEADER, SPLITS, daily_rows, write_daily

if TYPE_CHECKING:
    from pathlib import Path

FIRST_LINES = (
    "2024-03-01,10,11,9,10.5,100",
    "2024-03-04,10.5,12,10,11,200",
    "2024-03-05,11,12,10.5,11.5,300",
)


def written(path: Path, *lines: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def refusal(path: Path, **choices: str) -> str:
    with pytest.raises(InvalidInputError) as caught:
        read_market(path, **choices)
    return str(caught.value)


def test_a_csv_of_real_bars_is_read_exactly(tmp_path: Path) -> None:
    market = read_market(write_daily(tmp_path / "goog.csv", "GOOG"))
    series = market.history.series["GOOG"]
    assert not market.named
    assert market.history.timeframe == "1d"
    assert len(series) == len(daily_rows("GOOG"))
    first = daily_rows("GOOG")[0].split(",")
    assert series.open[0] == round(float(first[1]) * 10_000)
    assert series.volume[0] == int(first[5])


def test_a_parquet_file_of_32_bit_prices_gives_the_same_history_as_the_csv(tmp_path: Path) -> None:
    source = write_daily(tmp_path / "IBM.csv", "IBM", last="2001-12-31")
    table = csv.read_csv(source)
    narrow = [
        column.cast(pa.float32()) if pa.types.is_floating(column.type) else column
        for column in table.columns
    ]
    (tmp_path / "other").mkdir()
    target = tmp_path / "other" / "IBM.parquet"
    parquet.write_table(pa.table(narrow, names=table.column_names), target)
    assert (
        read_market(target).history.snapshot == read_market(tmp_path / "IBM.csv").history.snapshot
    )


def test_a_folder_is_read_by_its_files_names_and_only_what_is_wanted(tmp_path: Path) -> None:
    for symbol in ("AAPL", "IBM"):
        write_daily(tmp_path / f"{symbol}.csv", symbol, first="2004-08-19", last="2005-08-29")
    (tmp_path / "broken.csv").write_text("not market data")
    (tmp_path / "splits.csv").write_text(SPLITS)
    market = read_market(tmp_path, wanted=("IBM", "AAPL"))
    assert market.named
    assert set(market.history.series) == {"AAPL", "IBM"}
    assert [(each.symbol, each.ex_date, each.new) for each in market.history.actions] == [
        ("AAPL", "2000-06-21", 2),
        ("AAPL", "2005-02-28", 2),
    ]
    assert set(read_market(tmp_path, symbol="IBM").history.series) == {"IBM"}


def test_a_column_symbol_wins_over_the_files_name(tmp_path: Path) -> None:
    path = written(
        tmp_path / "any.csv",
        *(line for row in FIRST_LINES for line in (f"aapl,{row}", f"IBM,{row}")),
        header=f"symbol,{HEADER}",
    )
    market = read_market(path)
    assert market.named
    assert list(market.history.series) == ["AAPL", "IBM"]
    assert list(read_market(path, symbol="IBM").history.series) == ["IBM"]
    assert list(read_market(path, wanted=("AAPL", "MSFT")).history.series) == ["AAPL"]
    assert "holds no bars of GOOG; it holds AAPL, IBM" in refusal(path, symbol="GOOG")


def test_the_option_names_the_instrument_of_a_single_file(tmp_path: Path) -> None:
    path = written(tmp_path / "download (1).csv", *FIRST_LINES)
    assert list(read_market(path, symbol="tsla").history.series) == ["TSLA"]


def test_the_index_of_a_frame_written_without_a_name_is_the_time(tmp_path: Path) -> None:
    path = written(tmp_path / "X.csv", *FIRST_LINES, header=",Open,High,Low,Close,Volume")
    assert len(read_market(path).history.series["X"]) == 3


def test_times_with_summer_and_winter_offsets_are_one_instant_each(tmp_path: Path) -> None:
    lines = (
        "2024-03-08 15:58:00-05:00,10,11,9,10,1",
        "2024-03-08 15:59:00-05:00,10,11,9,10,1",
        "2024-03-11 09:30:00-04:00,10,11,9,10,1",
    )
    path = written(tmp_path / "X.csv", *lines, header=HEADER.replace("Date", "timestamp"))
    opens = read_market(path).history.series["X"].opens_at
    assert opens.astype("datetime64[us]").astype(str).tolist()[-1] == "2024-03-11T13:30:00.000000"


def test_optional_columns_and_dividends_are_taken_exactly(tmp_path: Path) -> None:
    rows = [f"{row},10.25,,10.5" for row in FIRST_LINES]
    path = written(tmp_path / "X.csv", *rows, header=f"{HEADER},VWAP,bid,ask")
    (tmp_path / "actions.csv").write_text(
        "symbol,date,action,value,new_symbol\n"
        "X,2024-03-04,dividend,0.125,\nX,2024-03-05,rename,,Y\nZ,2024-03-05,halt,,\n"
    )
    history = read_market(path).history
    assert history.series["X"].vwap is not None
    assert history.series["X"].vwap.tolist() == [102_500] * 3
    assert history.series["X"].bid is not None
    assert history.series["X"].bid.tolist() == [0, 0, 0]
    dividend, rename = history.actions
    assert (dividend.kind, dividend.amount) == ("dividend", 1_250)
    assert (rename.kind, rename.to) == ("rename", "Y")
    (tmp_path / "actions.csv").write_text(
        "symbol,date,action,value\nX,2024-03-04,dividend,0.12345\n"
    )
    again = read_market(path).history
    assert again.notes == ("X: 1 amounts of actions.csv were rounded to 4 decimals",)
    assert again.snapshot != history.snapshot


def test_the_bars_under_an_earlier_name_are_read_too(tmp_path: Path) -> None:
    for name, line in (("FB", FIRST_LINES[0]), ("META", FIRST_LINES[1]), ("Z", FIRST_LINES[1])):
        written(tmp_path / f"{name}.csv", line)
    (tmp_path / "actions.csv").write_text(
        "symbol,date,action,value,new_symbol\nFB,2024-03-04,rename,,META\n"
    )
    assert list(read_market(tmp_path, symbol="META").history.series) == ["FB", "META"]
    assert list(read_market(tmp_path, wanted=("META",)).history.series) == ["FB", "META"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2024-03-05,NaN,12,10,11,1", "line 4, column 'open': was 'NaN'; it must be a price above"),
        ("2024-03-05,11,12,10,-11,1", "line 4, column 'close': was '-11'; it must be a price"),
        ("2024-03-05,11,12,10,,1", "line 4, column 'close': was ''; it must be a price above 0"),
        ("2024-03-05,11,12,0,11,1", "line 4, column 'low': was '0'; it must be a price above 0"),
        ("2024-03-05,11,x,10,11,1", "line 4, column 'high': was 'x'; it must be a number"),
        ("2024-03-05,11,12,10,11,-1", "line 4, column 'volume': was '-1'; it must be a number of"),
        ("2024-03-05,11,9,10,11,1", "line 4, column 'high': was '9'; it must be at least the low"),
        ("2024-03-04,11,12,10,11,1", "line 4, column 'date': was '2024-03-04'; it must be unlike"),
        ("2024-02-29,11,12,10,11,1", "line 4, column 'date': was '2024-02-29'; it must be after"),
        ("05.03.2024,11,12,10,11,1", "line 4, column 'date': was '05.03.2024'; it must be a date"),
        (",11,12,10,11,1", "line 4, column 'date': was ''; it must be a date like 2024-03-01"),
        ("2024-03-05,11,12,10,11", "line 4: has 5 cells; the header names 6 columns"),
    ],
)
def test_a_wrong_cell_is_named_by_its_line_and_column(
    tmp_path: Path, line: str, words: str
) -> None:
    path = written(tmp_path / "X.csv", *FIRST_LINES[:2], line)
    said = refusal(path)
    assert f"{path}, {words}" in said
    assert "correct or remove the row" in said


def test_a_number_that_changes_its_kind_deep_in_a_long_file_is_read_or_named(
    tmp_path: Path,
) -> None:
    count = 40_000
    days = np.arange(count).astype("datetime64[D]").astype(str)
    lines = [f"{day},10,11,9,10,100" for day in days]
    lines[-2] = f"{days[-2]},10.5,11,9,10,100.0"
    path = written(tmp_path / "X.csv", *lines)
    assert path.stat().st_size > 1_000_000  # more than the block from which types are guessed
    series = read_market(path, calendar="none").history.series["X"]
    assert series.open[-2] == 105_000
    lines[-2] = f"{days[-2]},10.5,11,9,ten,100"
    written(path, *lines)
    assert f"line {count}, column 'close': was 'ten'; it must be a number" in refusal(path)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "X.csv"
    path.write_bytes(("\ufeff" + "\r\n".join([HEADER, *FIRST_LINES]) + "\r\n").encode())
    assert len(read_market(path).history.series["X"]) == 3


def test_a_blank_line_does_not_shift_the_line_that_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "X.csv", FIRST_LINES[0], "", "2024-03-04,1,1,1,-1,1")
    assert "line 4, column 'close'" in refusal(path)


def test_a_wrong_cell_of_parquet_is_named_by_its_row(tmp_path: Path) -> None:
    columns = {key: [10.0, np.nan] for key in ("open", "high", "low", "close")}
    dates = pa.array(np.array(["2024-03-01", "2024-03-04"], dtype="datetime64[D]"))
    parquet.write_table(
        pa.table({"date": dates, **columns, "volume": [1, 1]}), tmp_path / "X.parquet"
    )
    said = refusal(tmp_path / "X.parquet")
    assert "line 2, column 'open': was 'nan'; it must be a price above 0" in said


def test_what_is_no_market_data_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "broken.parquet").write_text("hello")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "nothing").mkdir()
    assert "does not exist; give a file or a folder" in refusal(tmp_path / "absent.csv")
    assert "is not market data; give .csv or .parquet files" in refusal(tmp_path / "notes.txt")
    assert "cannot be read" in refusal(tmp_path / "broken.parquet")
    assert "is empty; its first line must name the columns" in refusal(tmp_path / "empty.csv")
    assert "holds no .csv or .parquet file" in refusal(tmp_path / "nothing")
    path = written(tmp_path / "X.csv", "2024-03-01,1,1", header="date,open,close")
    assert "column high is missing; the columns were date, open, close" in refusal(path)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("X,2024-03-05,spin-off,,", "column 'action': was 'spin-off'; it must be one of dividend"),
        ("X,2024-03-05,dividend,0,", "column 'value': was '0'; it must be money a share, more"),
        ("X,2024-03-05,delisting,-1,", "column 'value': was '-1'; it must be money a share, 0"),
        ("X,2024-03-05,rename,,", "column 'new_symbol': was ''; it must be the name of an"),
        ("X,someday,join,,", "column 'date': was 'someday'; it must be a date like 2024-03-01"),
    ],
)
def test_a_wrong_corporate_action_is_named(tmp_path: Path, row: str, words: str) -> None:
    path = written(tmp_path / "X.csv", *FIRST_LINES)
    (tmp_path / "actions.csv").write_text(f"symbol,date,action,value,new_symbol\n{row}\n")
    assert f"{tmp_path / 'actions.csv'}, line 2, {words}" in refusal(path)
