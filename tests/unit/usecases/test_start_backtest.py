"""A request becomes one run, named by what was asked and by the bars it will read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from quantumzero.domain.backtests import RunStatus
from quantumzero.domain.errors import InvalidInputError, NotFoundError
from tests.fakes.backtest_desk import DOCUMENT, BacktestDesk, daily


@pytest.fixture
def desk() -> BacktestDesk:
    return BacktestDesk()


def test_a_new_request_is_stored_as_queued_and_started(desk: BacktestDesk) -> None:
    run = desk.start()
    assert (run.status, run.requested_by, run.attempt) == (RunStatus.QUEUED, "ada", 1)
    assert run.settings.symbols == ("AAPL", "IBM")
    assert run.settings.version == 1
    assert desk.executions.started == [run.id]
    assert desk.runs.run(run.id) == run


def test_the_same_request_over_the_same_bars_is_one_run(desk: BacktestDesk) -> None:
    first = desk.start()
    assert desk.start() == first
    assert desk.executions.started == [first.id]


def test_what_means_the_same_has_the_same_name(desk: BacktestDesk) -> None:
    written_otherwise = "# a comment\n" + DOCUMENT.replace("{default: 3,", "{default:   3,")
    same = [
        desk.start(),
        desk.start(parameters={"fast": "3"}),
        desk.start(parameters={"fast": "3.0"}),
        desk.start(cash="100000.00"),
        desk.start(symbols=["AAPL", "IBM"]),
        desk.start(strategy=None, document=written_otherwise),
    ]
    assert len({run.id for run in same}) == 1


def test_what_means_something_else_has_another_name(desk: BacktestDesk) -> None:
    runs = [
        desk.start(),
        desk.start(parameters={"fast": "4"}),
        desk.start(cash="50000"),
        desk.start(symbols=["IBM"]),
        desk.start(symbols=["IBM", "AAPL"]),
        desk.start(**{"from": "2005-01-10"}),
        desk.start(to="2005-01-10"),
        desk.start(preset="lean"),
        desk.start(convention="quantstats"),
        desk.start(calendar="none"),
        desk.start(limits="account"),
        desk.start(accept_gaps=True),
    ]
    assert len({run.id for run in runs}) == len(runs)


def test_a_new_bar_in_the_range_makes_another_run_and_one_outside_does_not(
    desk: BacktestDesk,
) -> None:
    open_ended, closed = desk.start(), desk.start(to="2005-01-10")
    desk.bars.put_bars(daily("IBM", 31)[-1:])
    assert desk.start().id != open_ended.id
    assert desk.start(to="2005-01-10").id == closed.id


def test_a_corrected_newest_bar_makes_another_run(desk: BacktestDesk) -> None:
    first = desk.start()
    desk.bars.put_bars([replace(daily("IBM", 30)[-1], close=1, revision=1)])
    assert desk.start().id != first.id


def test_a_finished_run_is_the_answer_and_nothing_is_started(desk: BacktestDesk) -> None:
    finished = desk.carry_out(desk.start())
    assert desk.start() == finished
    assert desk.executions.started == [finished.id]


def test_a_finished_run_is_computed_afresh_when_that_is_asked_for(desk: BacktestDesk) -> None:
    first = desk.carry_out(desk.start())
    queued = desk.start(afresh=True)
    assert (queued.id, queued.attempt, queued.status) == (first.id, 2, RunStatus.QUEUED)
    assert desk.start(afresh=True) == queued
    again = desk.carry_out(queued)
    assert (again.status, again.key) == (RunStatus.FINISHED, first.key)
    assert len(desk.engine.asked) == 2


@pytest.mark.parametrize("ended", [RunStatus.FAILED, RunStatus.CANCELLED])
def test_a_run_that_did_not_finish_is_started_once_more_under_a_new_name(
    desk: BacktestDesk, ended: RunStatus
) -> None:
    first = desk.start()
    desk.runs.save(first.moved(ended, desk.clock.now(), code="died", message="it died"))
    again = desk.start()
    assert (again.id, again.attempt, again.status) == (first.id, 2, RunStatus.QUEUED)
    assert (again.code, again.message) == (None, None)
    assert desk.executions.started == [first.id, f"{first.id}-2"]


def test_a_run_that_fell_silent_is_started_once_more_after_an_hour(desk: BacktestDesk) -> None:
    first = desk.start()
    desk.clock.advance(3599)
    assert desk.start().attempt == 1
    desk.clock.advance(2)
    assert desk.start().attempt == 2
    assert desk.executions.started == [first.id, f"{first.id}-2"]


def test_a_run_that_is_being_cancelled_is_left_alone(desk: BacktestDesk) -> None:
    run = desk.start()
    desk.runs.save(run.moved(RunStatus.CANCELLING, desk.clock.now()))
    desk.executions.started.clear()
    assert desk.start().status is RunStatus.CANCELLING
    assert desk.executions.started == []


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"strategy": None}, "body.strategy", "neither given"),
        ({"document": DOCUMENT}, "body.strategy", "both given"),
        ({"strategy": None, "document": DOCUMENT, "version": 1}, "body.version", "leave it out"),
        ({"strategy": None, "document": "strategy: ["}, "body.document", "line 1"),
        ({"parameters": {"fast": "x"}}, "body.parameters.fast", "give a number"),
        ({"parameters": {"fast": "NaN"}}, "body.parameters.fast", "give a number"),
        ({"parameters": {"fast": "99"}}, "body.parameters", "99"),
        ({"parameters": {"slow": "9"}}, "body.parameters", "slow"),
        ({"symbols": ["IBM", "IBM"]}, "body.symbols", "twice"),
        ({"symbols": ["MSFT"]}, "body.symbols", "no 1d bars of MSFT"),
        ({"to": "2004-12-31"}, "body.symbols", "closed by 2004-12-31"),
        ({"from": "2005-02-30"}, "body.from", "2005-02-30"),
        ({"from": "2005-02-02", "to": "2005-02-01"}, "body.from", "in order"),
        ({"cash": "0"}, "body.cash", "above 0"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_its_field(
    desk: BacktestDesk, body: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said) as refused:
        desk.start(**body)
    assert str(refused.value.field).startswith(field)
    assert desk.executions.started == []


def test_a_strategy_or_version_that_is_not_stored_is_said_to_be_unknown(
    desk: BacktestDesk,
) -> None:
    with pytest.raises(NotFoundError, match="'other'"):
        desk.start(strategy="other")
    with pytest.raises(NotFoundError, match="version was 9"):
        desk.start(version=9)


def test_the_approved_model_is_part_of_the_name_and_a_gate_without_one_is_refused(
    desk: BacktestDesk,
) -> None:
    gated = DOCUMENT + "model: {name: gate, at_least: 0.5}\n"
    with pytest.raises(InvalidInputError, match="none is approved") as refused:
        desk.start(strategy=None, document=gated)
    assert refused.value.field == "body.document"
    desk.approve("gate")
    first = desk.start(strategy=None, document=gated)
    desk.approve("gate", version=2)
    assert desk.start(strategy=None, document=gated).id != first.id


@pytest.mark.parametrize("body", [{"cash": "-1"}, {"preset": "x"}, {"symbols": []}, {"odd": 1}])
def test_a_wrong_shape_is_refused_before_anything_is_read(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BacktestDesk().start(**body)
