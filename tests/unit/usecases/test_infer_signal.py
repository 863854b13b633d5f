"""The champion's score of a decision, and every reason for which there is none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from quantumzero.domain.decisions import Action, Decision
from quantumzero.domain.errors import NotFoundError
from quantumzero.usecases.infer_signal import InferSignal
from tests.fakes.held_decisions import HeldDecisions
from tests.fakes.held_models import HeldModels

CLOSES_AT = datetime(2024, 3, 1, 21, tzinfo=UTC)
ENTRY = Decision(
    id="cross-v1-AAPL-20240301T210000Z",
    strategy="cross",
    version=1,
    symbol="AAPL",
    timeframe="1d",
    closes_at=CLOSES_AT,
    action=Action.ENTER_LONG,
    reason="entered",
    price=100_000,
    position=Decimal(0),
    bar_revision=0,
    percent_of_equity=Decimal(20),
    model="gate",
    model_threshold=Decimal("0.5"),
    values={"close": 10.0, "rsi(close, 14)": None},
)


def verdict_on(decision: Decision, *, feature: str | None = None, tampered: bool = False):
    decisions, models = HeldDecisions(), HeldModels()
    decisions.hold(decision)
    if feature is not None:
        text = json.dumps(
            {"name": "gate", "version": 2, "kind": "linear", "features": [feature],
             "weights": [0.05], "intercept": 0.25}
        )  # fmt: skip
        digest = hashlib.sha256(text.encode()).hexdigest()
        models.approve("gate", text + (" " if tampered else ""), digest)
    found = InferSignal(decisions=decisions, registry=models)("cross", "AAPL", CLOSES_AT)
    return found.score, found.model


def test_the_champion_scores_the_values_of_the_decision():
    assert verdict_on(ENTRY, feature="close") == (Decimal("0.75"), "gate v2")


def test_a_strategy_that_asks_for_no_model_has_none():
    assert verdict_on(replace(ENTRY, model=None), feature="close") == (None, "no model")


@pytest.mark.parametrize("action", [Action.EXIT_LONG, Action.EXIT_SHORT])
def test_an_exit_never_waits_for_a_model(action):
    leaving = replace(ENTRY, action=action)
    assert verdict_on(leaving, feature="close", tampered=True) == (None, "no model")


def test_a_name_without_a_champion_is_said():
    assert verdict_on(ENTRY) == (None, "no champion for gate")


def test_a_changed_model_gives_no_score_and_says_why():
    score, words = verdict_on(ENTRY, feature="close", tampered=True)
    assert score is None
    assert "cannot be used" in words
    assert "SHA-256" in words


def test_a_feature_without_a_value_gives_no_score_and_is_named():
    score, words = verdict_on(ENTRY, feature="rsi(close, 14)")
    assert score is None
    assert words == "gate v2 needs rsi(close, 14), which had no value on this bar"


def test_a_decision_that_is_not_stored_is_an_error():
    infer = InferSignal(decisions=HeldDecisions(), registry=HeldModels())
    with pytest.raises(NotFoundError, match="has no decision on AAPL"):
        infer("cross", "AAPL", CLOSES_AT)
