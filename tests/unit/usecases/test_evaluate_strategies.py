"""Decisions on closed bars: once each, in any delivery, over splits, and never on a broken document."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from quantumzero.domain.bars import Split
from quantumzero.domain.decisions import Action
from quantumzero.domain.errors import UnavailableError
from tests.fakes.strategy_world import DOCUMENT, START, World, bar


def test_every_bar_gets_a_decision_with_its_reason_from_warming_up_to_the_exit():
    world = World()
    assert world.close(bar(0, 10)) == [(Action.HOLD, "held: warming up, 1 of 3 bars")]
    assert world.close(bar(1, 9)) == [(Action.HOLD, "held: warming up, 2 of 3 bars")]
    entry = (Action.ENTER_LONG, "entered: cross_above(close, sma(close, 2)) is true")
    assert world.close(bar(2, 11)) == [entry]
    world.hold("AAPL", 100)
    quiet = "held: long 100, cross_below(close, sma(close, 2)) is not true"
    assert world.close(bar(3, 12)) == [(Action.HOLD, quiet)]
    leave = (Action.EXIT_LONG, "exited: cross_below(close, sma(close, 2)) is true")
    assert world.close(bar(4, 8)) == [leave]
    assert [decision.action for decision in world.cycles.started.values()] == [entry[0], leave[0]]


def test_a_decision_record_holds_everything_it_was_made_of():
    world = World()
    for day, close in enumerate((10, 9, 11)):
        world.close(bar(day, close))
    [decision] = world.cycles.started.values()
    assert decision.id == "cross-v1-AAPL-20050203T210000Z"
    assert decision.values == {
        "close": 11.0,
        "sma(close, 2)": 10.0,
        "cross_above(close, sma(close, 2))": True,
        "cross_below(close, sma(close, 2))": False,
    }
    assert (decision.price, decision.percent_of_equity) == (110_000, 20)


@pytest.mark.parametrize(
    ("holding", "closes", "reason"),
    [
        ((0, 5, 0), (10, 9, 11), "held: an entry of 5 is working already"),
        ((7, 0, 0), (10, 9, 11), "held: already long 7"),
        ((7, 0, 7), (10, 11, 9), "held: an exit of 7 is working already"),
        ((0, 0, 0), (10, 11, 9), "held: flat, cross_above(close, sma(close, 2)) is not true"),
    ],
)
def test_what_is_held_or_working_keeps_a_signal_from_acting(holding, closes, reason):
    world = World()
    world.hold("AAPL", holding[0], buying=holding[1], selling=holding[2])
    for day, close in enumerate(closes):
        decided = world.close(bar(day, close))
    assert decided == [(Action.HOLD, reason)]
    assert world.cycles.started == {}


def test_a_second_delivery_answers_the_stored_decision_and_starts_its_execution_again():
    world = World()
    for day, close in enumerate((10, 9, 11)):
        first = world.close(bar(day, close))
    world.hold("AAPL", 100)
    world.new_process()
    assert world.close(bar(2, 11)) == first
    assert world.cycles.starts == 2
    assert len(world.cycles.started) == 1


def test_an_execution_that_could_not_be_started_is_started_by_the_next_delivery(monkeypatch):
    world = World()
    world.close(bar(0, 10))
    world.close(bar(1, 9))

    def fail(decision):
        raise UnavailableError("not now")

    with monkeypatch.context() as broken:
        broken.setattr(world.cycles, "start", fail)
        with pytest.raises(UnavailableError):
            world.close(bar(2, 11))
    assert world.close(bar(2, 11))[0][0] is Action.ENTER_LONG
    assert len(world.cycles.started) == 1


def test_symbols_in_any_order_and_bars_in_one_batch_decide_as_one_by_one():
    closes = {"AAPL": (10, 9, 11, 8), "IBM": (5, 6, 4, 7)}
    in_turn, shuffled = World(), World()
    bars = [
        bar(day, close, symbol) for symbol, row in closes.items() for day, close in enumerate(row)
    ]
    for one in sorted(bars, key=lambda each: (each.closes_at, each.symbol)):
        in_turn.close(one)
    shuffled.close(*bars[1::2], *bars[-2::-2])
    assert shuffled.cycles.started.keys() == in_turn.cycles.started.keys()
    found = [shuffled.store.decision("cross", each.symbol, each.closes_at) for each in bars]
    expected = [in_turn.store.decision("cross", each.symbol, each.closes_at) for each in bars]
    assert found == expected


def test_a_strategy_enabled_late_warms_up_from_the_stored_bars():
    world = World()
    world.bars.put_bars([bar(0, 10), bar(1, 9)])
    assert world.close(bar(2, 11))[0][0] is Action.ENTER_LONG


def test_a_split_rebuilds_the_state_from_adjusted_bars():
    world = World()
    for day, close in enumerate((10, 9, 10)):
        world.close(bar(day, close))
    world.hold("AAPL", 200)
    world.bars.put_splits([Split("AAPL", "2005-02-04", 2, 1)])
    # 5.1 after the split is 10.2 before it: no fall, though the raw close halved.
    [(action, _)] = world.close(bar(3, 5.1))
    assert action is Action.HOLD
    stored = world.store.decision("cross", "AAPL", START + timedelta(days=3))
    assert stored.values["sma(close, 2)"] == pytest.approx(5.05)
    [(action, _)] = world.close(bar(4, 4.9))
    assert action is Action.EXIT_LONG


def test_a_split_of_the_future_changes_nothing_yet():
    world = World()
    world.bars.put_splits([Split("AAPL", "2005-12-01", 2, 1)])
    for day, close in enumerate((10, 9, 11)):
        decided = world.close(bar(day, close))
    assert decided[0][0] is Action.ENTER_LONG


def test_a_late_bar_never_trades_but_mends_the_state():
    world, in_order = World(), World()
    late = bar(1, 12)
    for one in (bar(0, 10), bar(2, 11)):
        world.close(one)
    [(action, reason)] = world.close(late)
    assert action is Action.HOLD
    assert "never trades" in reason
    for one in (bar(0, 10), late, bar(2, 11)):
        in_order.close(one)
    assert world.close(bar(3, 9)) == in_order.close(bar(3, 9))
    mended, expected = (
        each.store.decision("cross", "AAPL", START + timedelta(days=3))
        for each in (world, in_order)
    )
    assert mended == expected


def test_a_state_that_cannot_be_read_is_rebuilt():
    world = World()
    world.close(bar(0, 10))
    world.close(bar(1, 9))
    state = world.store.states("cross", 1, {"AAPL"})["AAPL"]
    world.store._states["cross", 1, "AAPL"] = replace(state, evaluator=b"{}")
    assert world.close(bar(2, 11))[0][0] is Action.ENTER_LONG


def test_another_writer_that_was_first_is_believed():
    world, rival = World(), World()
    rival.store, rival.bars = world.store, world.bars
    rival.new_process()
    for day, close in enumerate((10, 9)):
        world.close(bar(day, close))
    stale = world.store.states("cross", 1, {"AAPL"})
    first = rival.close(bar(2, 11))
    fresh = world.store.states
    answers = iter([stale])
    world.store.states = lambda *key: next(answers, None) or fresh(*key)
    assert world.close(bar(2, 11)) == first


def test_a_document_that_no_longer_parses_stops_nothing_else():
    broken = DOCUMENT.replace("strategy: cross", "strategy: broken").replace("sma(", "smaa(")
    world = World(broken, DOCUMENT)
    outcome = world.evaluate([bar(0, 10)])
    assert [each.name for each in outcome.broken] == ["broken"]
    assert "did you mean sma" in outcome.broken[0].message
    assert [decision.strategy for decision in outcome.decisions] == ["cross"]


def test_bars_of_other_symbols_and_timeframes_are_left_alone():
    world = World()
    assert world.close(bar(0, 10, "MSFT"), replace(bar(0, 10), timeframe="1m")) == []


def test_the_shipped_strategy_decides_every_bar_of_every_symbol_once():
    text = (Path(__file__).parents[3] / "strategies/sma-cross.yaml").read_text()
    world = World(text)
    closes = [10 + (day * 7 % 11) / 4 for day in range(60)]
    for day, close in enumerate(closes):
        world.close(
            *(bar(day, close + shift, symbol) for shift, symbol in enumerate(("AAPL", "IBM")))
        )
        world.new_process()
    decisions, _ = world.store.decisions(strategy="sma-cross", symbol=None, limit=500, cursor=None)
    assert len(decisions) == 120
    assert sum(decision.reason.startswith("held: warming up") for decision in decisions) == 40


def test_a_strategy_that_is_not_traded_live_yet_is_left_out_with_the_reason():
    patient = DOCUMENT.replace("strategy: cross", "strategy: both").replace(
        "timeframe: 1d\n", "timeframe: 1d\nexecution: {time_in_force: gtc}\n"
    )
    world = World(patient, DOCUMENT)
    outcome = world.evaluate([bar(0, 10)])
    assert [each.name for each in outcome.broken] == ["both"]
    assert "it uses time_in_force gtc (execution.time_in_force)" in outcome.broken[0].message
    assert [decision.strategy for decision in outcome.decisions] == ["cross"]
