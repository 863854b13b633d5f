"""`qz backtest`, `sweep`, `indicator`, `strategy` over real bars: what they print, and what they refuse."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cli.__main__ import main
from tests.fakes.real_bars import SPLITS, closing_times_and_closes, daily_rows, write_daily

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRATEGY = """\
strategy: crossing
version: 2
universe: [GOOG]
timeframe: 1d
parameters:
  fast: {default: 10, range: [2, 45, 1]}
  slow: {default: 30, range: [10, 250, 1]}
entry: {long: "cross_above(sma(close, fast), sma(close, slow))"}
exit: {long: "cross_below(sma(close, fast), sma(close, slow))"}
sizing: {percent_of_equity: 100, lot: fractional}
costs: {commission: {bps: 10}}
"""
TRADE_KEYS = {
    "symbol", "side", "entry_time", "entry_price", "exit_time", "exit_price", "quantity", "profit",
    "fees", "reason", "ambiguous",
}  # fmt: skip


class World:
    """A folder with a strategy, real bars of GOOG and IBM, and a home of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.home = folder / "home"
        self.strategy = folder / "crossing.yaml"
        self.strategy.write_text(STRATEGY)
        self.data = write_daily(folder / "GOOG.csv", "GOOG")

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = main([str(each) for each in arguments])
        said = self._capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, " ".join(said.err.split())

    def research(self, command: str, *arguments: str) -> tuple[int, str, str]:
        home = ("--home", str(self.home))
        data = () if "--data" in arguments else ("--data", str(self.data))
        return self.run(command, str(self.strategy), *data, *home, *arguments)

    def backtest(self, *arguments: str) -> dict[str, Any]:
        code, out, said = self.research("backtest", "--json", *arguments)
        assert code == 0, said
        assert said == ""
        found: dict[str, Any] = json.loads(out)
        return found

    def refusal(self, *arguments: str) -> str:
        code, out, said = self.research("backtest", *arguments)
        assert code == 1
        assert out == ""
        assert said.startswith("qz: ")
        return said


@pytest.fixture
def world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> World:
    return World(tmp_path, capsys)


def test_the_json_has_the_keys_that_scripts_rely_on(world: World) -> None:
    found = world.backtest()
    assert {"key", "final_equity", "metrics", "trades", "orders", "refusals", "equity"} <= set(
        found
    )
    assert all(set(trade) >= TRADE_KEYS for trade in found["trades"])
    assert len(found["equity"]) == len(daily_rows("GOOG"))
    assert found["equity"][-1] == ["2013-03-01T21:00:00Z", found["final_equity"]]


def test_money_and_prices_are_exact_texts_without_exponents(world: World) -> None:
    found = world.backtest()
    trade = found["trades"][0]
    for text in [found["final_equity"], *(trade[key] for key in ("entry_price", "profit", "fees"))]:
        assert isinstance(text, str)
        assert "e" not in text.lower()
    assert len(found["final_equity"].split(".")[1]) > 2
    assert isinstance(found["metrics"]["sharpe"], float)


def test_the_same_inputs_have_the_same_key_and_count_as_one_trial(world: World) -> None:
    first, again = world.backtest(), world.backtest()
    assert again == first
    assert first["trials"] == 1
    other = world.backtest("--param", "fast=12")
    assert other["key"] != first["key"]
    assert other["trials"] == 2
    assert other["deflated_sharpe"] is not None
    lines = (world.home / "research" / "trials" / "crossing.jsonl").read_text().splitlines()
    assert [json.loads(line)["key"] for line in lines] == [first["key"], other["key"]]


def test_a_trial_that_a_killed_run_wrote_halfway_hides_no_other(world: World) -> None:
    world.backtest()
    path = world.home / "research" / "trials" / "crossing.jsonl"
    path.write_text(path.read_text() + '{"key": "half')
    assert world.backtest("--param", "fast=12")["trials"] == 2
    assert world.backtest("--param", "fast=13")["trials"] == 3


def test_a_range_of_days_and_the_cash_are_followed(world: World) -> None:
    found = world.backtest("--from", "2006-01-03", "--to", "2006-12-29", "--cash", "5000")
    assert found["equity"][0] == ["2006-01-03T21:00:00Z", "5000"]
    assert found["equity"][-1][0] == "2006-12-29T21:00:00Z"
    assert found["cash"] == "5000"


def test_one_unnamed_file_stands_in_for_the_universe_and_says_so(world: World) -> None:
    data = write_daily(world.folder / "ibm.csv", "IBM")
    found = world.backtest("--data", str(data))
    assert found["symbols"] == ["IBM"]
    assert found["notes"][0] == (
        "ibm.csv holds one instrument, so the run is of IBM alone; the document's universe is GOOG"
    )
    named = world.backtest("--data", str(data), "--symbol", "XYZ")
    assert named["symbols"] == ["XYZ"]
    assert named["final_equity"] == found["final_equity"]


