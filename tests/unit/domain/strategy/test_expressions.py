"""What the parser and the checker accept, refuse and say."""

from __future__ import annotations

from fractions import Fraction

import pytest

from quantumzero.domain.errors import InvalidInputError
from quantumzero.domain.strategy.compiler import CompileError, check_formulas, compile_strategy
from quantumzero.domain.strategy.parser import parse_expression
from quantumzero.domain.strategy.problems import ExpressionError
from quantumzero.domain.strategy.surroundings import Surroundings
from quantumzero.domain.strategy.tree import render
from tests.unit.domain.strategy.random_strategies import compiled, formula


def check_ends(signals, entry, leave):
    """Check two expressions with their signals."""
    ends = {"entry_long": formula("entry.long", entry), "exit_long": formula("exit.long", leave)}
    return check_formulas({}, signals, ends, Surroundings("1d"))


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("close>open", "close > open"),
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("((1-2))-3", "1 - 2 - 3"),
        ("not(close>1 and open>2)", "not (close > 1 and open > 2)"),
        ("not close > 1 or open > 2", "not close > 1 or open > 2"),
        ("-(close - open)", "-(close - open)"),
        ("sma( close ,5 )", "sma(close, 5)"),
    ],
)
def test_an_expression_is_named_by_its_text_with_one_spacing(text, rendered):
    assert render(parse_expression(text)) == rendered
    assert render(parse_expression(rendered)) == rendered


@pytest.mark.parametrize(
    ("text", "start", "says"),
    [
        ("", 0, "was empty"),
        ("close >", 7, "the end was found where a number"),
        ("close > > 1", 8, "`>` was found"),
        ("sma(close, 5", 12, "where `)`"),
        ("close > 1 2", 10, "`2` was not expected"),
        ("close & 1", 6, "write `and`"),
        ("close = 1", 6, "write `==`"),
        ("close[1]", 5, "no expression can look ahead"),
        ("close @1d", 6, "without spaces, such as close@1d"),
        ("AAPL .close", 5, "without spaces, such as AAPL.close"),
        ("close > 1e5", 8, "ran into the letter 'e'"),
        ("close > 1234567890123456789", 8, "more than 18 digits"),
        ("1 < close < 2", 10, "cannot be chained"),
        ("(" * 30 + "close" + ")" * 30, 20, "nested deeper than 20"),
        (" + ".join(["close"] * 40), 158, "nested deeper than 20"),
        ("-" * 100 + "close", 20, "nested deeper than 20"),
    ],
)
def test_a_fault_of_syntax_points_at_its_character(text, start, says):
    with pytest.raises(
        ExpressionError, match=says.replace("(", r"\(").replace(")", r"\)")
    ) as error:
        parse_expression(text)
    assert error.value.problem.start == start


@pytest.mark.parametrize(
    ("text", "part", "says", "nearest"),
    [
        ("clos > 1", "clos", "did you mean close?", "close"),
        ("smaa(close, 5) > 1", "smaa", "did you mean sma?", "sma"),
        ("qqq(close) > 1", "qqq", "docs/functions.md lists all", None),
        ("sma > 1", "sma", "write sma(series, period)", "sma"),
        ("sma(close) > 1", "sma(close)", "had 1 arguments", None),
        ("sma(close, 0) > 1", "0", "whole number from 1 to 5000", None),
        ("sma(close, 2.5) > 1", "2.5", "the period was 2.5", None),
        ("sma(close, volume) > 1", "volume", "must be one fixed whole number", None),
        ("sma(1, 5) > 1", "sma(1, 5)", "one must be a series", None),
        ("sma(sma(close, 4000), 4000) > 1", "sma(sma(close, 4000), 4000)", "needed 7999", None),
        ("close", "close", "it must be a truth", None),
        ("5", "5", "it must be a truth", None),
        ("close and open > 1", "close", "a truth must stand here", None),
        ("not close", "close", "a truth must stand here", None),
        ("close + (open > 1) > 2", "open > 1", "a number must stand here", None),
        ("-(open > 1) > 2", "open > 1", "a number must stand here", None),
        ("sma(open > 1, 3) > 2", "open > 1", "a number must stand here", None),
        ("close > volume", "close > volume", "a price met a count", None),
        ("cross_above(close, rsi(close, 3))", "cross_above(close, rsi(close, 3))",
         "a price met a ratio", None),
        ("close + volume > 1", "close + volume", "a price met a count", None),
        ("close / (2 - 2) > 1", "close / (2 - 2", "divisor was 0", None),
        ("1 > 2", "1 > 2", "the answer never changes", None),
    ],
)  # fmt: skip
def test_a_fault_of_meaning_points_at_its_part(text, part, says, nearest):
    with pytest.raises(CompileError) as error:
        compiled(text)
    [(path, problem)] = error.value.problems
    assert path == "entry.long"
    assert says in problem.message
    assert problem.nearest == nearest
    assert text[problem.start : problem.end] == part


def test_every_fault_of_every_expression_is_reported_at_once():
    with pytest.raises(CompileError) as error:
        compiled("clos > opn", "smaa(close, 5) > sma(close, 0)")
    assert [path for path, _ in error.value.problems] == ["entry.long"] * 2 + ["exit.long"] * 2


def test_units_follow_the_arithmetic():
    for text in (
        "close / open > 1",
        "close * (close / open) > open",
        "rsi(close, 14) / 100 * close > atr(14)",
        "volume / sma(volume, 20) > 1.5",
        "close - open > 0.5",
        "2 * volume > 100",
        "1 / close > 0.01",
    ):
        compiled(text)


def test_equal_parts_are_computed_once():
    shared = compiled("sma(close, 5) > sma(close, 9)", "sma( close,5 ) < sma(close, 3 + 6)")
    functions = [node for node in shared.nodes if node.operation == "sma"]
    assert len(functions) == 2


def test_a_document_of_too_many_parts_is_refused():
    part = " and ".join(["close > open"] * 18)
    signals = [(f"s{count}", formula(f"signals.s{count}", part)) for count in range(12)]
    checked = check_ends(signals, "s0", "s1")
    assert any("more than 500 parts" in problem.message for _, problem in checked.problems)


def test_signals_may_use_each_other_in_any_order_but_not_in_a_circle():
    good = [("b", formula("signals.b", "a - 1")), ("a", formula("signals.a", "close - open"))]
    assert check_ends(good, "b > 0", "a > 0").problems == []
    bad = [("b", formula("signals.b", "a - 1")), ("a", formula("signals.a", "b"))]
    checked = check_ends(bad, "b > 0", "a > 0")
    assert [path for path, _ in checked.problems] == ["signals.b", "signals.a"]
    assert "circle" in checked.problems[0][1].message


def test_parameters_are_set_within_their_ranges_only(sma_cross):
    changed = compile_strategy(sma_cross, {"fast": 7, "slow": Fraction(40)})
    assert changed.warm_up_bars == 41
    with pytest.raises(InvalidInputError, match="its range is 3 to 45"):
        compile_strategy(sma_cross, {"fast": 99})
    with pytest.raises(InvalidInputError, match="did you mean slow"):
        compile_strategy(sma_cross, {"slo": 30})


def test_a_long_chain_of_signals_does_not_exhaust_the_stack():
    chain = [("s0", formula("signals.s0", "close"))]
    chain += [(f"s{n}", formula(f"signals.s{n}", f"s{n - 1} + 1")) for n in range(1, 160)]
    checked = check_ends(chain, "s159 > 0", "s0 > 0")
    assert checked.problems == []
