"""The plan of faults: drawn from its seed alone, carried out once, and its hunters end with it."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from local.replay.chaos import EVENTS, FEWEST_SESSIONS, WORKER_KILLS, Chaos
from quantumzero.domain.errors import InvalidInputError


def chaos(seed: int, sessions: int = 60, cloud: Any = None) -> Chaos:
    return Chaos(cloud=cloud, seed=seed, sessions=sessions, say=lambda _sentence: None)


def test_the_same_seed_draws_the_same_plan_and_another_one_another() -> None:
    assert chaos(7).plan == chaos(7).plan
    assert chaos(7).plan != chaos(8).plan


@pytest.mark.parametrize("sessions", [FEWEST_SESSIONS, 60, 260])
def test_every_fault_is_due_inside_the_replay(sessions: int) -> None:
    plan = chaos(3, sessions).plan
    faults = [fault for due in plan.values() for fault, _ in due]
    assert len(faults) == WORKER_KILLS + len(EVENTS)
    assert set(EVENTS) < set(faults)
    assert min(plan) >= 4
    assert max(plan) < sessions - 4


def test_too_few_sessions_for_the_faults_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=f"need {FEWEST_SESSIONS} or more"):
        chaos(7, FEWEST_SESSIONS - 1)


def test_hunters_that_find_nothing_end_with_the_plan() -> None:
    cloud = SimpleNamespace(
        side=SimpleNamespace(workers=list, end=lambda **_: None),
        exchange=SimpleNamespace(end=lambda **_: None),
        function_name=str,
        restart_emulator=lambda: None,
    )
    plan = chaos(7, cloud=cloud)
    before = threading.active_count()
    for number in range(60):
        for step in ("exchange", "poll_market", "quiet"):
            plan.before_step(f"session {number:03}", step)
    assert threading.active_count() == before + WORKER_KILLS
    plan.end()
    assert threading.active_count() == before
    assert plan.plan == {}
    assert plan.missed == WORKER_KILLS
    assert len(plan.done) == len(EVENTS)
