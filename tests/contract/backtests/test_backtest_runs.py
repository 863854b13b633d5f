"""Runs: stored once, changed by one writer at a time, listed newest first; trials count by key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from quantumzero.domain.backtests import RunStatus
from quantumzero.domain.errors import ConflictError, InvalidInputError, NotFoundError
from quantumzero.ports.backtests import Trial
from tests.contract.backtests.conftest import NOW, Stores, asked


def test_a_run_comes_back_as_it_was_stored(stores: Stores) -> None:
    run = asked(summary={"final_equity": "1", "metrics": {"sharpe": 1.25, "sortino": None}})
    assert stores.runs.create(run) == run
    assert stores.runs.run("a") == run


def test_a_run_of_the_same_name_is_not_replaced(stores: Stores) -> None:
    first = stores.runs.create(asked())
    assert stores.runs.create(asked(minutes=5, requested_by="eve")) == first
    assert stores.runs.run("a").requested_by == "ada"


def test_a_run_that_nobody_asked_for_is_said_to_be_unknown(stores: Stores) -> None:
    with pytest.raises(NotFoundError, match="'b'"):
        stores.runs.run("b")


def test_a_change_is_stored_and_counted(stores: Stores) -> None:
    run = stores.runs.create(asked())
    later = NOW + timedelta(seconds=3)
    saved = stores.runs.save(run.moved(RunStatus.RUNNING, later, progress=0.25, stage="reading"))
    assert saved.revision == run.revision + 1
    assert stores.runs.run("a") == saved
    assert (saved.status, saved.changed_at, saved.progress) == (RunStatus.RUNNING, later, 0.25)


def test_of_two_writers_the_second_is_told_and_changes_nothing(stores: Stores) -> None:
    run = stores.runs.create(asked())
    won = stores.runs.save(run.moved(RunStatus.CANCELLING, NOW))
    with pytest.raises(ConflictError):
        stores.runs.save(
            run.moved(RunStatus.FINISHED, NOW), trial=Trial("sma-cross", "key", sharpe=1.0)
        )
    assert stores.runs.run("a") == won
    assert list(stores.runs.trials("sma-cross")) == []


def test_trials_are_the_distinct_results_of_one_strategy(stores: Stores) -> None:
    for name, key, sharpe in (("a", "k2", 0.5), ("b", "k1", None), ("c", "k2", 0.5)):
        run = stores.runs.create(asked(name))
        stores.runs.save(
            run.moved(RunStatus.FINISHED, NOW), trial=Trial("sma-cross", key, sharpe=sharpe)
        )
    assert list(stores.runs.trials("sma-cross")) == [
        Trial("sma-cross", "k1", None),
        Trial("sma-cross", "k2", 0.5),
    ]
    assert list(stores.runs.trials("sma")) == []


def test_runs_are_listed_newest_first_page_by_page(stores: Stores) -> None:
    for minutes, name in enumerate(("a", "b", "c", "d", "e")):
        stores.runs.create(asked(name, minutes=minutes))
    first, cursor = stores.runs.runs(limit=2, cursor=None)
    second, cursor = stores.runs.runs(limit=2, cursor=cursor)
    last, end = stores.runs.runs(limit=2, cursor=cursor)
    pages = [[run.id for run in page] for page in (first, second, last)]
    assert (pages, end) == ([["e", "d"], ["c", "b"], ["a"]], None)


def test_a_page_that_holds_all_has_no_next_one(stores: Stores) -> None:
    stores.runs.create(asked())
    listed, cursor = stores.runs.runs(limit=1, cursor=None)
    assert ([run.id for run in listed], cursor) == (["a"], None)


def test_a_cursor_of_something_else_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInputError, match="cursor"):
        stores.runs.runs(limit=2, cursor="bm9uc2Vuc2U")


def test_attempts_have_executions_of_their_own() -> None:
    assert asked("a").execution == "a"
    assert replace(asked("a"), attempt=2).execution == "a-2"
