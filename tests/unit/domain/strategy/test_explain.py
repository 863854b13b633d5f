"""A compiled strategy taken apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantumzero.contracts.strategy_document import parse_document
from quantumzero.domain.strategy.compiler import compile_strategy
from quantumzero.domain.strategy.explain import explain

ROOT = Path(__file__).parents[4]
DOCUMENTS = sorted([*ROOT.glob("strategies/*.yaml"), *ROOT.glob("tests/examples/*.yaml")])


def explained(path: Path):
    return explain(compile_strategy(parse_document(path.read_text())))


def test_sma_cross_is_six_nodes_whose_warm_up_is_the_slow_averages_and_one():
    found = explained(ROOT / "strategies" / "sma-cross.yaml")
    assert [(node.text, node.warm_up, node.exact) for node in found.nodes] == [
        ("close", 1, True),
        ("sma(close, fast)", 5, True),
        ("sma(close, slow)", 20, True),
        ("scale(sma(close, fast), 4)", 5, True),
        ("cross_above(sma(close, fast), sma(close, slow))", 21, False),
        ("cross_below(sma(close, fast), sma(close, slow))", 21, False),
    ]
    assert found.nodes[1].unit == "price"
    assert found.nodes[4].kind == "a series of truths"
    assert (found.warm_up_bars, found.not_live) == (21, ())
    assert found.ends == (("entry_long", 4), ("exit_long", 5))
    assert found.parameters == (("fast", 5.0), ("slow", 20.0))


def test_what_a_strategy_needs_is_listed():
    found = explained(ROOT / "tests" / "examples" / "everything.yaml")
    assert found.data.symbols == ("AAPL", "IBM", "MSFT", "GOOG")
    assert found.data.others == ("SPY",)
    assert (found.data.timeframe, found.data.higher_timeframes) == ("1d", ("1w",))
    assert found.data.fields == ("close", "high", "low", "open")
    ends = dict(found.ends)
    assert {"entry_short", "exit_short", "limit", "stop_loss"} <= ends.keys()
    assert found.nodes[ends["limit"]].text == "close * 0.995"
    assert "order limit (execution.order)" in found.not_live


def test_a_portfolio_says_that_it_compares_members():
    found = explained(ROOT / "tests" / "examples" / "momentum.yaml")
    assert found.cross_sectional
    assert dict(found.ends).keys() == {"weight_long", "weight_short", "volatility"}
    assert found.warm_up_bars == 127
    texts = [node.text for node in found.nodes]
    assert "close - #1" in texts
    assert "to_float(close)" in texts


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_node_has_a_text_and_stands_after_its_inputs(path):
    found = explained(path)
    for node in found.nodes:
        assert node.text
        assert all(index < node.index for index in node.inputs)
        assert all(found.nodes[index].warm_up <= node.warm_up for index in node.inputs)
    assert found.warm_up_bars == max(found.nodes[index].warm_up for _, index in found.ends)
