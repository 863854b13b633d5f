"""Whatever happens to a run while it is computed, it ends in one state and says only what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as some

from quantumzero.domain.backtests import RunStatus
from quantumzero.domain.errors import RefusedError, StoppedError
from tests.fakes.backtest_desk import BacktestDesk

if TYPE_CHECKING:
    from collections.abc import Callable

HAPPENINGS = some.lists(
    some.sampled_from(["cancel", "start", "afresh", "break", "progress", "wait", "again"]),
    max_size=8,
)


class Life:
    """One run, and what people and machines do to it."""

    def __init__(self) -> None:
        self.desk = BacktestDesk()
        self.run = self.desk.start()
        self.progress: Callable[[float], None] = lambda _: None

    def happen(self, what: str) -> None:
        desk, stored = self.desk, self.desk.runs.run(self.run.id)
        if what == "cancel":
            try:
                assert desk.cancelling.cancel(self.run.id).status is RunStatus.CANCELLED
            except RefusedError:
                assert stored.status in (RunStatus.FINISHED, RunStatus.FAILED)
        elif what in ("start", "afresh"):
            assert desk.start(afresh=what == "afresh").id == self.run.id
        elif what == "break":
            desk.ending.end(self.run.id, stored.attempt, error="Runtime.ExitError", cause="")
        elif what == "progress":
            desk.clock.advance(1.5)
            self.progress(0.5)
        elif what == "wait":
            desk.clock.advance(4_000)
        else:  # Lambda calls a task a second time
            self.carry_out(stored.attempt)

    def carry_out(self, attempt: int) -> None:
        try:
            ended = self.desk.running.run(self.run.id, attempt)
            assert ended.status in (RunStatus.FINISHED, RunStatus.FAILED)
        except StoppedError:
            assert self.desk.runs.run(self.run.id).status is not RunStatus.CANCELLING


@settings(max_examples=80, deadline=None)
@given(meanwhile=HAPPENINGS, afterwards=HAPPENINGS)
def test_a_run_always_ends_and_its_end_is_what_happened(
    meanwhile: list[str], afterwards: list[str]
) -> None:
    life = Life()

    def compute(progress: Callable[[float], None]) -> None:
        life.progress = progress
        while meanwhile:
            life.happen(meanwhile.pop(0))

    life.desk.engine.before = compute
    life.carry_out(1)
    life.progress = lambda _: None
    life.desk.engine.before = lambda _: None
    for what in afterwards:
        life.happen(what)
    stored = life.desk.runs.run(life.run.id)
    if not stored.status.is_over:
        life.carry_out(stored.attempt)
        stored = life.desk.runs.run(life.run.id)
    assert stored.status.is_over
    finished = stored.status is RunStatus.FINISHED
    assert finished == (stored.key is not None) == bool(stored.summary)
    assert (stored.status is RunStatus.FAILED) == (stored.message is not None)
    if finished:
        assert life.desk.results.view(stored.id)["metrics"] == stored.summary["metrics"]
    trials = life.desk.runs.trials("sma-cross")
    assert len(trials) <= 1, "one result was tried, however often it was computed"
    assert len(trials) == 1 or not finished
