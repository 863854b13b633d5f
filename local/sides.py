"""The AWS side of a local cloud: what every cloud can do, and the emulator that we start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from local.emulator.control import (
    Emulator,
    EmulatorControl,
    EmulatorError,
    EmulatorSettings,
    start_emulator,
)
from local.emulator.state_folder import StateFolder
from local.settings import EMULATOR_PYTHON
from quantumzero.domain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local.deployment import Outputs


@dataclass(frozen=True, slots=True)
class Settled:
    """What must have been decided on: the bars of these symbols that closed at that time (ISO, UTC)."""

    closes_at: str
    symbols: frozenset[str]


class CloudSide(Protocol):
    """The AWS side of a local cloud."""

    endpoint: str
    has_barriers: bool

    def start(self, restore: str | None) -> None:
        """Bring it up, from the named snapshot when one is named."""

    def end(self, *, at_once: bool) -> None:
        """Stop it cleanly, or at once as a power cut would."""

    def wait_quiet(self, outputs: Outputs, settled: Settled, timeout: float) -> None:
        """Return when everything that follows from the bars of that session is done."""

    def snapshot(self, name: str) -> None:
        """Save everything under a name."""

    def snapshots(self) -> set[str]:
        """Return the names of the saved snapshots."""

    def workers(self) -> list[Any]:
        """Return the processes that run functions."""

    def alive(self) -> None:
        """Raise UnavailableError when nothing answers."""


class EmulatedSide:
    """The emulator in its own environment, patched, with barriers."""

    has_barriers = True

    def __init__(
        self, port: int, state: Path, log_file: Path, started: Callable[[int], None]
    ) -> None:
        self._started = started
        self.endpoint = f"http://127.0.0.1:{port}"
        self._state = state
        self._settings = EmulatorSettings(
            python=EMULATOR_PYTHON,
            port=port,
            state_dir=state,
            log_file=log_file,
        )
        self._emulator: Emulator | None = None

    def start(self, restore: str | None) -> None:
        """Start the process; without a name it goes on from its newest saved state."""
        try:
            self._emulator = start_emulator(self._settings, restore, self._started)
        except EmulatorError as error:
            raise UnavailableError(str(error)) from error

    def end(self, *, at_once: bool) -> None:
        """End the process and its workers."""
        emulator, self._emulator = self._emulator, None
        if emulator is None:
            return
        try:
            emulator.kill() if at_once else emulator.stop()
        except EmulatorError as error:
            raise UnavailableError(str(error)) from error

    def wait_quiet(self, outputs: Outputs, settled: Settled, timeout: float) -> None:
        """Ask the emulator itself: it knows every mapping, execution and worker."""
        del outputs, settled
        try:
            EmulatorControl(self.endpoint).wait_quiet(timeout)
        except EmulatorError as error:
            raise UnavailableError(str(error)) from error

    def snapshot(self, name: str) -> None:
        """Save under a name, atomically."""
        try:
            EmulatorControl(self.endpoint).snapshot(name)
        except EmulatorError as error:
            raise UnavailableError(str(error)) from error

    def snapshots(self) -> set[str]:
        """Read the names from the state folder, whether or not the process runs."""
        return {snapshot.name for snapshot in StateFolder(self._state).snapshots()}

    def alive(self) -> None:
        """Ask the emulator's own health."""
        if not EmulatorControl(self.endpoint).healthy():
            raise UnavailableError(f"the emulator at {self.endpoint} does not answer")

    def workers(self) -> list[Any]:
        """Ask the emulator for its worker processes; none when it is down."""
        try:
            return EmulatorControl(self.endpoint).workers()
        except EmulatorError:
            return []
