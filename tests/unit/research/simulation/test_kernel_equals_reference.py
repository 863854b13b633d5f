"""The kernel in C and the reference in Python give the same bits for the same request."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from quantumzero.research.kernel import force_fallback
from quantumzero.research.simulation.binding import Machine, machine, simulate_in_kernel
from quantumzero.research.simulation.codes import Code
from quantumzero.research.simulation.reference import simulate_reference
from quantumzero.research.simulation.simulate import PreparedSimulation, simulate
from tests.unit.research.simulation.random_requests import (
    limited_requests,
    plain_requests,
    requests,
)

if TYPE_CHECKING:
    from quantumzero.research.simulation.request import SimulationOutcome, SimulationRequest

TABLES = ("curves", "trades", "orders", "fills", "refusals")


def differences(one: SimulationOutcome, other: SimulationOutcome) -> list[str]:
    """Name the columns whose bytes or types differ."""
    found = []
    for table in TABLES:
        for each in fields(getattr(one, table)):
            mine: Any = getattr(getattr(one, table), each.name)
            theirs: Any = getattr(getattr(other, table), each.name)
            if mine.dtype != theirs.dtype or mine.tobytes() != theirs.tobytes():
                found.append(f"{table}.{each.name}")
    if one.charges != other.charges:
        found.append("charges")
    if one.held.tobytes() != other.held.tobytes():
        found.append("held")
    return found


@pytest.fixture(scope="module")
def runner() -> Machine:
    made = machine()
    assert made is not None, "build the kernel first: python -m local.native_build"
    return made


@given(request=requests())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_every_output_has_the_same_bits(runner: Machine, request: SimulationRequest) -> None:
    assert differences(simulate_reference(request), simulate_in_kernel(request, runner)) == []


@given(request=plain_requests())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_the_short_way_from_signal_to_signal_changes_no_bit(
    runner: Machine, request: SimulationRequest
) -> None:
    assert differences(simulate_reference(request), simulate_in_kernel(request, runner)) == []


def test_the_limits_of_an_account_refuse_the_same_orders_for_the_same_reasons(
    runner: Machine,
) -> None:
    met: set[int] = set()

    @given(request=limited_requests())
    @settings(
        max_examples=900,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=True,
    )
    def hold(request: SimulationRequest) -> None:
        outcome = simulate_in_kernel(request, runner)
        assert differences(simulate_reference(request), outcome) == []
        met.update(outcome.refusals.code.tolist())

    hold()
    assert {each for each in Code if each >= Code.TRADING_HALTED} <= met


@given(request=requests() | plain_requests())
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_a_summary_says_what_the_whole_outcome_says(request: SimulationRequest) -> None:
    whole = simulate(request)
    summary = PreparedSimulation(request).run()
    assert summary.equity.tobytes() == whole.curves.equity.tobytes()
    assert summary.final_equity == whole.curves.equity[-1]
    assert summary.trades == len(whole.trades)


@given(request=requests())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_a_prepared_simulation_runs_new_signals_and_settings_as_a_fresh_one_does(
    request: SimulationRequest,
) -> None:
    prepared = PreparedSimulation(request)
    prepared.run()
    signals = np.zeros(request.open.shape, dtype=np.uint8)
    signals[:, ::5], signals[:, 3::5] = 1, 2
    other = replace(request.settings, amount=0.5, finalise=True)
    again = replace(request, signals=signals, settings=other)
    whole = simulate(again)
    assert prepared.run(signals=signals, settings=other).equity.tobytes() == (
        whole.curves.equity.tobytes()
    )
    assert differences(prepared.run_whole(), whole) == []


@given(request=requests())
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_without_the_kernel_the_reference_runs(request: SimulationRequest) -> None:
    with force_fallback():
        alone = simulate(request)
        summary = PreparedSimulation(request).run()
    assert differences(alone, simulate(request)) == []
    assert summary.final_equity == alone.curves.equity[-1]