def test_a_folder_with_splits_is_one_market(world: World) -> None:
    folder = world.folder / "market"
    folder.mkdir()
    for symbol in ("AAPL", "GOOG", "IBM"):
        write_daily(folder / f"{symbol}.csv", symbol, first="2004-08-19", last="2006-08-29")
    (folder / "splits.csv").write_text(SPLITS)
    world.strategy.write_text(STRATEGY.replace("[GOOG]", "[AAPL, GOOG]"))
    assert world.backtest("--data", str(folder))["symbols"] == ["AAPL", "GOOG"]
    assert world.backtest("--data", str(folder), "--symbol", "AAPL")["symbols"] == ["AAPL"]
    compared = world.backtest("--data", str(folder), "--benchmark", "IBM")
    assert len(compared["benchmark"]) == len(compared["equity"])


def test_the_terminal_shows_what_became_of_the_money(world: World) -> None:
    code, out, _ = world.research("backtest")
    assert code == 0
    assert "crossing version 2 on GOOG, 2004-08-19 to 2013-03-01" in out
    assert "100,000.00 became" in out
    assert "Sharpe ratio" in out
    assert "crossing was tried once so far" in out


def test_the_report_is_written_whole_and_nothing_beside_it(world: World) -> None:
    before = set(world.folder.iterdir())
    world.backtest("--report", str(world.folder / "report.html"))
    made = set(world.folder.iterdir()) - before
    assert {path.name for path in made} == {"report.html", "home"}
    page = (world.folder / "report.html").read_text()
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")


def test_a_report_that_cannot_be_written_is_refused_before_the_run(world: World) -> None:
    assert "does not exist; make it first" in world.refusal(
        "--report", str(world.folder / "nowhere" / "report.html")
    )
    assert "is a folder; name a file in it" in world.refusal("--report", str(world.folder))


def test_a_sweep_gives_a_row_for_each_pair_and_the_same_figures_as_a_backtest(world: World) -> None:
    code, out, _ = world.research(
        "sweep", "--grid", "fast=5:15:5", "--grid", "slow=30,50", "--json"
    )
    assert code == 0
    rows = json.loads(out)
    pairs = {(row["parameters"]["fast"], row["parameters"]["slow"]) for row in rows}
    assert pairs == {(fast, slow) for fast in ("5", "10", "15") for slow in ("30", "50")}
    ratios = [row["sharpe"] for row in rows]
    assert ratios == sorted(ratios, reverse=True)
    best = rows[0]["parameters"]
    found = world.backtest("--param", f"fast={best['fast']}", "--param", f"slow={best['slow']}")
    assert found["final_equity"] == rows[0]["final_equity"]
    assert found["metrics"]["max_drawdown"] == pytest.approx(rows[0]["max_drawdown"], abs=1e-15)
    assert found["metrics"]["sharpe"] == pytest.approx(rows[0]["sharpe"], rel=1e-12)
    assert len(found["trades"]) == rows[0]["trades"]
    assert found["trials"] == 6  # the sweep had counted this pair already


def test_the_table_of_a_sweep_shows_the_best(world: World) -> None:
    code, out, _ = world.research(
        "sweep", "--grid", "fast=5:45:5", "--top", "3", "--param", "slow=60"
    )
    assert code == 0
    assert "the best 3 of 9 combinations by sharpe" in out


def test_an_indicator_prints_one_value_for_each_bar_and_null_while_it_warms_up(
    world: World,
) -> None:
    code, out, _ = world.run("indicator", "sma(close, 10)", "--data", str(world.data), "--json")
    assert code == 0
    values = json.loads(out)
    _, closes = closing_times_and_closes("GOOG")
    assert values[:9] == [None] * 9
    means = np.convolve(closes, np.ones(10) / 10, mode="valid")
    assert values[9:] == pytest.approx(means.tolist(), rel=1e-12)
    code, out, _ = world.run("indicator", "close > open", "--data", str(world.data), "--json")
    assert set(json.loads(out)) == {True, False}
    code, out, _ = world.run("indicator", "rsi(close, 14)", "--data", str(world.data))
    assert "rsi(close, 14) of GOOG: 2,148 bars, of which 15 warm up" in " ".join(out.split())
    assert "2013-03-01T21:00:00Z" in out


def test_an_indicator_of_several_instruments_asks_for_one(world: World) -> None:
    write_daily(world.folder / "IBM.csv", "IBM")
    code, _, said = world.run("indicator", "close", "--data", str(world.folder), "--json")
    assert code == 1
    assert "the data holds GOOG, IBM; choose one of them by --symbol" in said
    arguments = ("indicator", "close", "--data", str(world.folder), "--json", "--symbol", "IBM")
    code, out, _ = world.run(*arguments)
    assert json.loads(out)[0] == pytest.approx(float(daily_rows("IBM")[0].split(",")[4]))


