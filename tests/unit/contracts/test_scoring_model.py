"""Stored models: what they compute, and what is refused before it computes anything."""

from __future__ import annotations

import hashlib
import json
from math import exp

import pytest

from quantumzero.contracts.scoring_model import read_model
from quantumzero.domain.errors import CorruptDataError


def model(**fields):
    text = json.dumps({"name": "m", "version": 1, "features": ["a", "b"], **fields})
    return read_model(text, hashlib.sha256(text.encode()).hexdigest())


def test_a_linear_score_stays_between_0_and_1():
    linear = model(kind="linear", weights=[0.5, 0.25], intercept=0.1)
    assert linear.score({"a": 1, "b": 1}) == 0.85
    assert linear.score({"a": 9, "b": 0}) == 1.0
    assert linear.score({"a": -9, "b": 0}) == 0.0


@pytest.mark.parametrize("total", [-800.0, -2.0, 0.0, 3.0, 800.0])
def test_a_logistic_score_is_the_logistic_function_of_the_sum(total):
    expected = 1 / (1 + exp(-total)) if abs(total) < 700 else float(total > 0)
    logistic = model(kind="logistic", weights=[1.0, 0.0])
    assert logistic.score({"a": total, "b": 5}) == pytest.approx(expected)


def test_trees_add_the_leaves_that_the_features_lead_to():
    tree = [
        {"feature": 0, "threshold": 10.0, "left": 1, "right": 2},
        {"value": -1.0},
        {"feature": 1, "threshold": 0.5, "left": 3, "right": 4},
        {"value": 1.0},
        {"value": 2.0},
    ]
    trees = model(kind="trees", trees=[tree, [{"value": 0.5}]])
    totals = {(10, 0): -0.5, (11, 0.5): 1.5, (11, True): 2.5}
    for (a, b), total in totals.items():
        assert trees.score({"a": a, "b": b}) == pytest.approx(1 / (1 + exp(-total)))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "linear", "weights": [1.0]}, "1 weights for 2 features"),
        ({"kind": "trees", "trees": [[]]}, "without nodes"),
        ({"kind": "trees", "trees": [[{"feature": 0, "left": 0, "right": 1}, {}]]}, "follow"),
        ({"kind": "trees", "trees": [[{"feature": 7, "left": 1, "right": 1}, {}]]}, "feature 7"),
        ({"kind": "magic"}, "not readable"),
        ({"kind": "linear", "weights": [1.0, 1.0], "code": "x"}, "not readable"),
    ],
)
def test_a_model_that_could_not_be_computed_is_refused(fields, says):
    with pytest.raises(CorruptDataError, match=says):
        model(**fields)
