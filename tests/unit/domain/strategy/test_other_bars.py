"""Fields of a higher timeframe and of another instrument, stepped bar by bar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.contracts.strategy_document import DocumentError, parse_document
from quantumzero.domain.bars import Bar
from quantumzero.domain.calendars import session_on
from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.compiler import CompiledStrategy, compile_strategy
from quantumzero.domain.strategy.evaluator import IncrementalEvaluator

DOCUMENT = """\
strategy: other-bars
version: 1
universe: [AAPL]
timeframe: {timeframe}
calendar: {calendar}
entry:
  long: {entry}
exit: {{long: "close < 0"}}
sizing: {{percent_of_equity: 10}}
"""
OPENS = datetime(2024, 1, 3, 14, 30, tzinfo=UTC)


def strategy(entry: str, timeframe: str = "30m", calendar: str = "XNYS") -> CompiledStrategy:
    text = DOCUMENT.format(entry=entry, timeframe=timeframe, calendar=calendar)
    return compile_strategy(parse_document(text))


def half_hours(closes: list[int], symbol: str = "AAPL") -> list[Bar]:
    """Return bars of half an hour from the open of 3 January 2024, 13 to a session."""
    bars = []
    day, place = OPENS, 0
    for close in closes:
        if place == 13:
            day, place = day + timedelta(days=1), 0
            while session_on(day.date()) is None:
                day += timedelta(days=1)
        opens_at = day + timedelta(minutes=30 * place)
        price = close * 10_000
        bars.append(
            Bar(symbol, "30m", opens_at, opens_at + timedelta(minutes=30), price, price, price,
                price, close, 1)
        )  # fmt: skip
        place += 1
    return bars


def test_yesterdays_close_appears_with_the_sessions_last_bar():
    evaluator = IncrementalEvaluator(strategy("close@1d > 0"))
    shown = [evaluator.step(bar).values["close@1d"] for bar in half_hours(list(range(1, 28)))]
    assert shown == [None] * 12 + [13.0] * 13 + [26.0] * 2


def test_high_low_and_volume_are_those_of_the_whole_session():
    evaluator = IncrementalEvaluator(strategy("high@1d - low@1d > 0 and volume@1d > 0"))
    for bar in half_hours(list(range(1, 14))):
        values = evaluator.step(bar).values
    assert (values["high@1d"], values["low@1d"], values["volume@1d"]) == (13.0, 1.0, 91)


def test_another_instruments_bar_is_used_only_when_it_has_closed():
    evaluator = IncrementalEvaluator(strategy("MSFT.close > close"), "AAPL")
    own, other = half_hours([5, 5, 5, 5]), half_hours([1, 9, 2, 7], "MSFT")
    assert evaluator.step(own[0]).values["MSFT.close"] is None
    assert evaluator.step(own[1], {"MSFT": other[2]}).values["MSFT.close"] is None  # still open
    assert evaluator.step(own[2], {"MSFT": other[1]}).values["MSFT.close"] == 9.0
    remembered = evaluator.step(own[3], {"MSFT": other[0]})
    assert remembered.values["MSFT.close"] == 9.0  # an older bar changes nothing
    assert remembered.entry_long


def test_an_instruments_own_name_means_its_own_bar():
    evaluator = IncrementalEvaluator(strategy("AAPL.close == close and BRK.B.close > 0"))
    [bar] = half_hours([5])
    values = evaluator.step(bar, {"BRK.B": replace(bar, symbol="BRK.B")}).values
    assert values["AAPL.close == close"] is True
    assert values["BRK.B.close"] == 5.0


def test_vwap_is_the_bars_own_and_undefined_without_one():
    evaluator = IncrementalEvaluator(strategy("close > vwap"))
    first, second = half_hours([5, 6])
    assert evaluator.step(first).values["close > vwap"] is None
    evaluation = evaluator.step(replace(second, vwap=55_000))
    assert evaluation.values["vwap"] == 5.5
    assert evaluation.entry_long


def test_a_bar_of_another_symbol_is_refused():
    evaluator = IncrementalEvaluator(strategy("close > 1"), "AAPL")
    with pytest.raises(InvalidInputError, match="the bar was of MSFT; this evaluator steps AAPL"):
        evaluator.step(half_hours([5], "MSFT")[0])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 5)), min_size=2,
                max_size=40), st.data())  # fmt: skip
def test_restarts_repetitions_and_gaps_change_nothing(drawn, data):
    compiled = strategy(
        "sma(close@1h, 3) > MSFT.close and cross_above(close, MSFT.high) or highest(high@1d, 2) > 5"
    )
    own = half_hours([one for one, _, _ in drawn])
    other = half_hours([two for _, two, _ in drawn], "MSFT")
    steps = [
        (bar, {"MSFT": other[place]} if drawn[place][2] else None)
        for place, bar in enumerate(own)
        if drawn[place][2] != 1
    ]
    unbroken, restarted = IncrementalEvaluator(compiled), IncrementalEvaluator(compiled)
    for bar, others in steps:
        if data.draw(st.booleans()):
            restarted = IncrementalEvaluator.load(compiled, restarted.dump())
        expected = unbroken.step(bar, others)
        assert restarted.step(bar, others) == expected
        assert restarted.step(bar, {"MSFT": other[-1]}) == expected
    assert restarted.dump() == unbroken.dump()


@pytest.mark.parametrize(
    ("entry", "says", "nearest"),
    [
        ("close@5m > 1", "finer than the strategy's 30m", None),
        ("close@30m > 1", "bars of 30m are the strategy's own; write close", "close"),
        ("close@1day > 1", "the timeframe was 1day; it may be 1m or 5m", "1d"),
        ("clos@1d > 1", "the field clos does not exist; did you mean close?", "close"),
        ("vwap@1d > 1", "a higher timeframe has none", None),
        ("msft.close > 1", "the symbol was msft; it may be one in capitals", None),
        ("MSFT.price > 1", "the field price does not exist", None),
        ("MSFT.close@1d > 1", "take out @1d", None),
        ("close@1h > volume@1h", "a price met a count", None),
    ],
)
def test_a_faulty_reference_is_told_with_what_may_be(entry, says, nearest):
    with pytest.raises(DocumentError) as error:
        strategy(entry)
    [problem] = error.value.problems
    assert (problem.path, problem.line, problem.column) == ("entry.long", 7, 9)
    assert says in problem.message
    assert problem.nearest == nearest


def test_a_compiled_strategy_names_the_data_it_reads():
    compiled = strategy("SPY.close > close@1w and BRK.B.low > low@1h")
    assert compiled.others == ("BRK.B", "SPY")
    assert compiled.timeframes == ("1h", "1w")
    assert compiled.warm_up_bars == 65  # a week of half hours
