"""Window sums of doubles in C: the exact sum rounded once, whatever the sizes, as stepped."""

from __future__ import annotations

import struct
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.native_build import build
from quantumzero.domain.strategy.function_definition import Instance
from quantumzero.domain.strategy.window_sum import WindowSum
from quantumzero.research.kernel import kernel
from quantumzero.research.vector.native_machine import NativeMachine

NEAR_ONE = [1.0, -1.0, 1 + 2**-52, 2**-53, -(2**-53), 2**-54, 2**-105, 0.0, -0.0]
SUBNORMAL = [2**-1074, -(2**-1074), 3 * 2**-1074, 2**-1022, -(2**-1022), 2**-1021]
GREATEST = [1.7e308, -1.7e308, 1e308, 9e307, 1.0]


@pytest.fixture(scope="module")
def machine() -> NativeMachine:
    build()
    loaded = kernel()
    assert loaded is not None
    return NativeMachine(loaded)


def stepped(values: list[float], period: int) -> list[float | None]:
    """Step the exact window as an evaluator does: a sum beyond the doubles restarts it."""
    window, sums = WindowSum(Instance((period,), (None,), None)), []
    for value in values:
        try:
            sums.append(window.add(value))
        except OverflowError:
            window = WindowSum(Instance((period,), (None,), None))
            sums.append(None)
    return sums


def bits(values: list[float | None]) -> list[bytes]:
    return [struct.pack("<d", value) if value is not None else b"" for value in values]


@settings(max_examples=300, deadline=None)
@given(
    values=st.one_of(
        st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30),
        *(st.lists(st.sampled_from(some), max_size=30) for some in (NEAR_ONE, SUBNORMAL, GREATEST)),
        st.lists(st.sampled_from([*NEAR_ONE, *SUBNORMAL]), max_size=30),
        st.lists(st.floats(-1e4, 1e4), max_size=30),
    ),
    period=st.integers(1, 6),
)
def test_the_sum_is_the_exact_one_rounded_once(machine, values, period):
    array = np.array(values, np.float64)
    found = machine.run("qz_window_sum_double", np.float64, array, period, 1.0)
    assert found is not None
    listed = [None if isnan(value) else value for value in found.tolist()]
    assert bits(listed) == bits(stepped(values, period))
