"""Legs after a restore: what the ledger has forgotten is taken from the broker's word."""

from __future__ import annotations

import copy

from quantumzero.domain.orders import Leg, OrderState
from quantumzero.domain.protection import leg_id
from tests.fakes.legs_desk import ENTRY, enter, fill, leg, legs_desk


def test_a_leg_that_a_restored_ledger_still_holds_is_at_the_broker_and_has_its_successor_again() -> (
    None
):
    desk = legs_desk()
    enter(desk)
    entry = fill(desk, ENTRY, 10)
    kept = copy.deepcopy((desk.ledger.records, desk.ledger.strategies))
    assert desk.legs.follow(entry, request="f")
    desk.ledger.records, desk.ledger.strategies = kept
    assert leg(desk, Leg.STOP).held
    found = desk.apply.apply(desk.broker.accepted[leg_id(ENTRY, Leg.STOP, 1)])
    assert found is not None
    assert (found.state, found.held, found.terms.rests) == (OrderState.ACCEPTED, False, True)
    assert leg(desk, Leg.STOP, 2).held
    assert desk.legs.family(ENTRY).resting == found
    own = desk.ledger.strategy_holding("sma-cross", "AAPL")
    assert (own.pending_sell, own.resting) == (0, 10)
