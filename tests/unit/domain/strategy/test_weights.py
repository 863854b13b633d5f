"""From wishes to target weights."""

from __future__ import annotations

from math import fsum, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumzero.domain.strategy.weights import target_weights


@pytest.mark.parametrize(
    ("long", "short", "scheme", "volatility", "weights"),
    [
        ([True, False, None, True], None, "equal", None, [0.5, 0.0, 0.0, 0.5]),
        ([2.5, -1.0, 0.0], None, "equal", None, [0.5, -0.5, 0.0]),
        ([3.0, -1.0, None], None, "proportional", None, [0.75, -0.25, 0.0]),
        ([True, True, True], None, "inverse_volatility", [0.1, 0.3, None], [0.75, 0.25, 0.0]),
        ([True, True], None, "inverse_volatility", [0.0, 0.2], [0.0, 1.0]),
        ([True, True, False], [False, False, True], "equal", None, [0.25, 0.25, -0.5]),
        (None, [True, True], "equal", None, [-0.5, -0.5]),
        ([False, None], None, "equal", None, [0.0, 0.0]),
        ([None, None], [True, False], "equal", None, [-0.5, 0.0]),
    ],
)
def test_wishes_become_weights(long, short, scheme, volatility, weights):
    found = target_weights(long, short, scheme, volatility)
    assert found == pytest.approx(weights, abs=1e-15)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.none(), st.booleans(), st.floats(-9, 9)), min_size=1, max_size=9),
       st.sampled_from(["equal", "proportional"]))  # fmt: skip
def test_absolute_weights_sum_to_one_or_to_nothing(wishes, scheme):
    total = fsum(abs(weight) for weight in target_weights(wishes, None, scheme))
    assert isclose(total, 1.0, abs_tol=1e-12) or (total == 0 and not any(wishes))
