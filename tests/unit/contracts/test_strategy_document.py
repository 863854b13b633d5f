"""The document as text: everything it may say, and every fault with its line and column."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.contracts.strategy_document import DocumentError, parse_document
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.document import Sizing, SizingMethod

WHOLE = """\
strategy: gated-trend
version: 3
universe: [AAPL, BRK.B, "ON"]
timeframe: 1d
parameters:
  fast: {default: 10, range: [5, 45, 1]}
  factor: 1.5
signals:
  trend: sma(close, fast) - sma(close, 30)
entry: {long: "cross_above(trend, 0)"}
exit:
  long: >
    cross_below(trend, 0)
    or close < sma(close, fast) / factor
sizing: {percent_of_equity: 12.5}
execution: {order: market, fill: next_open, time_in_force: day}
costs: {commission: {bps: 10}, slippage: {bps: 2}}
model: {name: meta-label-v1, at_least: 0.55}
"""


def faults(text: str) -> list[tuple[str, int, int, str]]:
    with pytest.raises(DocumentError) as error:
        parse_document(text)
    return [(each.path, each.line, each.column, each.message) for each in error.value.problems]


def changed(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new)


def test_a_whole_document_is_read_into_values():
    document = parse_document(WHOLE)
    assert (document.strategy, document.version, document.timeframe) == ("gated-trend", 3, "1d")
    assert document.universe == ("AAPL", "BRK.B", "ON")
    assert document.parameters["fast"].default == 10
    assert document.parameters["fast"].greatest == 45
    assert document.parameters["factor"].default == Fraction(3, 2)
    assert document.sizing == Sizing(SizingMethod.PERCENT_OF_EQUITY, Decimal("12.5"))
    assert document.costs.commission_bps == 10
    assert document.model is not None
    assert (document.model.name, document.model.at_least) == ("meta-label-v1", Decimal("0.55"))
    assert document.exit_long.words == "cross_below(trend, 0) or close < sma(close, fast) / factor"
    assert compile_strategy(document).warm_up_bars == 31


def test_json_says_the_same_as_yaml():
    text = json.dumps(
        {
            "strategy": "plain", "version": 1, "universe": ["AAPL"], "timeframe": "1d",
            "entry": {"long": "close > 1"}, "exit": {"long": "close < 1"},
            "sizing": {"percent_of_equity": 5},
        },
        indent="\t",
    )  # fmt: skip
    assert parse_document(text).strategy == "plain"
    [fault] = faults(text.replace("close > 1", "close > opn"))
    assert fault[:3] == ("entry.long", 9, 20)


@pytest.mark.parametrize(
    ("old", "new", "path", "line", "column", "says"),
    [
        ("strategy: gated-trend", "strategy: Gated Trend", "strategy", 1, 11, "'Gated Trend'"),
        ("version: 3", "version: 0", "version", 2, 10, "a whole number from 1 on"),
        ("version: 3\n", "", "version", 1, 1, "the key version was missing"),
        ("AAPL, BRK.B", "aapl, BRK.B", "universe[0]", 3, 12, "a symbol in capitals"),
        ("AAPL, BRK.B", "AAPL, AAPL", "universe[1]", 3, 18, "a second time"),
        ('[AAPL, BRK.B, "ON"]', "[]", "universe", 3, 11, "a list of 1 to 500 symbols"),
        ('[AAPL, BRK.B, "ON"]', "AAPL", "universe", 3, 11, "'AAPL'"),
        ("timeframe: 1d", "timeframe: 2d", "timeframe", 4, 12, "1m or 5m"),
        ("default: 10", "default: ten", "parameters.fast.default", 6, 19, "a number"),
        ("default: 10", "default: 50", "parameters.fast.default", 6, 19, "its range is 5 to 45"),
        ("[5, 45, 1]", "[45, 5]", "parameters.fast.range", 6, 30, "least first"),
        ("[5, 45, 1]", "[5, x]", "parameters.fast.range", 6, 34, "'x'"),
        ("  factor: 1.5", "  close: 1.5", "parameters.close", 7, 3, "belongs to the language"),
        ("  trend:", "  fast:", "signals.fast", 9, 3, "is a parameter already"),
        ("sma(close, fast) -", "sma(close, fst) -", "signals.trend", 9, 21, "did you mean fast?"),
        ("or close <", "or clos <", "exit.long", 14, 8, "did you mean close?"),
        ('long: "cross', 'lang: "cross', "entry.lang", 10, 9, "did you mean long?"),
        ('"cross_above(trend, 0)"', "cross_above(trend, 0)", "entry.long", 10, 15, "in quotes"),
        ("entry: {", "entry: {short: x, ", "entry.short", 10, 16, "the name x does not exist"),
        ("sizing: {percent_of_equity: 12.5}", "sizing: {percent_of_equity: 101}",
         "sizing.percent_of_equity", 15, 29, "a number from 0.01 to 100"),
        ("sizing: {percent_of_equity: 12.5}", "sizing: {martingale: 1, percent_of_equity: 5}",
         "sizing.martingale", 15, 10, "the key martingale does not exist"),
        ("order: market", "order: limits", "execution.order", 16, 20, "it may be market or limit"),
        ("costs:", "protect: {stop_loss: {atr: 14}}\ncosts:", "protect.stop_loss", 17, 22,
         "the key multiple was missing"),
        ("costs:", "weight:\ncosts:", "weight", 17, 1, "does not exist"),
        ("costs:", "version: 4\ncosts:", "version", 17, 1, "a second time"),
        ("bps: 2", "bps: -2", "costs.slippage.bps", 17, 48, "a number from 0 to 10000"),
        ("at_least: 0.55", "at_least: 55", "model.at_least", 18, 40, "a number from 0 to 1"),
    ],
)  # fmt: skip
def test_a_fault_points_at_its_line_and_column(old, new, path, line, column, says):
    found = faults(changed(old, new))
    assert (path, line, column) in [fault[:3] for fault in found]
    message = next(fault[3] for fault in found if fault[0] == path)
    assert says in message


def test_all_faults_are_told_at_once_and_in_the_order_of_the_text():
    text = changed("timeframe: 1d", "timeframe: 9d").replace("trend, 0)\n", "trnd, 0)\n")
    text = text.replace("12.5", "0")
    found = faults(text)
    assert [fault[0] for fault in found] == ["timeframe", "exit.long", "sizing.percent_of_equity"]
    assert [fault[1] for fault in found] == sorted(fault[1] for fault in found)


def test_what_uses_a_faulty_part_is_not_blamed_for_it():
    found = faults(changed("sma(close, fast) - sma", "sma(close, fst) - sma"))
    assert [fault[0] for fault in found] == ["signals.trend"]


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "was empty"),
        ("- a\n- b", 1, 1, "a list of 2"),
        ("strategy: a: b", 1, 12, "not YAML or JSON"),
        ("strategy: &x a\nversion: *x", 2, 10, "aliases are not allowed"),
        ("strategy: !!python/object/apply:os.system [x]", 1, 11, "without any tag"),
        ("a: \x00", 1, 4, "cannot stand in a document"),
        ("a: 1\n---\nb: 2", 2, 1, "another document"),
        ("[" * 50_000, 1, 21, "nested deeper than 20"),
        ("a" * 70_000, 1, 1, "more than 64 KiB"),
        ("{? [a] : 1}", 1, 4, "it must be a name"),
    ],
)
def test_text_that_is_no_document_or_an_attack_is_refused(text, line, column, says):
    found = faults(text)
    assert any(fault[1:3] == (line, column) and says in fault[3] for fault in found)


def test_an_expansion_bomb_is_refused_without_expanding():
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert "aliases are not allowed" in faults("\n".join(lines))[0][3]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_anything_but_a_document_error(text):
    with pytest.raises(DocumentError):
        parse_document(text)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_document_is_read_or_refused_with_places_inside_it(data):
    place = data.draw(st.integers(0, len(WHOLE) - 1))
    damage = data.draw(
        st.sampled_from(["", "\t", "x", "(", "]", "{", ":", "'", '"', "*", "&", "\n"])
    )
    text = WHOLE[:place] + damage + WHOLE[place + 1 :]
    try:
        parse_document(text)
    except DocumentError as error:
        lines = text.split("\n")
        for problem in error.problems:
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
