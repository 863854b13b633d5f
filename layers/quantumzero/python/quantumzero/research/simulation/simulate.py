"""Run a simulation: in the kernel when it is there, else in Python, with the same result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from quantumzero.research.simulation.binding import machine, simulate_in_kernel
from quantumzero.research.simulation.layout import pack, set_curves, set_settings
from quantumzero.research.simulation.reference import simulate_reference
from quantumzero.research.simulation.soundness import check_array, check_request, check_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from quantumzero.research.simulation.request import (
        Bytes,
        Doubles,
        SimulationOutcome,
        SimulationRequest,
        SimulationSettings,
    )


def simulate(request: SimulationRequest) -> SimulationOutcome:
    """Return what the request comes to.

    Raises InvalidInputError when an array or a setting is not what request.py asks for.
    """
    check_request(request)
    runner = machine()
    if runner is None:
        return simulate_reference(request)
    return simulate_in_kernel(request, runner)


@dataclass(slots=True)
class Summary:
    """What a sweep needs of a run. equity is written again by the next run of the same
    PreparedSimulation: copy it to keep it.
    """

    final_equity: float
    trades: int
    equity: NDArray[np.float64]


class PreparedSimulation:
    """A request that is run many times with other signals or settings, on the same memory.

    A run costs the simulation and a few microseconds. Not for use by several threads at once.
    """

    def __init__(self, request: SimulationRequest) -> None:
        """Check the request and take the memory; raises InvalidInputError as simulate() does."""
        check_request(request)
        self._request = request
        self._settings = request.settings
        self._shape = request.open.shape
        self._runner = machine()
        self._packed = pack(request)
        self._whole = True
        if self._runner is not None:
            self._runner.prepare(self._packed)

    def run(
        self, *, signals: Bytes | None = None, settings: SimulationSettings | None = None
    ) -> Summary:
        """Return the summary of a run; what is not given stays as in the run before.

        signals: uint8 [N, T], contiguous. Raises InvalidInputError on others.
        """
        self._take(signals, settings)
        if self._runner is None:
            outcome = simulate_reference(self._request)
            equity: Doubles = outcome.curves.equity
            return Summary(float(equity[-1]), len(outcome.trades), equity)
        if self._whole:
            set_curves(self._packed, whole=False)
            self._whole = False
        self._runner.run(self._packed)
        equity = self._packed.equity
        return Summary(float(equity[-1]), self._runner.head.trades_made, equity)

    def run_whole(
        self, *, signals: Bytes | None = None, settings: SimulationSettings | None = None
    ) -> SimulationOutcome:
        """Return the whole outcome of a run, in arrays of its own."""
        self._take(signals, settings)
        return simulate(self._request)

    def _take(self, signals: Bytes | None, settings: SimulationSettings | None) -> None:
        if signals is not None and signals is not self._request.signals:
            check_array("signals", signals, np.uint8, self._shape)
            self._packed.struct.signals = signals.ctypes.data
            self._request = replace(self._request, signals=signals)
        if settings is not None and settings is not self._settings:
            check_settings(settings)
            self._settings = settings
            self._request = replace(self._request, settings=settings)
            set_settings(self._packed, settings)