def test_a_document_is_checked_explained_and_described(world: World) -> None:
    code, out, _ = world.run("strategy", "check", str(world.strategy))
    assert code == 0
    assert "is a valid strategy: crossing version 2" in out
    code, out, _ = world.run("strategy", "explain", str(world.strategy))
    assert "its first decision needs 31 bars" in out
    assert "entry_long" in out
    code, out, _ = world.run("strategy", "explain", str(world.strategy), "--json")
    assert json.loads(out)["warm_up_bars"] == 31
    code, out, _ = world.run("strategy", "schema")
    assert json.loads(out)["title"] == "QuantumZero strategy document"
    code, out, _ = world.run("strategy", "list", "--json")
    assert "sma-cross" in [row["strategy"] for row in json.loads(out)]


TURTLE = """\
from quantumzero.research import Strategy


class Turtle(Strategy):
    parameters = {"bars": 20}

    def on_bar(self, bar):
        if bar.close >= max(bar.history("high", self.parameters["bars"])[:-1], default=1e9):
            self.buy()
        elif bar.close <= min(bar.history("low", 10)):
            self.close()
"""


def test_a_python_file_runs_in_the_same_engine_with_a_certificate(world: World) -> None:
    world.strategy = world.folder / "turtle.py"
    world.strategy.write_text(TURTLE)
    found = world.backtest("--param", "bars=30", "--to", "2006-12-29")
    assert (found["strategy"], found["symbols"]) == ("turtle", ["GOOG"])
    assert found["parameters"] == {"bars": "30"}
    assert found["certificate"].startswith("prefix-invariant")
    world.strategy.write_text("import quantumzero.nothing")
    assert "turtle.py failed: ModuleNotFoundError" in world.refusal()
    world.strategy.write_text("x = 1")
    assert "defines the strategies none; it must define one class" in world.refusal()


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
def test_a_wrong_document_is_one_sentence(world: World, case: str) -> None:
    (was, becomes), words = WRONG_DOCUMENTS[case]
    world.strategy.write_text(STRATEGY.replace(was, becomes))
    assert words in world.refusal()


def lines(world: World) -> list[str]:
    return world.data.read_text().splitlines()


def rewritten(world: World, *rows: str) -> World:
    world.data.write_text("\n".join(rows) + "\n")
    return world


def test_too_little_data_says_how_many_bars_are_missing(world: World) -> None:
    said = rewritten(world, *lines(world)[:20]).refusal()
    assert "needs 31 bars before its first decision and GOOG had 19: 12 bars are missing" in said


@pytest.mark.parametrize(
    ("cell", "column"), [("NaN", "open"), ("-3", "low"), ("", "close"), ("x", "high")]
)
def test_a_price_that_is_none_is_named_by_its_row(world: World, cell: str, column: str) -> None:
    rows = lines(world)
    cells = rows[11].split(",")
    cells[("date", "open", "high", "low", "close").index(column)] = cell
    said = rewritten(world, *rows[:11], ",".join(cells), *rows[12:]).refusal()
    assert f"GOOG.csv, line 12, column {column!r}: was {cell!r}; it must be a" in said


def test_rows_out_of_order_and_repeated_are_named(world: World) -> None:
    rows = lines(world)
    swapped = rewritten(world, *rows[:11], rows[12], rows[11], *rows[13:]).refusal()
    assert "line 13, column 'date': was '2004-09-02'; it must be after the time of the" in swapped
    repeated = rewritten(world, *rows[:12], rows[11], *rows[12:]).refusal()
    assert "line 13, column 'date': was '2004-09-02'; it must be unlike the time of" in repeated


def test_missing_sessions_are_named_unless_they_are_accepted(world: World) -> None:
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
        (("--from", "2020-01-01"), "no bar of GOOG lies between 2020-01-01 and the last"),
    ],
)
def test_an_option_out_of_its_range_says_what_it_may_be(
    world: World, arguments: tuple[str, ...], words: str
) -> None:
    assert words in world.refusal(*arguments)


def test_a_file_that_cannot_be_read_is_named(world: World) -> None:
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
    world: World, arguments: tuple[str, ...], words: str
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
def test_a_wrong_grid_says_what_it_may_be(world: World, grid: str, code: int, words: str) -> None:
    found, _, said = world.research("sweep", "--grid", grid)
    assert found == code
    assert words in said


def test_an_expression_that_cannot_be_read_points_at_its_character(world: World) -> None:
    code, _, said = world.run("indicator", "rsi(clse, 14)", "--data", str(world.data))
    assert code == 1
    assert (
        "'rsi(clse, 14)', character 5 ('clse'): the name clse does not exist; did you mean" in said
    )


@pytest.fixture
def interrupted_soon() -> Iterator[None]:
    """Press Ctrl-C a third of a second from now."""
    timer = threading.Timer(0.35, lambda: os.kill(os.getpid(), signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer.start()
    yield
    timer.cancel()
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupted_soon")
def test_a_long_run_stops_at_once_on_ctrl_c_and_leaves_nothing_behind(world: World) -> None:
    code, out, said = world.research(
        "sweep", "--grid", "fast=2:45:1", "--grid", "slow=10:250:1", "--json"
    )
    assert (code, out, said) == (130, "", "qz: interrupted")
    assert not world.home.exists()
