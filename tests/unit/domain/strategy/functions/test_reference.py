"""What functions say about themselves, and the page written from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from cli.write_functions import main
from quantumzero.domain.strategy.function_reference import TOPICS, render_reference
from quantumzero.domain.strategy.functions import BY_NAME, FUNCTIONS
from quantumzero.domain.strategy.operations import stateless_step
from tests.unit.domain.strategy.functions.calls_of import call_of, own_bar_functions
from tests.unit.domain.strategy.functions.real_bars import compiled_expression

PAGE = Path(__file__).parents[5] / "docs" / "functions.md"
ASKED_FOR = [
    "sma", "ema", "wma", "dema", "tema", "hma", "kama", "vwma", "rma", "rsi", "stochastic",
    "stochastic_rsi", "cci", "williams_r", "roc", "momentum", "tsi", "ultimate", "macd",
    "macd_signal", "macd_histogram", "ppo", "atr", "true_range", "bollinger_upper",
    "bollinger_middle", "bollinger_lower", "keltner_upper", "keltner_lower", "donchian_upper",
    "donchian_lower", "stdev", "zscore", "adx", "plus_di", "minus_di", "aroon",
    "parabolic_sar", "supertrend", "ichimoku_conversion", "ichimoku_base", "ichimoku_span_a",
    "ichimoku_span_b", "obv", "vwap", "mfi", "cmf", "accumulation_distribution", "highest",
    "lowest", "lag", "change", "sum", "count_true", "bars_since", "cross_above",
    "cross_below", "rising", "falling", "clip", "abs", "min", "max", "log", "sqrt", "sign",
    "session_time", "day_of_week",
]  # fmt: skip


def test_the_design_s_functions_are_all_there():
    assert set(ASKED_FOR) <= BY_NAME.keys()


def test_every_function_says_what_it_is():
    for operation, definition in FUNCTIONS.items():
        assert definition.node_operation == operation
        assert definition.formula
        assert definition.source
        assert definition.summary.endswith((".", ".)"))
        assert definition.signature.startswith(f"{definition.name}(")


def test_every_function_is_computed_in_exactly_one_way():
    for definition in FUNCTIONS.values():
        ways = [
            definition.running is not None, definition.stateless,
            definition.expansion is not None, definition.across,
        ]  # fmt: skip
        assert ways.count(True) == 1, definition.name


def test_no_composite_reaches_an_evaluator():
    for definition in own_bar_functions():
        for node in compiled_expression(call_of(definition)).nodes:
            function = FUNCTIONS.get(node.operation)
            values = [None] * 100
            if function is None or function.stateless:
                basic = node.operation in ("field", "constant")
                assert basic or stateless_step(node, values) is not None
            else:
                assert function.running is not None


def test_every_function_has_one_topic():
    topics = Counter(name for names in TOPICS.values() for name in names.split())
    own = {definition.name for definition in own_bar_functions()}
    assert topics == dict.fromkeys(own, 1)


def test_the_page_is_what_the_definitions_say():
    assert PAGE.read_text() == render_reference()
    assert main(["--check"]) == 0
