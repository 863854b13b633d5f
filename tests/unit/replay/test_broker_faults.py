"""The same seed makes the broker err in the same way, and every rule is one the exchange knows."""

from __future__ import annotations

import pytest

from local.exchange.faults import FaultScript
from local.replay.broker_faults import broker_faults, fired


@pytest.mark.parametrize("seed", range(20))
def test_the_exchange_takes_every_script_and_the_same_seed_gives_the_same_one(seed: int) -> None:
    rules = broker_faults(seed)
    assert rules == broker_faults(seed)
    script = FaultScript()
    script.add(rules)
    assert len(script.view()) == len(rules)
    assert {rule["method"] for rule in rules} == {"POST", "GET", "SEND"}


def test_seeds_differ() -> None:
    assert broker_faults(1) != broker_faults(2)


def test_what_happened_is_counted_by_kind() -> None:
    view = [
        {"method": "POST", "action": "drop", "fired": 2},
        {"method": "POST", "action": "drop", "fired": 1},
        {"method": "GET", "action": "truncate", "fired": 0},
    ]
    assert fired(view) == {"POST drop": 3}
