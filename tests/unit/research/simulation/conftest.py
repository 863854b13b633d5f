"""Every rule is tested in the kernel and in the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quantumzero.research.simulation.binding import machine, simulate_in_kernel
from quantumzero.research.simulation.reference import simulate_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from quantumzero.research.simulation.request import SimulationOutcome, SimulationRequest


@pytest.fixture(params=["kernel", "reference"])
def run(request: pytest.FixtureRequest) -> Callable[[SimulationRequest], SimulationOutcome]:
    """Return the function that runs a request."""
    if request.param == "reference":
        return simulate_reference
    runner = machine()
    assert runner is not None, "build the kernel first: python -m local.native_build"
    return lambda wanted: simulate_in_kernel(wanted, runner)
