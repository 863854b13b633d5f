"""The two clouds that can answer on this machine: the emulator that we start, and a LocalStack that the user runs."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, Protocol

from local.api_client import ApiClient
from local.clients import client
from local.emulator.control import (
    Emulator,
    EmulatorControl,
    EmulatorError,
    EmulatorSettings,
    start_emulator,
)
from local.emulator.state_folder import StateFolder
from local.settings import ROOT
from quantumzero.domain.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from local.deployment import Outputs


class CloudSide(Protocol):
    """The AWS side of a local cloud."""

    endpoint: str

    def start(self, restore: str | None) -> None:
        """Bring it up, from the named snapshot when one is named."""

    def end(self, *, at_once: bool) -> None:
        """Stop it cleanly, or at once as a power cut would."""

    def wait_quiet(self, outputs: Outputs, *, until: str, timeout: float) -> None:
        """Return when everything that follows from the bars closed until then is done."""

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

    def __init__(self, port: int, state: Path, log_file: Path) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self._state = state
        self._settings = EmulatorSettings(
            python=ROOT / ".venv-emulator" / "bin" / "python",
            port=port,
            state_dir=state,
            log_file=log_file,
        )
        self._emulator: Emulator | None = None

    def start(self, restore: str | None) -> None:
        """Start the process; without a name it goes on from its newest saved state."""
        try:
            self._emulator = start_emulator(self._settings, restore)
        except EmulatorError as error:
            raise UnavailableError(str(error)) from error

    def end(self, *, at_once: bool) -> None:
        """End the process and its workers."""
        emulator, self._emulator = self._emulator, None
        if emulator is not None:
            emulator.kill() if at_once else emulator.stop()

    def wait_quiet(self, outputs: Outputs, *, until: str, timeout: float) -> None:
        """Ask the emulator itself: it knows every mapping, execution and worker."""
        del outputs, until
        try:
            EmulatorControl(self.endpoint).wait_quiet(timeout)
        except EmulatorError as error:
            raise UnavailableError(str(error)) from error

    def snapshot(self, name: str) -> None:
        """Save under a name, atomically."""
        EmulatorControl(self.endpoint).snapshot(name)

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


class LocalStackSide:
    """A LocalStack that the user started; quiet is asked by plain AWS calls; no barriers."""

    def __init__(self) -> None:
        self.endpoint = os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")

    def start(self, restore: str | None) -> None:
        """Make sure that something answers; going back to a snapshot is refused."""
        if restore:
            self.snapshot(restore)
        self.alive()

    def alive(self) -> None:
        """Ask who we are: the cheapest call there is."""
        try:
            client("sts", self.endpoint, read_timeout=5).get_caller_identity()
        except Exception as error:
            raise UnavailableError(
                f"nothing answered as AWS at {self.endpoint} ({type(error).__name__}); "
                "start LocalStack first: docs/localstack.md"
            ) from error

    def end(self, *, at_once: bool) -> None:
        """Leave it running: the user started it."""

    def wait_quiet(self, outputs: Outputs, *, until: str, timeout: float) -> None:
        """Wait for the decisions on the newest bars and for the end of every execution."""
        api = ApiClient(
            client("lambda", self.endpoint),
            outputs["FunctionServeApiName"],
            outputs["UserPoolClientId"],
        )
        executions = client("stepfunctions", self.endpoint)
        ends = time.monotonic() + timeout
        while time.monotonic() < ends:
            if (
                _decided(api, until)
                and not executions.list_executions(
                    stateMachineArn=outputs["TradeCycleArn"], statusFilter="RUNNING", maxResults=1
                )["executions"]
            ):
                return
            time.sleep(0.05)
        raise UnavailableError(f"the cloud was not quiet {timeout:.0f} s after the bars of {until}")

    def snapshot(self, name: str) -> None:
        """Refuse: LocalStack keeps no snapshots that we can name."""
        raise RefusedError(
            f"LocalStack cannot save or restore {name}; use the built-in emulator for barriers and "
            "`qz chaos` (unset CLOUD)"
        )

    def snapshots(self) -> set[str]:
        """There are none."""
        return set()

    def workers(self) -> list[Any]:
        """There are none that we may see."""
        return []


def _decided(api: ApiClient, until: str) -> bool:
    """Say whether every enabled strategy has decided on every bar that closed at that time."""
    wanted = {
        (strategy["name"], symbol)
        for strategy in api.get("/v1/strategies")["strategies"]
        if strategy["enabled"]
        for symbol in strategy["universe"]
    }
    if not wanted:
        return (api.get("/v1/service-health")["market_time"] or "") >= until
    newest = api.get("/v1/decisions", limit=len(wanted))["decisions"]
    done = {(d["strategy"], d["symbol"]) for d in newest if d["closes_at"] >= until}
    return wanted <= done
