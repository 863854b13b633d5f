"""What a wrong call is told: where, what was, what may be."""

from __future__ import annotations

import pytest

from quantumzero.domain.strategy.compiler import CompileError
from tests.unit.domain.strategy.random_strategies import compiled

FAULTS = [
    ("macdd(close) > 0", "macdd", "the function macdd does not exist; did you mean macd?", "macd"),
    (
        "qqq(close) > 0", "qqq",
        "the function qqq does not exist; docs/functions.md lists all there are", None,
    ),
    (
        "macd() > 0", "macd()",
        "macd had 0 arguments; write macd(series, fast=12, slow=26)", None,
    ),
    (
        "macd(close, 12, 26, 9) > 0", "macd(close, 12, 26, 9)",
        "macd had 4 arguments; write macd(series, fast=12, slow=26)", None,
    ),
    (
        "lag(close, -1) > close", "-1",
        "the period was -1, which means bars that have not closed yet; the language cannot look "
        "ahead: it may be a whole number from 0 to 5000, such as lag(close, 1)", None,
    ),
    (
        "lead(close, 1) > close", "lead",
        "the function lead does not exist: the language cannot look ahead, because a bar is decided "
        "at its close; write lag(close, 1) for the close of the bar before", "lag",
    ),
    (
        "macd(close, 0) > 0", "0",
        "the period fast was 0; it may be a whole number from 1 to 5000", None,
    ),
    (
        "hma(close, 1) > 0", "1", "the period was 1; it may be a whole number from 2 to 5000", None,
    ),
    (
        "supertrend(10, -1) > 0", "-1", "the multiplier was -1; it may be a number from 0", None,
    ),
    (
        "parabolic_sar(2) > 0", "2", "the step was 2; it may be a number from 0.0001 to 1", None,
    ),
    (
        "bollinger_upper(close, 20, close) > 0", "close",
        "the multiplier was a series; it must be one fixed number", None,
    ),
    (
        "count_true(close, 3) > 1", "close",
        "this part was a series of numbers; a truth must stand here, such as a comparison", None,
    ),
    (
        "sma(close > open, 3) > 1", "close > open",
        "this part was a truth; a number must stand here", None,
    ),
    ("max(close, volume) > 1", "max(close, volume)",
     "a price met a count; both sides must count the same", None),
    ("clip(close, volume, 3) > 1", "clip(close, volume, 3)",
     "a price met a count; both sides must count the same", None),
    ("macd(5) > 0", "macd(5)",
     "every argument was a fixed number; one must be a series of the bars", None),
    ("tema(close, 2000) > 0", "tema(close, 2000)",
     "the expression needed 5998 bars; it may need 5000", None),
    ("atr > 1", "atr", "atr is a function; write atr(period)", "atr"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "part", "message", "nearest"), FAULTS)
def test_a_wrong_call_is_told_what_may_stand_there(text, part, message, nearest):
    with pytest.raises(CompileError) as error:
        compiled(text)
    [(_, problem)] = error.value.problems
    assert (problem.message, problem.nearest) == (message, nearest)
    assert text[problem.start : problem.end] == part


def test_an_argument_that_is_left_out_has_its_default():
    short = compiled("macd(close) > supertrend() and stochastic(14) > 0")
    whole = compiled("macd(close, 12, 26) > supertrend(10, 3) and stochastic(14, 3) > 0")
    assert short.nodes == whole.nodes


def test_equal_parts_of_different_composites_are_computed_once():
    strategy = compiled("macd(close) > 0 and ema(close, 12) > ema(close, 26) and atr(14) > 0",
                        "plus_di(14) > minus_di(14) and macd_signal(close) > 0")  # fmt: skip
    operations = [node.operation for node in strategy.nodes]
    assert operations.count("ema") == 3
    assert operations.count("rma") == 3


def test_faults_of_all_arguments_are_told_together():
    with pytest.raises(CompileError) as error:
        compiled("max(clos, sma(opn, 0)) > 1")
    assert [problem.message.split(";")[0] for _, problem in error.value.problems] == [
        "the name clos does not exist",
        "the name opn does not exist",
        "the period was 0",
    ]
