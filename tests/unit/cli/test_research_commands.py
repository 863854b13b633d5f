"""`qz backtest`, `sweep`, `indicator`, `strategy` over real bars: what they print."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.fakes.real_bars import SPLITS, closing_times_and_closes, daily_rows, write_daily
from tests.fakes.research_world import STRATEGY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.research_world import ResearchWorld

TRADE_KEYS = {
    "symbol", "side", "entry_time", "entry_price", "exit_time", "exit_price", "quantity", "profit",
    "fees", "reason", "ambiguous",
}  # fmt: skip


def test_the_json_has_the_keys_that_scripts_rely_on(world: ResearchWorld) -> None:
    found = world.backtest()
    assert {"key", "final_equity", "metrics", "trades", "orders", "refusals", "equity"} <= set(
        found
    )
    assert all(set(trade) >= TRADE_KEYS for trade in found["trades"])
    assert len(found["equity"]) == len(daily_rows("GOOG"))
    assert found["equity"][-1] == ["2013-03-01T21:00:00Z", found["final_equity"]]


def test_money_and_prices_are_exact_texts_without_exponents(world: ResearchWorld) -> None:
    found = world.backtest()
    trade = found["trades"][0]
    for text in [found["final_equity"], *(trade[key] for key in ("entry_price", "profit", "fees"))]:
        assert isinstance(text, str)
        assert "e" not in text.lower()
    assert len(found["final_equity"].split(".")[1]) > 2
    assert isinstance(found["metrics"]["sharpe"], float)


def test_limits_are_given_by_name_and_refuse_as_a_live_account_does(world: ResearchWorld) -> None:
    found = world.backtest("--limits", "order_value=500;restricted=IBM;resume=next_session")
    limits = found["conventions"]["limits"]
    assert (limits["order_value"], limits["daily_loss_percent"]) == ("500", "20")
    assert (limits["restricted"], limits["resume"]) == ("IBM", "next_session")
    refused = found["refusals"][0]
    assert (refused["code"], refused["limit"]) == ("MAX_VALUE", "500")
    assert refused["text"] == (f"the order is worth {refused['value']}; one order may be worth 500")


def test_the_same_inputs_have_the_same_key_and_count_as_one_trial(world: ResearchWorld) -> None:
    first, again = world.backtest(), world.backtest()
    assert again == first
    assert first["trials"] == 1
    other = world.backtest("--param", "fast=12")
    assert other["key"] != first["key"]
    assert other["trials"] == 2
    assert other["deflated_sharpe"] is not None
    lines = (world.home / "research" / "trials" / "crossing.jsonl").read_text().splitlines()
    assert [json.loads(line)["key"] for line in lines] == [first["key"], other["key"]]


def test_a_trial_that_a_killed_run_wrote_halfway_hides_no_other(world: ResearchWorld) -> None:
    world.backtest()
    path = world.home / "research" / "trials" / "crossing.jsonl"
    path.write_text(path.read_text() + '{"key": "half')
    assert world.backtest("--param", "fast=12")["trials"] == 2
    assert world.backtest("--param", "fast=13")["trials"] == 3


def test_a_range_of_days_and_the_cash_are_followed(world: ResearchWorld) -> None:
    found = world.backtest("--from", "2006-01-03", "--to", "2006-12-29", "--cash", "5000")
    assert found["equity"][0] == ["2006-01-03T21:00:00Z", "5000"]
    assert found["equity"][-1][0] == "2006-12-29T21:00:00Z"
    assert found["cash"] == "5000"


def test_one_unnamed_file_stands_in_for_the_universe_and_says_so(world: ResearchWorld) -> None:
    data = write_daily(world.folder / "ibm.csv", "IBM")
    found = world.backtest("--data", str(data))
    assert found["symbols"] == ["IBM"]
    assert found["notes"][0] == (
        "ibm.csv holds one instrument, so the run is of IBM alone; the document's universe is GOOG"
    )
    named = world.backtest("--data", str(data), "--symbol", "XYZ")
    assert named["symbols"] == ["XYZ"]
    assert named["final_equity"] == found["final_equity"]


def test_a_folder_with_splits_is_one_market(world: ResearchWorld) -> None:
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


def test_the_terminal_shows_what_became_of_the_money(world: ResearchWorld) -> None:
    code, out, _ = world.research("backtest")
    assert code == 0
    assert "crossing version 2 on GOOG, 2004-08-19 to 2013-03-01" in out
    assert "100,000.00 became" in out
    assert "Sharpe ratio" in out
    assert "crossing was tried once so far" in out


def test_the_report_is_written_whole_and_nothing_beside_it(world: ResearchWorld) -> None:
    before = set(world.folder.iterdir())
    world.backtest("--report", str(world.folder / "report.html"))
    made = set(world.folder.iterdir()) - before
    assert {path.name for path in made} == {"report.html", "home"}
    page = (world.folder / "report.html").read_text()
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")


def test_a_report_that_cannot_be_written_is_refused_before_the_run(world: ResearchWorld) -> None:
    assert "does not exist; make it first" in world.refusal(
        "--report", str(world.folder / "nowhere" / "report.html")
    )
    assert "is a folder; name a file in it" in world.refusal("--report", str(world.folder))


def test_a_sweep_gives_a_row_for_each_pair_and_the_same_figures_as_a_backtest(
    world: ResearchWorld,
) -> None:
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


def test_the_table_of_a_sweep_shows_the_best(world: ResearchWorld) -> None:
    code, out, _ = world.research(
        "sweep", "--grid", "fast=5:45:5", "--top", "3", "--param", "slow=60"
    )
    assert code == 0
    assert "the best 3 of 9 combinations by sharpe" in out


def test_an_indicator_prints_one_value_for_each_bar_and_null_while_it_warms_up(
    world: ResearchWorld,
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


def test_an_indicator_of_several_instruments_asks_for_one(world: ResearchWorld) -> None:
    write_daily(world.folder / "IBM.csv", "IBM")
    code, _, said = world.run("indicator", "close", "--data", str(world.folder), "--json")
    assert code == 1
    assert "the data holds GOOG, IBM; choose one of them by --symbol" in said
    arguments = ("indicator", "close", "--data", str(world.folder), "--json", "--symbol", "IBM")
    code, out, _ = world.run(*arguments)
    assert json.loads(out)[0] == pytest.approx(float(daily_rows("IBM")[0].split(",")[4]))


def test_a_document_is_checked_explained_and_described(world: ResearchWorld) -> None:
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


def test_a_python_file_runs_in_the_same_engine_with_a_certificate(world: ResearchWorld) -> None:
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
def test_a_long_run_stops_at_once_on_ctrl_c_and_leaves_nothing_behind(world: ResearchWorld) -> None:
    code, out, said = world.research(
        "sweep", "--grid", "fast=2:45:1", "--grid", "slow=10:250:1", "--json"
    )
    assert (code, out, said) == (130, "", "qz: interrupted")
    assert not world.home.exists()


def test_a_gated_strategy_asks_for_its_model_and_refuses_by_its_score(world: ResearchWorld) -> None:
    world.strategy.write_text(STRATEGY + "model: {name: meta, at_least: 0.9}\n")
    assert "the strategy asks model meta and none was given" in world.refusal()
    model = world.folder / "model.json"
    model.write_text(
        '{"name": "meta", "version": 1, "kind": "logistic", "features": ["sma(close, fast)"],'
        ' "weights": [0.006]}'
    )
    codes = {each["code"] for each in world.backtest("--model", str(model))["refusals"]}
    assert codes == {"MODEL_SCORE"}
    model.write_text("{}")
    assert f"{model}: model was not readable" in world.refusal("--model", str(model))


def test_finer_bars_settle_what_a_bar_leaves_open(world: ResearchWorld) -> None:
    weekly = world.folder / "weekly"
    weekly.mkdir()
    days = [row.split(",") for row in daily_rows("GOOG", first="2004-08-23")]
    weeks: dict[np.datetime64, list[list[str]]] = {}
    for day in days:
        monday = np.datetime64(day[0], "D") - (int(np.datetime64(day[0], "D").astype(int)) + 3) % 7
        weeks.setdefault(monday, []).append(day)
    rows = ["date,open,high,low,close,volume"]
    for monday, members in weeks.items():
        high = max((member[2] for member in members), key=float)
        low = min((member[3] for member in members), key=float)
        rows.append(f"{monday},{members[0][1]},{high},{low},{members[-1][4]},1")
    (weekly / "GOOG.csv").write_text("\n".join(rows) + "\n")
    world.strategy.write_text(
        STRATEGY.replace("1d", "1w").replace("default: 30", "default: 12")
        + "protect: {stop_loss: {percent: 3}, take_profit: {percent: 3}}\n"
    )
    open_question = world.backtest("--data", str(weekly))
    settled = world.backtest("--data", str(weekly), "--detail", str(world.data))
    assert open_question["ambiguous_trades"] > settled["ambiguous_trades"] == 0
    assert open_question["key"] != settled["key"]
