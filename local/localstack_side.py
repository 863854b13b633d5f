"""A LocalStack that the user started, or any other cloud that answers plain AWS calls at AWS_ENDPOINT_URL.

It keeps no snapshots that we can name, so there are no barriers, and quiet is asked by plain AWS calls.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.api_client import ApiClient
from local.clients import client
from quantumzero.domain.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from local.deployment import Outputs
    from local.sides import Settled

_ASK_SECONDS = 0.05


class LocalStackSide:
    """The cloud is the user's: it is neither started nor ended here."""

    has_barriers = False

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
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError(
                f"nothing answered as AWS at {self.endpoint} ({type(error).__name__}); "
                "start LocalStack first: docs/localstack.md"
            ) from error

    def end(self, *, at_once: bool) -> None:
        """Leave it running: the user started it."""

    def wait_quiet(self, outputs: Outputs, settled: Settled, timeout: float) -> None:
        """Wait for the decisions on the session's bars and for the end of the executions that follow."""
        api = ApiClient(
            client("lambda", self.endpoint),
            outputs["FunctionServeApiName"],
            outputs["UserPoolClientId"],
        )
        machine = outputs["TradeCycleArn"]
        states = client("stepfunctions", self.endpoint)
        ends = time.monotonic() + timeout
        while time.monotonic() < ends:
            acted = decided(api, settled)
            if acted is not None and all(_ended(states, machine, name) for name in acted):
                return
            time.sleep(_ASK_SECONDS)
        raise UnavailableError(
            f"the cloud was not quiet {timeout:.0f} s after the bars of {settled.closes_at}; "
            "read the logs of evaluate_strategies and of the trade cycle's functions"
        )

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


def decided(api: ApiClient, settled: Settled) -> list[str] | None:
    """Return the ids of the decisions to act on that session's bars, None while a decision is missing."""
    wanted = {
        (strategy["name"], symbol)
        for strategy in api.get("/v1/strategies")["strategies"]
        if strategy["enabled"]
        for symbol in strategy["universe"]
        if symbol in settled.symbols
    }
    if not wanted:
        reached = (api.get("/v1/service-health")["market_time"] or "") >= settled.closes_at
        return [] if reached else None
    made = {}
    for decision in api.every("/v1/decisions", "decisions"):
        if decision["closes_at"] < settled.closes_at:
            break
        made[decision["strategy"], decision["symbol"]] = decision
    if not wanted <= made.keys():
        return None
    return [decision["id"] for decision in made.values() if decision["action"] != "hold"]


def _ended(states: Any, machine: str, name: str) -> bool:
    """Say whether the execution of that name was started and has ended."""
    execution = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    try:
        return bool(states.describe_execution(executionArn=execution)["status"] != "RUNNING")
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
            return False
        raise
