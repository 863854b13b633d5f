"""A result's JSON: money as texts that read back as the same doubles, undefined as null with its reason."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumzero.contracts.backtest_result import number_text, plain, result_document
from tests.fakes.own_backtest import own_backtest


def test_the_document_names_what_others_script_against() -> None:
    document = result_document(own_backtest())
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["final_equity"] == "100010.1"
    assert document["equity"][0] == ["2004-08-20T20:00:00Z", "100000"]
    assert len(document["equity"]) == len(document["curves"]["cash"]) == 4
    assert document["refusals"][0]["code"] == "BUYING_POWER"
    assert (document["refusals"][0]["limit"], document["refusals"][0]["value"]) == ("1", "31")
    assert document["orders"][0]["limit_price"] is None
    assert document["orders"][0]["purpose"] == "entry"
    assert (document["orders"][0]["side"], document["orders"][0]["state"]) == ("buy", "filled")


def test_a_trade_is_told_with_unrounded_prices() -> None:
    long, short = result_document(own_backtest())["trades"]
    assert (long["symbol"], long["side"], long["reason"]) == ("AAPL", "long", "signal")
    assert long["profit"] == "1.3499999999999996"
    assert (long["entry_time"], long["exit_time"]) == (
        "2004-08-20T20:00:00Z",
        "2004-08-21T20:00:00Z",
    )
    assert (short["symbol"], short["side"], short["reason"]) == ("IBM", "short", "stop_loss")
    assert (short["entry_price"], short["ambiguous"]) == ("0.00001", True)
    assert (short["best_profit"], short["worst_profit"]) == ("-5", "-6")


def test_metrics_are_values_by_name_and_an_undefined_one_has_its_reason() -> None:
    document = result_document(own_backtest())
    assert document["metrics"] == {"final_equity": "100010.1", "sharpe": 1.25, "sortino": None}
    assert document["metric_units"]["sharpe"] == "ratio"
    assert document["metric_reasons"] == {"sortino": "no return is below zero"}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_the_same_double_and_has_no_exponent(value: float) -> None:
    text = number_text(value)
    assert text is not None
    assert float(text) == value
    assert "e" not in text
    assert Decimal(text).is_finite()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None])
def test_what_is_not_finite_is_undefined(value: float | None) -> None:
    assert number_text(value) is None
    assert plain(value) is None
