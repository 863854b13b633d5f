"""Five thousand fresh worlds for every commit, every world that once failed, and proof that they are exercised.

An order is never sent twice, never lost, never above the limits, and never sent after a halt.
"""

from __future__ import annotations

import pytest

from quantumzero.domain.orders import OrderType, TimeInForce
from tests.simulation.campaign import (
    ENOUGH_FOR_EVERY_ROW,
    TRACED,
    idle_rows,
    regressions,
    same_trace,
    seed_of_commit,
)
from tests.simulation.life import fault_of, run_seeds
from tests.simulation.weather import ROWS

SEEDS = 5000
CHUNK = 250
KINDS = {
    *(each.value for each in OrderType),
    *(each.value for each in TimeInForce),
    "short entry", "cover", "amount", "part of a share", "replacement", "entry with legs", "leg",
    "limit raised", "limit lowered",
}  # fmt: skip
INVARIANTS = {f"I{number}" for number in range(1, 11)}


@pytest.mark.parametrize("offset", range(0, SEEDS, CHUNK))
def test_no_fresh_seed_breaks_the_promise(offset: int) -> None:
    account, failures = run_seeds(seed_of_commit() + offset, CHUNK)
    assert [each.line for each in failures] == []
    assert account.seeds == CHUNK


@pytest.mark.parametrize(("seed", "steps"), regressions())
def test_what_failed_once_holds_now(seed: int, steps: int) -> None:
    assert fault_of(seed, steps=steps) is None


def test_every_row_of_the_fault_matrix_every_state_and_every_invariant_is_exercised() -> None:
    account, failures = run_seeds(0, ENOUGH_FOR_EVERY_ROW)
    assert [each.line for each in failures] == []
    assert idle_rows(account) == []
    assert set(ROWS) == {f"F{number}" for number in range(1, 33)}
    assert set(account.checks) >= INVARIANTS
    wanted = {"FILLED", "CANCELED", "EXPIRED", "REJECTED", "DENIED", "ABANDONED"}
    assert wanted <= set(account.states)
    steps = {"claimed", "outcome_unknown", "retry_allowed", "partially_filled"}
    assert steps | {"held", "resized", "fired", "rests", "restated"} <= set(account.events)
    assert set(account.kinds) >= KINDS


def test_two_processes_with_different_hash_seeds_live_the_same_worlds() -> None:
    assert same_trace(0, TRACED)
