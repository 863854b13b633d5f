"""Every planted bug dies, the canary fails, and the product without them passes the very seeds that killed them."""

from __future__ import annotations

import pytest

from tests.simulation.life import fault_of
from tests.simulation.planted.bugs import BUGS, planted
from tests.simulation.planted_bugs import canary, killed, recorded

AT_LEAST = 25


@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_planted_bug_dies(name: str) -> None:
    """First the seed that killed it when it was last looked for; a change of the product moves what seeds meet."""
    seed, _ = recorded()[name]
    found = killed(BUGS[name], first=seed, most=1) or killed(BUGS[name])
    assert found is not None, f"{name} lives: {BUGS[name].sentence}"
    assert fault_of(found.seed) is None


def test_the_canary_fails() -> None:
    found = killed(canary(), most=10)
    assert found is not None
    assert found.invariant == "canary"


def test_there_are_enough_bugs_and_each_says_what_is_wrong() -> None:
    assert len(BUGS) >= AT_LEAST
    assert set(recorded()) == {*BUGS, "canary"}
    assert all(each.sentence.endswith(".") for each in BUGS.values())


def test_a_planted_bug_is_taken_out_again() -> None:
    for one in BUGS.values():
        before = [vars(owner)[name] for owner, name, _ in one.patches()]
        with planted(one):
            pass
        assert before == [vars(owner)[name] for owner, name, _ in one.patches()]
