"""The schema accepts what the reader accepts, and refuses what is plainly wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from quantumzero.contracts.strategy_document import DocumentError, parse_document
from quantumzero.contracts.strategy_schema import SCHEMA_DIALECT, strategy_schema

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("strategies/*.yaml"), *ROOT.glob("tests/examples/*.yaml")])
EVERYTHING = (ROOT / "tests" / "examples" / "everything.yaml").read_text()
VALIDATOR = Draft202012Validator(strategy_schema())


def accepts(text: str) -> bool:
    return bool(VALIDATOR.is_valid(yaml.safe_load(text)))


def test_the_schema_is_one_of_the_dialect_it_names():
    assert strategy_schema()["$schema"] == SCHEMA_DIALECT
    Draft202012Validator.check_schema(strategy_schema())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_shipped_document_validates(path):
    assert [
        error.message for error in VALIDATOR.iter_errors(yaml.safe_load(path.read_text()))
    ] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("timeframe: 1d", "timeframe: 2d"),
        ("version: 1", "version: 0"),
        ("universe: [AAPL, ", "universe: [AAPL, AAPL, "),
        ("universe: [AAPL, ", "universe: [aapl, "),
        ("sizing: {risk_percent: 1, lot: 1}", "sizing: {lot: 1}"),
        ("sizing: {risk_percent: 1, lot: 1}", "sizing: {kelly: {win_rate: 0.6}}"),
        ("sizing: {risk_percent: 1, lot: 1}", "sizing: {equal_weight: 2.5}"),
        ("sizing: {risk_percent: 1, lot: 1}", "sizing: {atr: 1}"),
        ("sizing: {risk_percent: 1,", "sizing: {risk_percent: 1, fixed_quantity: 2,"),
        ("lot: 1}", "lot: 1.5}"),
        ("{atr: 14, multiple: 2}", "{atr: 14}"),
        ("{percent: 8}", "{percent: 8, atr: 3}"),
        ("order: limit", "order: limits"),
        ("at_least: 0.55", "at_least: 55"),
        ("{type: reg_t}", "{type: margin}"),
        ("calendar: XNYS", "calendar: NYSE"),
        ("benchmark: SPY", "benchmark: spy"),
        ("commission: {per_share: 0.005,", "commission: {plan: alpaca, per_share: 0.005,"),
        ("slippage: {bps: 2}", "slippage: {}"),
        ("benchmark: SPY", "weights: close -> equal"),
        ("benchmark: SPY", "groups: {a: [AAPL]}"),
        ("benchmark: SPY", "unknown: 1"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(old, new):
    assert old in EVERYTHING
    text = EVERYTHING.replace(old, new)
    assert not accepts(text)
    with pytest.raises(DocumentError):
        parse_document(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sizing: {risk_percent: 1, lot: 1}", "sizing: {volatility_target: {percent: 15}}"),
        ("sizing: {risk_percent: 1, lot: 1}", "sizing: {equal_weight: 5, lot: 10}"),
        (
            "sizing: {risk_percent: 1, lot: 1}",
            "sizing: {kelly: {win_rate: 0.6, payoff: 1.5, fraction: 0.5, most_percent: 20}}",
        ),
        ("sizing: {risk_percent: 1, lot: 1}", "sizing: {fixed_notional: 500, lot: fractional}"),
        (
            "{per_share: 0.005, minimum: 1, maximum_percent: 1}",
            "{plan: interactive_brokers_tiered}",
        ),
        ("slippage: {bps: 2}", "slippage: {square_root: 0.1, volume_share_impact: 0.1}"),
        ("order: limit, limit: close * 0.995", "order: trailing_stop, trail_percent: 3"),
        ("calendar: XNYS", "calendar: none"),
    ],
)
def test_other_ways_to_say_it_pass_both(old, new):
    assert old in EVERYTHING
    text = EVERYTHING.replace(old, new)
    assert accepts(text)
    assert parse_document(text).strategy == "pullback"
