"""One run from its bars to its result, and every way in which it ends otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from quantumzero.contracts.backtest_result import result_document
from quantumzero.domain.backtests import RunStatus
from quantumzero.domain.errors import (
    InvalidInputError,
    RefusedError,
    StoppedError,
    UnavailableError,
)
from quantumzero.ports.backtests import Trial
from quantumzero.usecases import gather_history as gathering
from quantumzero.usecases.end_backtest import in_words
from quantumzero.usecases.read_backtests import list_backtests, read_backtest
from tests.fakes.backtest_desk import DOCUMENT, BacktestDesk, daily
from tests.fakes.own_backtest import own_backtest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def desk() -> BacktestDesk:
    return BacktestDesk()


def test_a_run_reads_all_stored_bars_and_splits_and_keeps_its_result(desk: BacktestDesk) -> None:
    run = desk.carry_out(desk.start())
    ((document, history, settings),) = desk.engine.asked
    assert document.universe == ("AAPL", "IBM")
    assert [len(series) for series in history.series.values()] == [30, 30]
    assert history.series["AAPL"].close[0] == 100_050
    assert [(action.symbol, action.new) for action in history.actions] == [("AAPL", 2)]
    assert settings == run.settings
    assert (run.status, run.progress, run.summary["bars"]) == (RunStatus.FINISHED, 1.0, 60)
    assert run.summary["data"]["IBM"]["first"] == "2005-01-03T21:00:00Z"
    expected = json.loads(json.dumps(result_document(own_backtest(key=run.key or ""))))
    assert desk.results.whole[run.id] == expected
    assert desk.results.reports[run.id].startswith("<!doctype html>")


def test_only_bars_up_to_the_last_day_are_read_and_earlier_ones_for_the_warm_up(
    desk: BacktestDesk,
) -> None:
    desk.carry_out(desk.start(**{"from": "2005-01-10", "to": "2005-01-14"}))
    series = desk.engine.asked[0][1].series["IBM"]
    assert len(series) == 10
    assert series.close[0] == daily("IBM", 1)[0].close


def test_the_symbols_of_the_request_replace_the_universe(desk: BacktestDesk) -> None:
    desk.carry_out(desk.start(symbols=["IBM"]))
    document, history, _ = desk.engine.asked[0]
    assert (document.universe, list(history.series)) == (("IBM",), ["IBM"])


def test_the_approved_model_gates_the_entries(desk: BacktestDesk) -> None:
    desk.approve("gate")
    gated = DOCUMENT + "model: {name: gate, at_least: 0.5}\n"
    desk.carry_out(desk.start(strategy=None, document=gated))
    assert desk.engine.model is not None
    assert desk.engine.model.name == "gate"


def test_carrying_out_a_finished_run_again_computes_nothing(desk: BacktestDesk) -> None:
    run = desk.carry_out(desk.start())
    assert desk.carry_out(run) == run
    assert len(desk.engine.asked) == 1


def test_a_run_whose_function_died_is_carried_out_again_with_the_same_end(
    desk: BacktestDesk,
) -> None:
    def die(_: Callable[[float], None]) -> None:
        raise UnavailableError("the table did not answer")

    run = desk.start()
    desk.engine.before = die
    with pytest.raises(UnavailableError):
        desk.carry_out(run)
    assert desk.runs.run(run.id).status is RunStatus.RUNNING
    desk.engine.before = lambda _: None
    assert desk.carry_out(run).status is RunStatus.FINISHED


def test_what_whoever_asked_can_mend_is_the_end_of_the_run_with_its_sentence(
    desk: BacktestDesk,
) -> None:
    def refuse(_: Callable[[float], None]) -> None:
        raise InvalidInputError("the warm-up needs 12 more bars")

    desk.engine.before = refuse
    run = desk.carry_out(desk.start())
    assert (run.status, run.code) == (RunStatus.FAILED, "invalid_request")
    assert run.message == "the warm-up needs 12 more bars"
    assert desk.carry_out(run) == run


def test_too_many_bars_are_refused(desk: BacktestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_BARS", 40)
    run = desk.carry_out(desk.start())
    assert run.status is RunStatus.FAILED
    assert "more than 40 1d bars" in (run.message or "")


def test_progress_is_stored_about_once_a_second(desk: BacktestDesk) -> None:
    run, seen = desk.start(), []

    def compute(progress: Callable[[float], None]) -> None:
        for tenth in range(11):
            desk.clock.advance(0.25)
            progress(tenth / 10)
            stored = desk.runs.run(run.id)
            seen.append((stored.stage, stored.progress))

    desk.engine.before = compute
    finished = desk.carry_out(run)
    assert seen[2:8] == [("reading", 0.0)] + [("computing", 0.55)] * 4 + [("computing", 0.75)]
    assert finished.revision <= 8


def test_a_cancelled_run_ends_at_its_next_word(desk: BacktestDesk) -> None:
    run = desk.start()

    def cancel(progress: Callable[[float], None]) -> None:
        desk.cancelling.cancel(run.id)
        desk.clock.advance(2)
        progress(0.5)
        pytest.fail("the engine went on after the run was cancelled")

    desk.engine.before = cancel
    with pytest.raises(StoppedError, match="cancelled"):
        desk.carry_out(run)
    assert desk.runs.run(run.id).status is RunStatus.CANCELLED
    assert desk.executions.stopped == [run.id]
    assert desk.results.whole == {}


def test_a_run_that_was_cancelled_while_it_was_written_does_not_finish(desk: BacktestDesk) -> None:
    run = desk.start()
    desk.engine.before = lambda _: desk.cancelling.cancel(run.id) and None
    with pytest.raises(StoppedError):
        desk.carry_out(run)
    assert desk.runs.run(run.id).status is RunStatus.CANCELLED
    assert list(desk.runs.trials("sma-cross")) == []


def test_an_older_attempt_stops_when_a_newer_one_was_started(desk: BacktestDesk) -> None:
    first = desk.start()
    desk.cancelling.cancel(first.id)
    second = desk.start()
    with pytest.raises(StoppedError, match="attempt 2"):
        desk.carry_out(first)
    assert desk.carry_out(second).status is RunStatus.FINISHED


def test_cancelling_twice_is_success_and_a_finished_run_is_refused(desk: BacktestDesk) -> None:
    run = desk.start()
    assert desk.cancelling.cancel(run.id) == desk.cancelling.cancel(run.id)
    finished = desk.carry_out(desk.start(cash="5"))
    with pytest.raises(RefusedError, match="has finished"):
        desk.cancelling.cancel(finished.id)


def test_the_deflated_ratio_counts_every_distinct_result_of_the_strategy(
    desk: BacktestDesk,
) -> None:
    first = desk.carry_out(desk.start())
    desk.engine.sharpe = None
    desk.carry_out(desk.start(parameters={"fast": "4"}))
    desk.engine.sharpe = 0.3
    third = desk.carry_out(desk.start(parameters={"fast": "5"}))
    assert (first.summary["trials"], first.summary["deflated_sharpe"]) == (1, None)
    assert (third.summary["trials"], third.summary["deflated_sharpe"]) == (3, 0.9)
    assert [count for count, _ in desk.engine.judged] == [1, 2, 3]
    assert sorted(desk.engine.judged[2][1]) == [0.1, 0.3]
    assert {trial.sharpe for trial in desk.runs.trials("sma-cross")} == {0.1, 0.3, None}
    assert Trial("sma-cross", first.key or "", 0.1) in desk.runs.trials("sma-cross")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        ("Sandbox.Timedout", "timed_out", "longer than 15 minutes"),
        ("States.Timeout", "timed_out", "longer than 15 minutes"),
        ("Runtime.ExitError", "died", "too much data"),
        ("UnavailableError", "failed", "the table did not answer"),
        ("ZeroDivisionError", "internal_error", "failed on our side"),
        ("Exception", "internal_error", "failed on our side"),
    ],
)
def test_a_failure_that_nobody_foresaw_is_told_in_words(error: str, code: str, said: str) -> None:
    cause = json.dumps({"errorMessage": "the table did not answer", "errorType": error})
    found, message = in_words(error, cause)
    assert found == code
    assert said in message


def test_a_broken_run_is_marked_failed_once_and_never_after_its_end(desk: BacktestDesk) -> None:
    run = desk.start()
    broken = desk.ending.end(run.id, 1, error="Sandbox.Timedout", cause="")
    assert (broken.status, broken.code) == (RunStatus.FAILED, "timed_out")
    assert desk.ending.end(run.id, 1, error="Other", cause="{") == broken
    again = desk.start()
    assert desk.ending.end(run.id, 1, error="Other", cause="[]") == again
    assert desk.carry_out(again).status is RunStatus.FINISHED


def test_a_run_that_broke_while_it_was_cancelled_is_cancelled(desk: BacktestDesk) -> None:
    run = desk.start()
    desk.runs.save(run.moved(RunStatus.CANCELLING, desk.clock.now()))
    assert desk.ending.end(run.id, 1, error="Other", cause="").status is RunStatus.CANCELLED


def test_a_finished_run_is_shown_with_curve_trades_and_addresses(desk: BacktestDesk) -> None:
    run = desk.carry_out(desk.start())
    shown = read_backtest(run.id, runs=desk.runs, results=desk.results)
    assert shown.summary.final_equity == "100010.1"
    assert shown.summary.metrics["sharpe"] == 1.25
    assert [trade.side for trade in shown.trades] == ["long", "short"]
    assert len(shown.equity) == 4
    assert shown.metric_reasons == {"sortino": "no return is below zero"}
    assert shown.data["IBM"].bars == 30
    assert shown.snapshot == run.summary["snapshot"]
    assert shown.result_url is not None
    assert shown.report_url is not None


def test_a_run_that_is_not_finished_is_shown_empty(desk: BacktestDesk) -> None:
    run = desk.start()
    shown = read_backtest(run.id, runs=desk.runs, results=desk.results)
    assert (shown.summary.status, shown.trades, shown.result_url) == ("queued", [], None)
    (listed,) = list_backtests(runs=desk.runs, limit=10, cursor=None).backtests
    assert listed == shown.summary
