"""A signal waits until the decision before it is an order: no holding shows it until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quantumzero.domain.decisions import Action
from tests.fakes.strategy_world import DOCUMENT, World, bar

if TYPE_CHECKING:
    from quantumzero.domain.decisions import Decision


def test_a_signal_right_after_one_that_acts_in_the_same_batch_waits():
    always = DOCUMENT.replace('"cross_above(close, sma(close, 2))"', "close > 1")
    world = World(always)
    world.close(bar(0, 10), bar(1, 10))
    acted = world.close(bar(2, 10), bar(3, 10))
    assert [action for action, _ in acted] == [Action.ENTER_LONG, Action.HOLD]
    assert "still becoming an order" in acted[1][1]


def test_a_signal_waits_while_an_earlier_one_has_no_order_yet():
    world = World()
    world.orders_follow = False
    for day, close in enumerate((10, 9, 11)):
        world.close(bar(day, close))
    waits = (Action.HOLD, "held: the decision on the bar before is still becoming an order")
    assert world.close(bar(3, 8), bar(4, 12))[1:] == [waits]
    world.orders_follow = True
    assert world.close(bar(5, 8), bar(6, 12))[1][0] is Action.ENTER_LONG


def test_another_symbols_signal_does_not_wait():
    world = World()
    world.orders_follow = False
    for day, close in enumerate((10, 9, 11)):
        world.close(bar(day, close))
    for day, close in enumerate((10, 9, 11)):
        [(action, _)] = world.close(bar(day, close, "IBM"))
    assert action is Action.ENTER_LONG


def test_an_order_written_while_the_bar_is_decided_is_seen():
    world = World()
    for day, close in enumerate((10, 9, 11, 8)):
        world.close(bar(day, close))

    def found_since(decision: Decision) -> bool:
        world.hold("AAPL", 0, buying=100)
        return True

    world.has_order_of = found_since
    assert world.close(bar(4, 12)) == [(Action.HOLD, "held: an entry of 100 is working already")]
