"""Every error of the research commands, through the real command line: one sentence, and its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.research_world import STRATEGY

if TYPE_CHECKING:
    from tests.fakes.research_world import ResearchWorld

WRONG_DOCUMENTS = {
    "an unknown function names the nearest": (
        ("sma(close, slow)", "smaa(close, slow)"),
        "line 8, column 46: entry.long: the function smaa does not exist; did you mean sma?",
    ),
    "a wrong type points at its part": (
        ("sma(close, slow)", "close > 3"),
        "line 8, column 46: entry.long: this part was a truth; a number must stand here",
    ),
    "a negative lag is an attempt to look ahead": (
        ("sma(close, slow)", "lag(close, -1)"),
        "the period was -1, which means bars that have not closed yet; the language cannot look",
    ),
    "an index is an attempt to look ahead": (
        ("sma(close, slow)", "close[1]"),
        "indexing is not part of the language, so that no expression can look ahead",
    ),
    "lead is an attempt to look ahead": (
        ("sma(close, slow)", "lead(close, 1)"),
        "the function lead does not exist: the language cannot look ahead",
    ),
    "a missing key is named with the nearest": (
        ("sizing:", "sising:"),
        "sising: the key sising does not exist; did you mean sizing?",
    ),
    "bars of another interval are named": (
        ("timeframe: 1d", "timeframe: 1h"),
        "the smallest gap between two bars was 1d; the strategy's timeframe is 1h",
    ),
}


@pytest.mark.parametrize("case", WRONG_DOCUMENTS)
def test_a_wrong_document_is_one_sentence(world: ResearchWorld, case: str) -> None:
    (was, becomes), words = WRONG_DOCUMENTS[case]
    world.strategy.write_text(STRATEGY.replace(was, becomes))
    assert words in world.refusal()


def lines(world: ResearchWorld) -> list[str]:
    return world.data.read_text().splitlines()


def rewritten(world: ResearchWorld, *rows: str) -> ResearchWorld:
    world.data.write_text("\n".join(rows) + "\n")
    return world


def test_too_little_data_says_how_many_bars_are_missing(world: ResearchWorld) -> None:
    said = rewritten(world, *lines(world)[:20]).refusal()
    assert "needs 31 bars before its first decision and GOOG had 19: 12 bars are missing" in said


@pytest.mark.parametrize(
    ("cell", "column"), [("NaN", "open"), ("-3", "low"), ("", "close"), ("x", "high")]
)
def test_a_price_that_is_none_is_named_by_its_row(
    world: ResearchWorld, cell: str, column: str
) -> None:
    rows = lines(world)
    cells = rows[11].split(",")
    cells[("date", "open", "high", "low", "close").index(column)] = cell
    said = rewritten(world, *rows[:11], ",".join(cells), *rows[12:]).refusal()
    assert f"GOOG.csv, line 12, column {column!r}: was {cell!r}; it must be a" in said


def test_rows_out_of_order_and_repeated_are_named(world: ResearchWorld) -> None:
    rows = lines(world)
    swapped = rewritten(world, *rows[:11], rows[12], rows[11], *rows[13:]).refusal()
    assert "line 13, column 'date': was '2004-09-02'; it must be after the time of the" in swapped
    repeated = rewritten(world, *rows[:12], rows[11], *rows[12:]).refusal()
    assert "line 13, column 'date': was '2004-09-02'; it must be unlike the time of" in repeated


def test_missing_sessions_are_named_unless_they_are_accepted(world: ResearchWorld) -> None:
    rows = lines(world)
    gap = rewritten(world, *rows[:499], *rows[501:])
    days = [row.split(",")[0] for row in rows[499:501]]
    said = gap.refusal()
    assert f"the data lacked 2 sessions of XNYS: GOOG {days[0]}, GOOG {days[1]}" in said
    assert "--accept-gaps" in said
    assert "2 sessions" in " ".join(gap.backtest("--accept-gaps")["notes"])
    assert "sessions of XNYS" not in " ".join(gap.backtest("--calendar", "none")["notes"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--param", "fast=99"), "parameter fast was 99; its range is 2 to 45"),
        (("--param", "fst=9"), "the parameter fst does not exist; did you mean fast?"),
        (("--preset", "leen"), "the preset leen does not exist; did you mean lean?"),
        (("--convention", "mine"), "convention: there is no 'mine'; it may be default, empyrical"),
        (("--limits", "some"), "limits were 'some'; they may be none, account"),
        (("--limits", "gross=1"), "the limit gross does not exist"),
        (("--limits", "positions=few"), "positions was 'few'; it must be a whole number"),
        (("--from", "2020-01-01"), "no bar of GOOG lies between 2020-01-01 and the last"),
    ],
)
def test_an_option_out_of_its_range_says_what_it_may_be(
    world: ResearchWorld, arguments: tuple[str, ...], words: str
) -> None:
    assert words in world.refusal(*arguments)


def test_a_home_that_cannot_be_written_to_is_named(world: ResearchWorld) -> None:
    world.home.write_text("a file where the folder should be")
    assert "name a folder that can be written to by --home" in world.refusal()


def test_a_file_that_cannot_be_read_is_named(world: ResearchWorld) -> None:
    broken = world.folder / "broken.parquet"
    broken.write_text("junk")
    assert f"{broken} cannot be read" in world.refusal("--data", str(broken))
    text = world.folder / "notes.txt"
    text.write_text("hello")
    assert f"{text} is not market data; give .csv or .parquet" in world.refusal("--data", str(text))
    world.strategy.write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8 text" in world.refusal()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--param", "fast"), "--param was 'fast'; it may be one like fast=10"),
        (("--param", "fast=x"), "--param fast was 'x'; it may be a number such as 10 or 0.5"),
        (("--calendar", "XLON"), "the calendar was 'XLON'; it may be XNYS or none"),
        (("--cash", "-5"), "cash was -5; it must be more than 0"),
        (("--from", "yesterday"), "the date was 'yesterday'; it may be one like 2004-08-19"),
        (("--data", "/nowhere.csv"), "path '/nowhere.csv' does not exist"),
    ],
)
def test_a_command_line_that_cannot_be_understood_ends_with_2(
    world: ResearchWorld, arguments: tuple[str, ...], words: str
) -> None:
    code, _, said = world.research("backtest", *arguments)
    assert code == 2
    assert words in said


@pytest.mark.parametrize(
    ("grid", "code", "words"),
    [
        ("fast", 2, "--grid was 'fast'; it may be one like fast=5:45:1"),
        ("fast=9:5:1", 2, "its last value must not be below its first, its step above 0"),
        ("fast=5:9:0", 2, "its last value must not be below its first, its step above 0"),
        ("fast=1:2:3:4", 2, "it may be first:last:step, or values with commas between"),
        ("fst=5:9:1", 1, "the parameter fst does not exist; did you mean fast?"),
        ("fast=5:99:1", 1, "fast was 46; its range is 2 to 45"),
    ],
)
def test_a_wrong_grid_says_what_it_may_be(
    world: ResearchWorld, grid: str, code: int, words: str
) -> None:
    found, _, said = world.research("sweep", "--grid", grid)
    assert found == code
    assert words in said


def test_an_expression_that_cannot_be_read_points_at_its_character(world: ResearchWorld) -> None:
    code, _, said = world.run("indicator", "rsi(clse, 14)", "--data", str(world.data))
    assert code == 1
    assert (
        "'rsi(clse, 14)', character 5 ('clse'): the name clse does not exist; did you mean" in said
    )
